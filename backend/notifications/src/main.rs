//! The notifications service alone.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    kernel::run::alone("notifications", &notifications::MIGRATOR, |core, settings| async move {
        notifications::service(core, &settings).await
    })
    .await
}
