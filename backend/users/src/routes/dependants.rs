//! `/api/v1/users/me/dependants`: those one looks after. Children are added by a parent's statement; everybody from 15
//! is asked by e-mail.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Accepted, Core, Created, Disclosed, Either, Json, Reject, SignedIn, access,
    audit::{Actor, Purpose, Recorded},
    consent,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    PatientId, Problem, Zone,
    page::Page,
    problem::FieldError,
    users::{
        AddChild, AddDependant, AddedDependant, AskAdult, Delegation, DelegationBasis, DelegationScope,
        Dependant, InvitationSent, InviteOwner, Patient, PutPatient, invited_email,
    },
};
use sqlx::PgConnection;

use crate::{
    domain::{
        age::{Stage, parent_access_ends},
        leave::Leave,
    },
    people::{end_tokens, entry, invite, leave_ended, note, stale, tell_contact, tell_details},
    store::{delegation, invitation::Asked, patient},
};

/// What a parent states when adding a child.
const PARENT_TEXT: &str = "parent-statement";

/// A child is there at once; somebody older is asked first.
type Added = Either<Created<Disclosed<AddedDependant>>, Accepted<Disclosed<AddedDependant>>>;

/// Those one looks after, each with what one may do for them.
pub async fn list_dependants(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Page<Dependant>>, Reject> {
    let mut tx = core.begin().await?;
    let mut dependants = Vec::new();
    for leave in delegation::list(&mut tx, caller.account_id, core.now()).await? {
        let (id, mine) = (leave.patient_id, leave.mine_to_use);
        let Some(dependant) = read(&mut tx, leave).await?.filter(|_| mine) else { continue };
        let (actor, whose, purpose) = (Actor::for_patient(&caller, id), Some(id), Purpose::OwnRecord);
        dependants.push((dependant, entry(actor, "list_dependants", id, whose, purpose)));
    }
    Ok(Disclosed::commit_page(&core, tx, dependants, None).await?)
}

async fn read(conn: &mut PgConnection, leave: Delegation) -> sqlx::Result<Option<Dependant>> {
    let found = patient::find(conn, Some(leave.patient_id), None).await?;
    Ok(found.map(|found| Dependant {
        delegation_id: leave.delegation_id,
        basis: leave.basis,
        scopes: leave.scopes,
        expires_at: leave.expires_at,
        has_account: found.account_id.is_some(),
        patient: found.patient,
    }))
}

/// Adds a child, or asks somebody older.
pub async fn add_dependant(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<AddDependant>,
) -> Result<Added, Reject> {
    let mut tx = core.begin().await?;
    let who = caller.account_id.to_string();
    let begun = idempotency::begin(&mut tx, &core, "add_dependant", &who, key, &body).await?;
    let ticket = match begun {
        Begun::New(ticket) => ticket,
        Begun::Replay(added) => {
            let (actor, id) = (Actor::of(&caller), caller.account_id);
            let recorded = note(&mut tx, &core, actor, "add_dependant", id, None, Purpose::OwnRecord).await?;
            let child = is_child(&added);
            return Ok(reply(child, Disclosed::commit(&core, tx, recorded, added).await?));
        }
    };
    let (added, recorded) = match body {
        AddDependant::Child(child) => {
            let (child, recorded) = add_child(&mut tx, &core, &caller, child).await?;
            (AddedDependant::Child(Box::new(child)), recorded)
        }
        AddDependant::Adult(AskAdult { email, scopes, expires_at }) => {
            let email = invited_email(&email).map_err(|error| Problem::invalid(vec![error]))?;
            let leave = Leave::read(scopes, expires_at, core.now()).map_err(Problem::invalid)?;
            let asked = Asked::CaredFor { leave };
            let sent = invite(&mut tx, &core, caller.account_id, email, asked).await?;
            let (actor, id) = (Actor::of(&caller), sent.invitation_id);
            let recorded = note(&mut tx, &core, actor, "add_dependant", id, None, Purpose::OwnRecord).await?;
            (AddedDependant::Adult(sent), recorded)
        }
    };
    let child = is_child(&added);
    ticket.finish(&mut tx, if child { 201 } else { 202 }, &added).await?;
    Ok(reply(child, Disclosed::commit(&core, tx, recorded, added).await?))
}

fn is_child(added: &AddedDependant) -> bool {
    match added {
        AddedDependant::Child(_) => true,
        AddedDependant::Adult(_) => false,
    }
}

fn reply(child: bool, added: Disclosed<AddedDependant>) -> Added {
    if child { Either::One(Created(added)) } else { Either::Other(Accepted(added)) }
}

async fn add_child(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    child: AddChild,
) -> Result<(Dependant, Recorded), Reject> {
    let now = core.now();
    let today = Zone::SYDNEY.date(now);
    let details = child.details.check(today).map_err(Problem::invalid)?;
    let born = *details.date_of_birth.expose();
    if !Stage::on(born, today).is_added_by_statement() {
        let detail = "From 15 we ask the person first: enter their e-mail address instead";
        return Err(Problem::invalid(vec![FieldError::new("/date_of_birth", detail)]).into());
    }
    consent::require_current(conn, core, PARENT_TEXT, &child.statement).await?;
    let patient = Patient { patient_id: core.id(), version: 1, details };
    let patient_id = patient.patient_id;
    patient::insert(conn, &patient, None, now).await?;
    tell_contact(conn, core, &patient).await?;
    let leave = Leave { scopes: DelegationScope::ALL.to_vec(), expires_at: parent_access_ends(born) };
    let delegation_id = core.id();
    let basis = DelegationBasis::Parent;
    delegation::give(conn, delegation_id, patient_id, caller.account_id, basis, &leave, now).await?;
    consent::store_receipt(conn, core, PARENT_TEXT, child.statement.version, "patient", patient_id.0).await?;
    end_tokens(conn, core, caller.account_id).await?;
    let actor = Actor::for_patient(caller, patient_id);
    let (whose, purpose) = (Some(patient_id), Purpose::OwnRecord);
    let recorded = note(conn, core, actor, "add_dependant", patient_id, whose, purpose).await?;
    let Leave { scopes, expires_at } = leave;
    Ok((Dependant { delegation_id, basis, scopes, expires_at, has_account: false, patient }, recorded))
}

/// Changes the details of somebody one looks after. The date of birth of somebody with an account is theirs to change.
pub async fn put_dependant(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
    Json(body): Json<PutPatient>,
) -> Result<Disclosed<Patient>, Reject> {
    let (scope, purpose) = (DelegationScope::Details, Purpose::OwnRecord);
    let actor = access::act_for(&core, &caller, patient_id, scope, "put_dependant", purpose).await?;
    let details = body.details.check(Zone::SYDNEY.date(core.now())).map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    let old = patient::find(&mut tx, Some(patient_id), None).await?;
    let old = old.ok_or_else(|| Problem::not_found("This person"))?;
    if old.patient.details.date_of_birth != details.date_of_birth {
        if old.account_id.is_some() {
            let detail = "Only they can change this themselves";
            return Err(Problem::invalid(vec![FieldError::new("/date_of_birth", detail)]).into());
        }
        let ends = parent_access_ends(*details.date_of_birth.expose());
        delegation::move_parents_end(&mut tx, patient_id, ends).await?;
    }
    let patient = Patient { patient_id, version: body.version.saturating_add(1), details };
    if !patient::update(&mut tx, &patient, core.now()).await? {
        return Err(stale().into());
    }
    tell_contact(&mut tx, &core, &patient).await?;
    tell_details(&mut tx, &core, &old, &patient.details).await?;
    let whose = Some(patient_id);
    let recorded = note(&mut tx, &core, actor, "put_dependant", patient_id, whose, purpose).await?;
    Ok(Disclosed::commit(&core, tx, recorded, patient).await?)
}

/// Looks after somebody no longer.
pub async fn end_dependant(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
) -> Result<NoContent, Reject> {
    let not_found = || Problem::not_found("This person");
    let mut tx = core.begin().await?;
    let mine = delegation::list(&mut tx, caller.account_id, core.now()).await?;
    let leave = mine.into_iter().find(|leave| leave.mine_to_use && leave.patient_id == patient_id);
    let id = leave.ok_or_else(not_found)?.delegation_id;
    let ended = delegation::end(&mut tx, id, caller.account_id, core.now()).await?.ok_or_else(not_found)?;
    leave_ended(&mut tx, &core, &ended).await?;
    let actor = Actor::for_patient(&caller, patient_id);
    note(&mut tx, &core, actor, "end_dependant", id, Some(patient_id), Purpose::OwnRecord).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Asks a young person from 15 to take over the record that a parent has kept.
pub async fn invite_to_own_record(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
    Json(body): Json<InviteOwner>,
) -> Result<Accepted<Json<InvitationSent>>, Reject> {
    let (scope, purpose) = (DelegationScope::Details, Purpose::OwnRecord);
    let actor = access::act_for(&core, &caller, patient_id, scope, "invite_to_own_record", purpose).await?;
    let email = invited_email(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let mut tx = core.begin().await?;
    let found = patient::find(&mut tx, Some(patient_id), None).await?;
    let found = found.ok_or_else(|| Problem::not_found("This person"))?;
    let born = *found.patient.details.date_of_birth.expose();
    let old_enough = Stage::on(born, Zone::SYDNEY.date(core.now())).may_hold_account();
    if found.account_id.is_some() || !old_enough {
        let detail = "They can have an own account from 15, and only one";
        return Err(Problem::invalid(vec![FieldError::new("/email", detail)]).into());
    }
    let sent = invite(&mut tx, &core, caller.account_id, email, Asked::OwnRecord { patient_id }).await?;
    note(&mut tx, &core, actor, "invite_to_own_record", sent.invitation_id, Some(patient_id), purpose)
        .await?;
    core.commit(tx).await?;
    Ok(Accepted(Json(sent)))
}
