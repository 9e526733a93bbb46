//! `/api/v1/payments/platform/payout-holds` and `…/balances`: practices that are not paid out for a time, and practices that owe. The
//! processor is told by a call that is written down in the same transaction.

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use kernel::{
    Created, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    OrganizationId, PayoutHoldId, Problem,
    page::Page,
    payments::platform::{HoldPayouts, NegativeBalance, PayoutHold, ReleasePayouts},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::money::wrong_state;
use crate::{
    state::State,
    store::{
        payout_hold::{self, After},
        practice_account,
        processor_call::{NewCall, Operation, enqueue},
        transactions,
    },
};

/// The most characters of a reason.
const REASON: usize = 500;
/// How many holds one page has.
const PAGE: i64 = 50;
/// How many practices that owe are shown.
const SHOWN: i64 = 100;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<String>,
}

impl Wanted {
    fn after(&self) -> Result<Option<After>, Problem> {
        let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
        self.cursor.as_deref().map(|text| After::decode(text).ok_or_else(wrong)).transpose()
    }
}

/// The open ones first, then the latest.
pub async fn list_payout_holds(
    Extract(state): Extract<State>,
    Query(wanted): Query<Wanted>,
) -> Result<Plain<Page<PayoutHold>>, Reject> {
    let after = wanted.after()?;
    let mut conn = state.core.pool.acquire().await?;
    let mut items = payout_hold::list(&mut conn, after, PAGE + 1).await?;
    let more = items.len() > PAGE as usize;
    items.truncate(PAGE as usize);
    let next = items.last().filter(|_| more).map(|last| After::of(last).encode());
    Ok(Plain(Page { items, next }))
}

/// Holds a practice's payouts. The practice reads why.
pub async fn hold_payouts(
    Extract(state): Extract<State>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<HoldPayouts>,
) -> Result<Created<Plain<PayoutHold>>, Reject> {
    let (core, action) = (&state.core, "hold_payouts");
    let reason = checked(&body.reason)?;
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    let hold = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(hold) => hold,
        Begun::New(ticket) => {
            let known = practice_account::find(&mut tx, body.organization_id).await?;
            let Some(account) = known.filter(|account| account.processor_account.is_some()) else {
                return Err(Problem::new("practice-not-ready", 409, "This practice is not paid out")
                    .detail("Nothing was changed. It has no account with the card processor.")
                    .into());
            };
            let hold = PayoutHold {
                payout_hold_id: core.id(),
                organization_id: body.organization_id,
                legal_name: account.legal_name,
                reason,
                held_by: caller.account_id,
                held_at: core.now(),
                released: None,
            };
            if !payout_hold::insert(&mut tx, &hold).await? {
                return Err(wrong_state().into());
            }
            let cause = hold.payout_hold_id.0;
            let call = NewCall::of_practice(Operation::HoldPayouts, hold.organization_id, cause);
            enqueue(&mut tx, core, call).await?;
            note(&mut tx, &state, &caller, hold.organization_id, action).await?;
            ticket.finish(&mut tx, 201, &hold).await?;
            hold
        }
    };
    core.commit(tx).await?;
    Ok(Created(Plain(hold)))
}

/// Lets payouts go on.
pub async fn release_payouts(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(payout_hold_id): Path<PayoutHoldId>,
    key: IdempotencyKey,
    Json(body): Json<ReleasePayouts>,
) -> Result<Plain<PayoutHold>, Reject> {
    let (core, action, now) = (&state.core, "release_payouts", state.core.now());
    let reason = checked(&body.reason)?;
    let mut tx = core.begin().await?;
    let (holder, asked) = (caller.account_id.to_string(), (payout_hold_id, &body));
    let hold = match idempotency::begin(&mut tx, core, action, &holder, key, &asked).await? {
        Begun::Replay(hold) => hold,
        Begun::New(ticket) => {
            let found = payout_hold::lock(&mut tx, payout_hold_id).await?;
            let hold = found.ok_or_else(|| Problem::not_found("This hold"))?;
            if hold.released.is_some() {
                return Err(wrong_state().into());
            }
            payout_hold::release(&mut tx, payout_hold_id, caller.account_id, &reason, now).await?;
            let whose = hold.organization_id;
            let call = NewCall::of_practice(Operation::ReleasePayouts, whose, payout_hold_id.0);
            enqueue(&mut tx, core, call).await?;
            note(&mut tx, &state, &caller, whose, action).await?;
            let hold = PayoutHold { released: Some((now, reason)), ..hold };
            ticket.finish(&mut tx, 200, &hold).await?;
            hold
        }
    };
    core.commit(tx).await?;
    Ok(Plain(hold))
}

/// Those that owe most first.
pub async fn list_negative_balances(
    Extract(state): Extract<State>,
) -> Result<Plain<Page<NegativeBalance>>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let items = transactions::negative_balances(&mut conn, SHOWN).await?;
    Ok(Plain(Page { items, next: None }))
}

fn checked(reason: &str) -> Result<String, Problem> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Problem::invalid(vec![FieldError::new("/reason", "say why: 1 to 500 characters")]));
    }
    Ok(reason.to_owned())
}

async fn note(
    conn: &mut PgConnection,
    state: &State,
    caller: &SignedIn,
    organization_id: OrganizationId,
    action: &'static str,
) -> sqlx::Result<()> {
    let entry = audit::Entry {
        actor: Actor::of(caller),
        action,
        resource: organization_id.into(),
        whose: None,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, &state.core, entry).await?;
    Ok(())
}
