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

use crate::{
    claiming::CLAIM_ZONE,
    store::{
        assignment_rights, claim_rights,
        erasure::{Gone, erase},
        invoice::forget_person,
        processor_call::{NewCall, Operation, enqueue},
        saved_card,
    },
};

/// Erases, and answers.
pub async fn receive(conn: &mut PgConnection, core: &Core, request: &ErasureRequest) -> anyhow::Result<()> {
    // First: what ties bookings to the person says which assignments are theirs.
    let today = CLAIM_ZONE.date(core.now());
    let agreements = assignment_rights::erase(conn, request.account_id, &request.patients(), today).await?;
    let last_claim = claim_rights::erase(conn, &request.patients()).await?;
    let documents = forget_person(conn, request.account_id, &request.patients()).await?;
    let cards = forget_cards(conn, core, request).await?;
    let gone = erase(conn, request.account_id, &request.patients()).await?;
    let erased = vec![
        Erased::new("coverage", gone.coverages),
        Erased::new("booking_owner (the tie to the account)", gone.ties),
        Erased::new("billed_visit (the name on invoices)", documents),
        Erased::new("assignment (not agreed to)", agreements.assignments),
        Erased::new("claimant", agreements.claimants),
        Erased::new("saved_card", cards),
        shared::forget_replies(conn, request.account_id).await?,
    ];
    let mut kept = kept(&gone);
    kept.extend(agreements.kept_until.map(|until| {
        let why = "The law has bulk-bill agreements kept for two years. They name you, and no account of yours any more.";
        Kept::new("Your bulk-bill agreements", why, Some(until))
    }));
    kept.extend(agreements.last_claimant.map(|last| {
        let why = "They belong to what Medicare pays for visits that were given, and records of money are kept for seven years. \
                   They are encrypted, and name no account of yours any more.";
        let until = retention::seven_years_after(Zone::SYDNEY.date(last));
        Kept::new("Your details for Medicare claims", why, Some(until))
    }));
    kept.extend(last_claim.map(|last| {
        let why = "Records of money are kept for seven years. They name a booking, and nobody.";
        let until = retention::seven_years_after(Zone::SYDNEY.date(last));
        Kept::new("What was claimed from Medicare for your visits", why, Some(until))
    }));
    let answer = shared::answer(conn, core, "payments", request, erased, kept).await?;
    let about = About { aggregate: "erasure", id: request.erasure_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &PaymentsEvent::ErasureAnswered(answer)).await?;
    Ok(())
}

/// The processor forgets their cards, but for those by which a visit is still to be paid, or a fee for it may be.
async fn forget_cards(conn: &mut PgConnection, core: &Core, request: &ErasureRequest) -> anyhow::Result<u64> {
    let mut forgotten = 0;
    for card in saved_card::of_account(conn, request.account_id).await? {
        let (id, now) = (card.saved_card_id, core.now());
        // Looked at before as well: whoever charges one that is needed does not wait for the whole erasure.
        if saved_card::needed_for(conn, id, now).await?.is_some()
            || !saved_card::lock(conn, id).await?
            || saved_card::needed_for(conn, id, now).await?.is_some()
        {
            continue;
        }
        saved_card::remove(conn, card.saved_card_id, core.now()).await?;
        enqueue(conn, core, NewCall::about(Operation::DetachCard, card.saved_card_id.0)).await?;
        forgotten += 1;
    }
    Ok(forgotten)
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
