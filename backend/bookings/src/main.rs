//! The bookings service, alone.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    kernel::run::alone("bookings", &bookings::MIGRATOR, |core, settings| async move {
        let signer =
            kernel::keys::Signer::in_file(&settings.home.join("keys/bookings-quote-key"), &core.chance)?;
        bookings::service(core, signer, settings.holds_burst).await
    })
    .await
}
