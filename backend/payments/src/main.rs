//! The payments service alone.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    kernel::run::alone("payments", &payments::MIGRATOR, |core, _| payments::service(core)).await
}
