//! `POST /api/v1/payments/practices/{organization_id}/payments/{payment_id}/ask-again`: what no card was charged for is asked for once
//! more, of the card that is kept or of whoever has to give another one.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Accepted, Disclosed, Reject, SignedIn,
    audit::{Actor, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    OrganizationId, PaymentId, Problem,
    payments::unpaid::{AskedAgain, AskedBy},
};
use sqlx::PgConnection;

use super::money::{note_payment, payment_of_practice, unsettled, wrong_state};
use crate::{
    charging::{can_try_again, is_under_way},
    domain::payment::{Change, Payment, TakenBy},
    paying,
    settle::settle,
    state::State,
    store::bulk_bill,
};

/// Has the kept card charged by the job that charges it anyway, or opens the time for another card and tells its patient.
pub async fn ask_again_for_payment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, payment_id)): Path<(OrganizationId, PaymentId)>,
    key: IdempotencyKey,
) -> Result<Accepted<Disclosed<AskedAgain>>, Reject> {
    let (core, action) = (&state.core, "ask_again_for_payment");
    let mut tx = core.begin().await?;
    let payment = payment_of_practice(&mut tx, organization_id, payment_id).await?;
    let holder = format!("{organization_id} {}", caller.account_id);
    let reply: AskedAgain = match idempotency::begin(&mut tx, core, action, &holder, key, &payment_id).await?
    {
        Begun::Replay(reply) => reply,
        Begun::New(ticket) => {
            can_be_asked(&mut tx, &payment, core.now()).await?;
            let by_card = can_try_again(&mut tx, &payment, core.now()).await?;
            let (asked, change) = (payment.clone(), Change::AskedAgain { by_card });
            let after = settle(&mut tx, core, asked, change, TakenBy::Practice).await.map_err(unsettled)?;
            let by = if by_card { AskedBy::Card } else { AskedBy::Letter };
            let reply = AskedAgain { by, repair_until: after.repair_until };
            ticket.finish(&mut tx, 202, &reply).await?;
            reply
        }
    };
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded = note_payment(&mut tx, core, actor, action, &payment, Purpose::Practice).await?;
    Ok(Accepted(Disclosed::commit(core, tx, recorded, reply).await?))
}

/// Insists that nothing can come any more of what was asked before, and that it may be asked for.
async fn can_be_asked(conn: &mut PgConnection, payment: &Payment, now: Timestamp) -> Result<(), Reject> {
    if payment.is_bulk_billed() {
        return Err(paying::bulk_billed().into());
    }
    if bulk_bill::asked_at(conn, payment.payment_id).await?.is_some() {
        return Err(not_now("The visit is being bulk billed, so nothing is charged for it.").into());
    }
    if is_under_way(conn, payment).await? {
        return Err(Problem::new("already-paid", 409, "This is being paid already")
            .detail("Nothing was asked for again. A card is being asked, or the patient has the page open: look again in an hour.")
            .into());
    }
    if let Some(until) = payment.repair_until.filter(|until| payment.unpaid().is_some() && now < *until) {
        return Err(asked_already(until, now).into());
    }
    if !payment.may_ask_again(now) {
        return Err(
            not_now("Nothing is left that a card could be charged, or it is about to be charged.").into()
        );
    }
    Ok(())
}

fn not_now(why: &str) -> Problem {
    wrong_state().detail(format!("Nothing was asked for again. {why}"))
}

/// Nobody is asked twice in a day.
fn asked_already(until: Timestamp, now: Timestamp) -> Problem {
    // Whole hours, so that it is never said too early.
    let hours = (until.duration_since(now).as_secs() + 3_599) / 3_600;
    let hours = if hours == 1 { "an hour".to_owned() } else { format!("{hours} hours") };
    Problem::new("asked-already", 409, "The patient was asked already").detail(format!(
        "Nothing was asked for again. They can still give another card. You can ask again in {hours}."
    ))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::asked_already;

    #[test]
    fn when_it_can_be_asked_for_again_is_said_in_hours_and_never_too_early() {
        let now = Timestamp::UNIX_EPOCH;
        for (minutes, words) in
            [(24 * 60, "24 hours."), (23 * 60 + 1, "24 hours."), (61, "2 hours."), (1, "an hour.")]
        {
            let problem = asked_already(now + SignedDuration::from_mins(minutes), now);
            let detail = problem.detail.unwrap();
            assert!(detail.ends_with(words), "{minutes}: {detail}");
        }
    }
}
