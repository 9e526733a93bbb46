//! `/api/v1/users/me/delegations`: who may act for whom, as both sides see it.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Accepted, Core, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    DelegationId, Problem, Zone,
    page::Page,
    problem::FieldError,
    users::{Delegation, InvitationSent, InviteCarer, invited_email},
};

use crate::{
    domain::{age::Stage, leave::Leave},
    people::{entry, invite, leave_ended, note},
    store::{delegation, invitation::Asked, patient},
};

/// Leave that stands: what one may do for others, and what others may do for oneself.
pub async fn list_delegations(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Page<Delegation>>, Reject> {
    let mut tx = core.begin().await?;
    let mut delegations = Vec::new();
    for given in delegation::list(&mut tx, caller.account_id, core.now()).await? {
        let (actor, whose) = (Actor::for_patient(&caller, given.patient_id), Some(given.patient_id));
        let id = given.delegation_id;
        delegations.push((given, entry(actor, "list_delegations", id, whose, Purpose::OwnRecord)));
    }
    Ok(Disclosed::commit_page(&core, tx, delegations, None).await?)
}

/// Asks somebody by e-mail to act for oneself; it begins when they accept.
pub async fn invite_carer(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<InviteCarer>,
) -> Result<Accepted<Json<InvitationSent>>, Reject> {
    let mut tx = core.begin().await?;
    let who = caller.account_id.to_string();
    let begun =
        idempotency::begin::<_, InvitationSent>(&mut tx, &core, "invite_carer", &who, key, &body).await?;
    let ticket = match begun {
        Begun::New(ticket) => ticket,
        Begun::Replay(sent) => return Ok(Accepted(Json(sent))),
    };
    let patient_id = caller
        .patient_id
        .ok_or_else(|| Problem::invalid(vec![FieldError::new("/patient", "Enter your own details first")]))?;
    let email = invited_email(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let leave = Leave::read(body.scopes, body.expires_at, core.now()).map_err(Problem::invalid)?;
    let asked = Asked::Carer { patient_id, leave };
    let sent = invite(&mut tx, &core, caller.account_id, email, asked).await?;
    let (actor, id) = (Actor::of(&caller), sent.invitation_id);
    note(&mut tx, &core, actor, "invite_carer", id, Some(patient_id), Purpose::OwnRecord).await?;
    ticket.finish(&mut tx, 202, &sent).await?;
    core.commit(tx).await?;
    Ok(Accepted(Json(sent)))
}

/// Ends leave to act, by either side. A young person with an account, who is at least 15, shuts a parent out this way.
pub async fn end_delegation(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(delegation_id): Path<DelegationId>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    let ended = delegation::end(&mut tx, delegation_id, caller.account_id, core.now()).await?;
    let not_found = || Problem::not_found("This permission");
    let ended = ended.ok_or_else(not_found)?;
    if let Some(own) = patient::find(&mut tx, None, Some(caller.account_id)).await? {
        let born = *own.patient.details.date_of_birth.expose();
        let stage = Stage::on(born, Zone::SYDNEY.date(core.now()));
        if own.patient.patient_id == ended.patient_id && !stage.may_shut_parent_out() {
            return Err(not_found().into());
        }
    }
    leave_ended(&mut tx, &core, &ended).await?;
    let actor = Actor::for_patient(&caller, ended.patient_id);
    let whose = Some(ended.patient_id);
    note(&mut tx, &core, actor, "end_delegation", delegation_id, whose, Purpose::OwnRecord).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
