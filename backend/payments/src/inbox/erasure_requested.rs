//! Somebody is to be erased: card numbers go, and nobody is tied to the records of money any more.

use jiff::Timestamp;
use kernel::{
    Core, erasure as shared,
    outbox::{self, About},
};
use shared_types::{
    Zone,
    payments::PaymentsEvent,
    retention,
    users::{Erased, ErasureRequest, Kept},
};
use sqlx::PgConnection;

use crate::store::erasure::{Gone, erase};

/// Erases, and answers.
pub async fn receive(conn: &mut PgConnection, core: &Core, request: &ErasureRequest) -> anyhow::Result<()> {
    let gone = erase(conn, request.account_id, &request.patients()).await?;
    let erased = vec![
        Erased::new("coverage", gone.coverages),
        Erased::new("booking_owner (the tie to the account)", gone.ties),
        shared::forget_replies(conn, request.account_id).await?,
    ];
    let answer = shared::answer(conn, core, "payments", request, erased, kept(&gone)).await?;
    let about = About { aggregate: "erasure", id: request.erasure_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &PaymentsEvent::ErasureAnswered(answer)).await?;
    Ok(())
}

fn kept(gone: &Gone) -> Vec<Kept> {
    let until = |last: Timestamp| Some(retention::seven_years_after(Zone::SYDNEY.date(last)));
    let money = gone.last_payment.map(|last| {
        let why = "Records of money are kept for seven years. They name a booking, and nobody.";
        Kept::new("What your appointments cost, and what was collected", why, until(last))
    });
    let receipts = gone.last_receipt.map(|last| {
        let why = "It proves that the card numbers were kept with consent. It names nobody.";
        Kept::new("Which notice about card numbers was agreed to, and when", why, until(last))
    });
    money.into_iter().chain(receipts).collect()
}
