//! The users service alone.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    kernel::run::alone("users", &users::MIGRATOR, |core, settings| async move {
        users::service(core, &settings).await
    })
    .await
}
