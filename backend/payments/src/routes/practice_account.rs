//! `/api/v1/payments/practices/{organization_id}/account`: what stands on a practice's invoices, and its account with the card processor.

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
};
use jiff::Timestamp;
use kernel::{
    Created, Json, Reject, SignedIn,
    audit::Actor,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AudCents, OrganizationId, Problem, Zone,
    identifiers::Abn,
    payments::practice::{Fees, Onboarding, OnboardingStatus, PracticeAccount, PutPracticeAccount},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::money::{note_practice, stale, unavailable};
use crate::{
    applying::account::tell,
    domain::ledger::Account,
    gateways::card_processor::ProcessorError,
    state::State,
    store::{
        ledger, payout_hold, platform_fee,
        practice_account::{self, AccountRow},
    },
};

/// The most characters of a name.
const NAME: usize = 200;

/// How far the practice is.
pub async fn find_practice_account(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<PracticeAccount>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let row = practice_account::find(&mut conn, organization_id).await?;
    let row = row.unwrap_or_else(|| AccountRow::unknown(organization_id));
    Ok(Plain(view(&mut conn, row, state.core.now()).await?))
}

/// Writes what stands on its invoices from now on. Those that were issued stay as they are.
pub async fn put_practice_account(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<PutPracticeAccount>,
) -> Result<Plain<PracticeAccount>, Reject> {
    let core = &state.core;
    let wanted = checked(body).map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    if !practice_account::put(&mut tx, organization_id, &wanted, core.now()).await? {
        return Err(stale().into());
    }
    let actor = Actor::for_practice(&caller, organization_id);
    note_practice(&mut tx, core, actor, "put_practice_account", organization_id).await?;
    let row = practice_account::find(&mut tx, organization_id).await?;
    let row = row.unwrap_or_else(|| AccountRow::unknown(organization_id));
    let view = view(&mut tx, row, core.now()).await?;
    core.commit(tx).await?;
    Ok(Plain(view))
}

/// Opens the processor's page on which the practice says who it is. Its account there is made with the first. The processor is asked
/// between transactions: an account under a key that is the same every time, and a page that costs nothing when nobody goes there.
pub async fn start_onboarding(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    key: IdempotencyKey,
) -> Result<Created<Plain<Onboarding>>, Reject> {
    let (core, action) = (&state.core, "start_onboarding");
    let account = account_at_processor(&state, organization_id).await?;
    let back = format!("{}/practice/{organization_id}/money/account", state.public_url);
    let opened = state.processor.open_onboarding(&account, &back, &back).await;
    let (address, expires_at) = opened.map_err(|error| answered(&error))?;
    let mut tx = core.begin().await?;
    let holder = format!("{organization_id} {}", caller.account_id);
    let reply = match idempotency::begin(&mut tx, core, action, &holder, key, &()).await? {
        Begun::Replay(reply) => reply,
        Begun::New(ticket) => {
            let reply = Onboarding { address, expires_at };
            let actor = Actor::for_practice(&caller, organization_id);
            note_practice(&mut tx, core, actor, action, organization_id).await?;
            ticket.finish(&mut tx, 201, &reply).await?;
            reply
        }
    };
    core.commit(tx).await?;
    Ok(Created(Plain(reply)))
}

/// What the platform takes, today and next.
pub async fn find_fees(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<Fees>, Reject> {
    let today = Zone::SYDNEY.date(state.core.now());
    let mut conn = state.core.pool.acquire().await?;
    let dated = platform_fee::dated_on(&mut conn, organization_id, today).await?;
    let next = platform_fee::next_after(&mut conn, organization_id, today).await?;
    let fee = dated.map(|dated| dated.fee).unwrap_or_default();
    Ok(Plain(Fees {
        fee_cents: fee.whole_cents,
        gst_cents: fee.gst_cents,
        effective_from: dated.map_or(today, |dated| dated.effective_from),
        next: next.map(|next| (next.fee.whole_cents, next.effective_from)),
    }))
}

/// The processor's name for the practice, asked for where there is none yet.
async fn account_at_processor(state: &State, organization_id: OrganizationId) -> Result<String, Reject> {
    let core = &state.core;
    let mut conn = core.pool.acquire().await?;
    let found = practice_account::find(&mut conn, organization_id).await?;
    drop(conn);
    let Some(row) = found.filter(|row| row.legal_name.is_some() && row.abn.is_some()) else {
        return Err(Problem::new("practice-not-ready", 409, "The practice’s name and ABN come first")
            .detail("Nothing was changed. Say what stands on your invoices, then go on.")
            .into());
    };
    if row.status == OnboardingStatus::Closed {
        return Err(Problem::new("wrong-state", 409, "This account is closed")
            .detail("Nothing was changed. The card processor has closed it; ask us how to go on.")
            .into());
    }
    if let Some(account) = row.processor_account {
        return Ok(account);
    }
    let key = format!("{organization_id}:create_account");
    let made = state.processor.create_account(&key, &organization_id.to_string()).await;
    let made = made.map_err(|error| answered(&error))?;
    let mut tx = core.begin().await?;
    practice_account::name(&mut tx, organization_id, &made.id, core.now()).await?;
    let row = practice_account::find(&mut tx, organization_id).await?;
    if let Some(row) = &row {
        tell(&mut tx, core, row).await?;
    }
    core.commit(tx).await?;
    // Somebody else may have been first.
    Ok(row.and_then(|row| row.processor_account).unwrap_or(made.id))
}

/// The reason is ours to know.
fn answered(error: &ProcessorError) -> Reject {
    tracing::warn!(%error, "the processor did not open a practice's page");
    unavailable().into()
}

fn checked(body: PutPracticeAccount) -> Result<PutPracticeAccount, Vec<FieldError>> {
    let legal_name = body.legal_name.trim().to_owned();
    let mut errors = Vec::new();
    if legal_name.is_empty() || legal_name.chars().count() > NAME {
        errors.push(FieldError::new("/legal_name", "give the name of the business: 1 to 200 characters"));
    }
    let abn = body.abn.parse::<Abn>();
    if let Err(error) = &abn {
        errors.push(FieldError::new("/abn", error.to_string()));
    }
    match abn {
        Ok(abn) if errors.is_empty() => {
            Ok(PutPracticeAccount { legal_name, abn: abn.as_str().to_owned(), ..body })
        }
        Ok(_) | Err(_) => Err(errors),
    }
}

async fn view(conn: &mut PgConnection, row: AccountRow, now: Timestamp) -> Result<PracticeAccount, Reject> {
    let organization_id = row.organization_id;
    let owed = ledger::balance(conn, Account::practice_balance(organization_id)).await?;
    let hold = payout_hold::open_of(conn, organization_id).await?;
    let waiting_payments = practice_account::waiting_payments(conn, organization_id, now).await?;
    Ok(PracticeAccount {
        organization_id,
        status: row.status,
        legal_name: row.legal_name,
        abn: row.abn,
        gst_registered: row.gst_registered,
        asked: row.asked,
        asked_until: row.asked_until,
        // The ledger has what is owed as a credit, below zero.
        balance_cents: AudCents(-owed.0),
        payout_hold: hold.map(|hold| hold.reason),
        waiting_payments,
        version: row.version,
    })
}

#[cfg(test)]
mod tests {
    use shared_types::payments::practice::PutPracticeAccount;

    use super::checked;

    fn check(name: &str, abn: &str, wrong: &[&str]) {
        let body = PutPracticeAccount {
            legal_name: name.to_owned(),
            abn: abn.to_owned(),
            gst_registered: true,
            version: 0,
        };
        let errors = checked(body).err().unwrap_or_default();
        assert_eq!(errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), wrong);
    }

    #[test]
    fn a_practice_has_a_name_and_a_number_that_is_one() {
        check("Example Physio Pty Ltd", "51 824 753 556", &[]);
        check(" ", "51 824 753 556", &["/legal_name"]);
        check(&"n".repeat(201), "51 824 753 557", &["/legal_name", "/abn"]);
    }
}
