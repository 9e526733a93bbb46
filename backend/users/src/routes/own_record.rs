//! What a person can see of how their record is handled: who of the platform's staff may look at it and why, and what
//! they agreed to.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Core, Disclosed, Reject, SignedIn,
    audit::{Actor, Purpose},
    outbox::{self, About},
};
use shared_types::{
    Problem,
    page::Page,
    problem::FieldError,
    users::{AccessGrant, ConsentHeld, ConsentWithdrawn, DelegationScope, UsersEvent},
};

use crate::{
    domain::withdrawal::is_withdrawable,
    people::{entry, note},
    store::{access_grant, consent},
};

/// Reasons by which platform staff saw or see the record of the caller, or of somebody whose details they look after.
pub async fn list_access_grants(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Page<AccessGrant>>, Reject> {
    let others = caller.acts_for.iter().filter(|one| one.scopes.contains(&DelegationScope::Details));
    let patients: Vec<_> = caller.patient_id.into_iter().chain(others.map(|one| one.patient_id)).collect();
    let mut tx = core.begin().await?;
    let mut grants = Vec::new();
    for grant in access_grant::list(&mut tx, &patients).await? {
        let (actor, whose) = (Actor::for_patient(&caller, grant.patient_id), Some(grant.patient_id));
        let id = grant.access_grant_id;
        grants.push((grant, entry(actor, "list_access_grants", id, whose, Purpose::OwnRecord)));
    }
    Ok(Disclosed::commit_page(&core, tx, grants, None).await?)
}

/// What the caller agreed to here.
pub async fn list_consents(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Page<ConsentHeld>>, Reject> {
    let mut tx = core.begin().await?;
    let items = consent::list(&mut tx, caller.account_id, caller.patient_id).await?;
    let (actor, id, whose) = (Actor::of(&caller), caller.account_id, caller.patient_id);
    let recorded = note(&mut tx, &core, actor, "list_consents", id, whose, Purpose::OwnRecord).await?;
    Ok(Disclosed::commit(&core, tx, recorded, Page { items, next: None }).await?)
}

/// Withdraws a consent. Every service deletes what rested on it; the receipt stays and says until when it counted.
pub async fn withdraw_consent(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(text): Path<String>,
) -> Result<NoContent, Reject> {
    let patient_id = caller.patient_id.ok_or_else(|| Problem::not_found("This consent"))?;
    if !is_withdrawable(&text) {
        let detail = "This one ends with the account or the booking that rests on it";
        return Err(Problem::invalid(vec![FieldError::new("text", detail)]).into());
    }
    let withdrawn_at = core.now();
    let mut tx = core.begin().await?;
    consent::withdraw(&mut tx, patient_id, &text, withdrawn_at).await?;
    let id = format!("{patient_id} {text}");
    let about = About { aggregate: "consent_withdrawal", id, version: withdrawn_at.as_millisecond() };
    let fact = ConsentWithdrawn { patient_id, text, withdrawn_at };
    outbox::tell(&mut tx, &core, about, &UsersEvent::ConsentWithdrawn(fact)).await?;
    let actor = Actor::of(&caller);
    note(&mut tx, &core, actor, "withdraw_consent", patient_id, Some(patient_id), Purpose::OwnRecord).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
