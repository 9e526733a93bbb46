//! The bookings service, alone.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    kernel::run::alone("bookings", &bookings::MIGRATOR, |core, settings| async move {
        let signer = bookings::quote_signer(&settings, &core.chance)?;
        let cipher = bookings::cipher(&settings, &core.chance)?;
        bookings::service(core, signer, cipher, &bookings::config::Settings::from_env(&settings)?).await
    })
    .await
}
