//! `/api/v1/users/me/erasure`: closing one's account with everything that no law keeps; and how it went.

use axum::extract::State as Extract;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Accepted, Disclosed, Json, Reject, SignedIn,
    access::Refusal,
    audit::{Actor, Purpose},
    erasure::OPERATION,
    idempotency::{self, Begun, IdempotencyKey},
    ticket,
};
use serde::{Deserialize, Serialize};
use shared_types::{
    ErasureId, Problem,
    problem::FieldError,
    users::{
        AccountMail, AskErasure, Claims, ERASING_SERVICES, Erasure, ErasureAsked, ErasurePlan, ErasureReceipt,
    },
};
use sqlx::PgConnection;

use crate::{
    caution,
    domain::email::Email,
    erasure::{Ask, erase, kept_by_law, require_no_mailbox_read, require_no_practice_left_alone},
    mail::{self, Letter},
    people::note,
    sessions::{self, Cookies},
    state::State,
    store::{
        account::{self, AccountRow},
        erasure,
    },
};

/// The kind of ticket that shows how an erasure went.
const RECEIPT: &str = "erasure";
/// How long it does.
const RECEIPT_LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is kept for a repeat of the request: no secret.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Done {
    erasure_id: ErasureId,
    asked_at: Timestamp,
}

/// What erasing would mean, and what stands in the way.
pub async fn plan_erasure(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<ErasurePlan>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let mut tx = core.begin().await?;
    let plan = ErasurePlan {
        owned_alone: erasure::owned_alone(&mut tx, account_id).await?,
        mailboxes: erasure::mailboxes(&mut tx, account_id).await?,
        dependants: erasure::dependants(&mut tx, account_id, core.now()).await?,
        kept: kept_by_law(),
    };
    let (actor, whose) = (Actor::of(&caller), caller.patient_id);
    let recorded = note(&mut tx, core, actor, "plan_erasure", account_id, whose, Purpose::OwnRecord).await?;
    Ok(Disclosed::commit(core, tx, recorded, plan).await?)
}

/// Closes the account and asks every service to erase. The receipt is all that shows how it went.
pub async fn ask_erasure(
    Extract(state): Extract<State>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<AskErasure>,
) -> Result<(Cookies, Accepted<Json<ErasureAsked>>), Reject> {
    let core = &state.core;
    let who = caller.account_id.to_string();
    let mut tx = core.begin().await?;
    let begun = idempotency::begin(&mut tx, core, OPERATION, &who, key, &body).await?;
    let done = match begun {
        Begun::New(once) => {
            caution::just_signed_in(&mut tx, core, &caller).await?;
            let account = named(&mut tx, &caller, &body).await?;
            require_no_practice_left_alone(&erasure::owned_alone(&mut tx, caller.account_id).await?)?;
            require_no_mailbox_read(&erasure::mailboxes(&mut tx, caller.account_id).await?)?;
            require_no_platform_role(&caller)?;
            let dependants = erasure::dependants(&mut tx, caller.account_id, core.now()).await?;
            caution::note(&mut tx, core, &caller, OPERATION, caller.account_id).await?;
            let closed = Letter::notice(AccountMail::AccountClosed);
            mail::ask(&mut tx, core, caller.account_id, &account.email, closed).await?;
            let done = Done { erasure_id: core.id(), asked_at: core.now() };
            let others = dependants.iter().filter(|one| one.erased_too).map(|one| one.patient_id).collect();
            let ask = Ask { erasure_id: done.erasure_id, asked_at: done.asked_at, others };
            erase(&mut tx, core, &state.secrets, &account, ask).await?;
            once.finish(&mut tx, 202, &done).await?;
            core.commit(tx).await?;
            done
        }
        Begun::Replay(done) => done,
    };
    let asked = ErasureAsked {
        erasure_id: done.erasure_id,
        asked_at: done.asked_at,
        receipt: receipt(&state, done)?.into(),
    };
    let cookies = sessions::set_cookies(sessions::forgotten());
    Ok((cookies, Accepted(Json(asked))))
}

/// The caller's account, locked, if it is the one that they name.
async fn named(conn: &mut PgConnection, caller: &Claims, body: &AskErasure) -> Result<AccountRow, Reject> {
    account::lock_account(conn, caller.account_id).await?;
    let account = account::find_account(conn, caller.account_id).await?.ok_or(Refusal::SignedOut)?;
    let typed = Email::parse(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    if typed.lower() != account.email.expose().to_lowercase() {
        let detail = "Enter the address of this account";
        return Err(Problem::invalid(vec![FieldError::new("/email", detail)]).into());
    }
    Ok(account)
}

/// One's own platform roles are another administrator's to take away, so there is always one left.
fn require_no_platform_role(caller: &Claims) -> Result<(), Problem> {
    if caller.platform.is_empty() {
        return Ok(());
    }
    Err(Problem::new("platform-role", 409, "You still serve on the platform")
        .detail("Nothing was erased. Have another administrator take your roles away, then ask again."))
}

fn receipt(state: &State, done: Done) -> Result<String, Reject> {
    let ends = done.asked_at.saturating_add(RECEIPT_LIFETIME).unwrap_or(done.asked_at);
    ticket::sign(&state.signer, RECEIPT, ends, &done.erasure_id).map_err(|error| Reject::internal(&error))
}

/// How an erasure went so far, for who has its receipt.
pub async fn find_erasure(
    Extract(state): Extract<State>,
    Json(body): Json<ErasureReceipt>,
) -> Result<Disclosed<Erasure>, Reject> {
    let core = &state.core;
    let not_found = || Reject::from(Problem::not_found("This receipt"));
    let mut tx = core.begin().await?;
    let erasure_id: ErasureId = ticket::open(&mut tx, "users", RECEIPT, body.receipt.expose(), core.now())
        .await?
        .ok_or_else(not_found)?;
    let (asked_at, whose) = erasure::find(&mut tx, erasure_id).await?.ok_or_else(not_found)?;
    let answers = erasure::answers(&mut tx, erasure_id).await?;
    let answered = |service: &&str| answers.iter().any(|answer| answer.service == **service);
    let waiting =
        ERASING_SERVICES.iter().filter(|service| !answered(service)).map(|service| (*service).to_owned());
    let waiting = waiting.collect();
    let actor = Actor::Anonymous;
    let recorded = note(&mut tx, core, actor, "find_erasure", erasure_id, whose, Purpose::OwnRecord).await?;
    Ok(Disclosed::commit(core, tx, recorded, Erasure { erasure_id, asked_at, answers, waiting }).await?)
}
