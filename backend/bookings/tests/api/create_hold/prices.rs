//! What a hold says that it costs: signed, and kept as it was said.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{BookingsEvent, Hold},
    payments::quote::quote_message,
};

use crate::app::{App, KEY, PUBLIC_URL, ROLE, SHORT, monday};

#[tokio::test]
async fn the_quote_is_signed_with_the_published_key() {
    let app = App::new().await;
    let hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    let quote = hold.quote;
    assert_eq!(
        (quote.fee_cents, quote.gap_cents, quote.rebate_cents),
        (AudCents(8500), AudCents(8500), AudCents(0))
    );
    assert_eq!((quote.booking_id, quote.expires_at), (hold.booking_id, hold.expires_at));
    let key: Vec<u8> = sqlx::query_scalar(
        "select public_key from bookings.signing_key where kid = $1 and issuer = 'bookings'",
    )
    .bind(&quote.kid)
    .fetch_one(&app.core.pool)
    .await
    .unwrap();
    let key: [u8; 32] = key.try_into().unwrap();
    let message = quote_message(&quote);
    assert!(kernel::keys::verify(&key, message.as_bytes(), &quote.signature));
    let mut cheaper = quote.clone();
    cheaper.fee_cents = AudCents(1);
    assert!(!kernel::keys::verify(&key, quote_message(&cheaper).as_bytes(), &quote.signature));
}

#[tokio::test]
async fn a_start_publishes_the_quote_key_once() {
    let app = App::new().await;
    let signer = kernel::keys::Signer::generate(&app.core.chance);
    for _ in 0..2 {
        let settings = bookings::config::Settings::plain(PUBLIC_URL, 300);
        let cipher = kernel::column_cipher::ColumnCipher::of(&[KEY; 32], &[]);
        bookings::service(app.core.clone(), signer.clone(), cipher, &settings).await.unwrap();
    }
    let told = app.told("signing_key_published").await;
    let [BookingsEvent::SigningKeyPublished(key)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((key.kid.as_str(), key.issuer.as_str()), (signer.kid(), "bookings"));
    assert_eq!(URL_SAFE_NO_PAD.decode(&key.public_key).unwrap().len(), 32);
}

#[tokio::test]
async fn nothing_is_charged_for_a_bulk_billed_appointment() {
    let app = App::new().await;
    let reply = app.browser().hold(app.key(), ROLE, SHORT, monday(10, 0)).await;
    let hold: Hold = reply.read();
    assert!(hold.appointment_type.bulk_billed);
    let quote = &hold.quote;
    for amount in [quote.fee_cents, quote.gap_cents, hold.policy.late_fee_cents] {
        assert_eq!(amount, AudCents::ZERO);
    }
}

#[tokio::test]
async fn later_changes_of_price_and_policy_do_not_touch_a_booking() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    app.change("update bookings.schedule set late_fee_cents = 9900, free_until_hours = 72").await;
    app.change(
        "update bookings.appointment_type set price_cents = 20000, name = 'Dearer' where not bulk_billed",
    )
    .await;
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().quote, hold.quote);
    let confirmation = app.confirm(&mut browser, &hold).await;
    let appointment = browser.appointment(confirmation.appointment_id).await;
    assert_eq!(appointment.policy, hold.policy);
    assert_eq!(appointment.appointment_type, hold.appointment_type);
    let row: (i64, Value) = sqlx::query_as("select price_cents, policy from bookings.appointment")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    assert_eq!(row, (8500, json!({"free_until_hours": 24, "late_fee_cents": 5000})));
}
