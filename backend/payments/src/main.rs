//! The payments service alone.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    kernel::run::alone("payments", &payments::MIGRATOR, |core, settings| async move {
        payments::service(core, &settings).await
    })
    .await
}
