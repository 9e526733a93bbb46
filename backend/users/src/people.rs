//! What several routes about people share: ending tokens, writing the log, and letters that ask.

use anyhow::Context as _;
use jiff::SignedDuration;
use kernel::{
    Core, Reject,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
    outbox::{self, About},
    session,
};
use shared_types::{
    AccountId, OrganizationId, PatientId, Problem,
    personal::Personal,
    users::{
        InvitationFact, InvitationSent, LeaveEnded, OwnAccount, OwnDetails, OwnDetailsChanged, Patient,
        PatientContact, PatientDetails, PlatformRole, Revocation, Revoked, StaffLeft, UsersEvent,
    },
};
use sqlx::PgConnection;

use crate::store::{
    account,
    delegation::Ended,
    holder,
    invitation::{self, Asked},
    organization, patient, platform_staff,
};

/// How long an invitation can be accepted.
const INVITATION_LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many letters of one person may wait to be answered.
const WAITING_MAX: i64 = 20;

/// What an account may do has changed: tokens made until now are dead here, and everywhere within seconds.
pub async fn end_tokens(conn: &mut PgConnection, core: &Core, account_id: AccountId) -> sqlx::Result<()> {
    let now = core.now();
    let forget_at = now.saturating_add(session::TOKEN_LIFETIME).unwrap_or(now);
    let revocation = Revocation { of: Revoked::Account(account_id), issued_until: now, forget_at };
    session::revoke(conn, &revocation).await?;
    let about = About { aggregate: "revocation", id: account_id.to_string(), version: now.as_millisecond() };
    outbox::tell(conn, core, about, &UsersEvent::TokensRevoked(revocation)).await?;
    Ok(())
}

/// Ends the tokens that leave is in, and tells those who would go on telling its owner about the patient; whom they tell instead,
/// where the patient has an account of their own.
pub async fn leave_ended(conn: &mut PgConnection, core: &Core, ended: &Ended) -> sqlx::Result<()> {
    end_tokens(conn, core, ended.account_id).await?;
    let about = About { aggregate: "delegation", id: ended.delegation_id.to_string(), version: 2 };
    let patient = patient::find(conn, Some(ended.patient_id), None).await?;
    let own = match patient.and_then(|found| found.account_id) {
        Some(account_id) => account::find_account(conn, account_id).await?,
        None => None,
    };
    let own = own.map(|own| OwnAccount { account_id: own.account_id, email: own.email });
    let fact = LeaveEnded { account_id: ended.account_id, patient_id: ended.patient_id, own };
    outbox::tell(conn, core, about, &UsersEvent::LeaveEnded(fact)).await?;
    Ok(())
}

/// Ends the tokens of somebody who works at a practice no longer, and tells those who gave them something for it that opens without
/// one.
pub async fn staff_left(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
    account_id: AccountId,
) -> sqlx::Result<()> {
    end_tokens(conn, core, account_id).await?;
    let (id, version) = (format!("{organization_id} {account_id}"), core.now().as_millisecond());
    let about = About { aggregate: "membership", id, version };
    let fact = StaffLeft { account_id, organization_id };
    outbox::tell(conn, core, about, &UsersEvent::StaffLeft(fact)).await?;
    Ok(())
}

/// Tells how somebody wants to be reminded, in the transaction that writes their details.
pub async fn tell_contact(conn: &mut PgConnection, core: &Core, patient: &Patient) -> sqlx::Result<()> {
    let (id, version) = (patient.patient_id.to_string(), i64::from(patient.version));
    let about = About { aggregate: "patient", id, version };
    outbox::tell(conn, core, about, &UsersEvent::PatientContactChanged(PatientContact::of(patient))).await?;
    Ok(())
}

/// Tells what a patient's details were and are, whoever changed them, where they have an account that books by them.
pub async fn tell_details(
    conn: &mut PgConnection,
    core: &Core,
    old: &patient::Found,
    details: &PatientDetails,
) -> sqlx::Result<()> {
    let Some(account_id) = old.account_id else { return Ok(()) };
    let Some(account) = account::find_account(conn, account_id).await? else { return Ok(()) };
    let patient_id = Some(old.patient.patient_id);
    let was = OwnDetails::of(account.email.clone(), Some(&old.patient.details));
    let is = OwnDetails::of(account.email, Some(details));
    tell_own_details(conn, core, OwnDetailsChanged { account_id, patient_id, was, is }).await
}

/// Tells what somebody says of themselves now, and said before, in the transaction that writes it. Where that is the same, nobody need
/// know.
pub async fn tell_own_details(
    conn: &mut PgConnection,
    core: &Core,
    fact: OwnDetailsChanged,
) -> sqlx::Result<()> {
    if fact.was == fact.is {
        return Ok(());
    }
    let (id, version) = (fact.account_id.to_string(), core.now().as_millisecond());
    let about = About { aggregate: "own_details", id, version };
    outbox::tell(conn, core, about, &UsersEvent::OwnDetailsChanged(fact)).await?;
    Ok(())
}

/// Writes that something was done.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    action: &'static str,
    resource: impl Into<Resource>,
    whose: Option<PatientId>,
    purpose: Purpose,
) -> sqlx::Result<audit::Recorded> {
    audit::record(conn, core, entry(actor, action, resource, whose, purpose)).await
}

/// That something was done, to be written with the other things of a list.
pub fn entry(
    actor: Actor,
    action: &'static str,
    resource: impl Into<Resource>,
    whose: Option<PatientId>,
    purpose: Purpose,
) -> Entry {
    Entry { actor, action, resource: resource.into(), whose, purpose, outcome: Outcome::Allowed }
}

/// Asks somebody by a letter with a secret link. Whether anybody has an account with that address makes no difference
/// to what happens here.
///
/// # Errors
/// 429 when too many letters of this person wait already.
pub async fn invite(
    conn: &mut PgConnection,
    core: &Core,
    by: AccountId,
    email: Personal<String>,
    asked: Asked,
) -> Result<InvitationSent, Reject> {
    let now = core.now();
    if invitation::count_waiting(conn, by, now).await? >= WAITING_MAX {
        return Err(Problem::new("rate-limited", 429, "Too many invitations wait for an answer")
            .detail("Nothing was sent. Wait until some are answered or have run out.")
            .into());
    }
    let organization_name = match &asked {
        Asked::Staff { organization_id, .. } => organization::find_name(conn, *organization_id).await?,
        Asked::Carer { .. } | Asked::CaredFor { .. } | Asked::OwnRecord { .. } => None,
    };
    let (token, token_hash) = core.chance.link_token();
    let expires_at = now.saturating_add(INVITATION_LIFETIME).unwrap_or(now);
    let sent = InvitationSent { invitation_id: core.id(), expires_at };
    invitation::insert(conn, &sent, &token_hash, email.expose(), by, &asked, now).await?;
    let fact = InvitationFact {
        invitation_id: sent.invitation_id,
        kind: asked.kind(),
        email,
        organization_name,
        token: token.into(),
        expires_at,
    };
    let about = About { aggregate: "invitation", id: sent.invitation_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &UsersEvent::InvitationMade(fact)).await?;
    Ok(sent)
}

/// The version on the screen is no longer the one that is there.
pub fn stale() -> Problem {
    Problem::new("stale-version", 409, "This has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// Gives the holder of a verified address platform roles, by the command line: somebody has to be the first.
///
/// # Errors
/// When nobody has an open account with that address, or a table cannot be changed.
pub async fn name_platform_staff(
    core: &Core,
    email: &str,
    roles: &[PlatformRole],
) -> anyhow::Result<AccountId> {
    let mut tx = core.begin().await?;
    let account_id = holder::account_of(&mut tx, email.trim()).await?;
    let account_id = account_id.context("nobody has an account with this verified address; sign up first")?;
    platform_staff::name(&mut tx, account_id, roles, core.now()).await?;
    end_tokens(&mut tx, core, account_id).await?;
    let actor = Actor::System("platform-staff add");
    note(&mut tx, core, actor, "name_platform_staff", account_id, None, Purpose::Administration).await?;
    core.commit(tx).await?;
    Ok(account_id)
}
