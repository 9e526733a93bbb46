//! The providers service, alone.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    kernel::run::alone("providers", &providers::MIGRATOR, |core, _| providers::service(core)).await
}
