//! `POST /api/v1/users/invitations/accept`: the secret from a letter, brought by somebody who is signed in. Having the
//! letter is the proof; with which address they signed up makes no difference.

use axum::extract::State as Extract;
use kernel::{
    Core, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    chance::hash_secret,
};
use shared_types::{
    PatientId, Problem, Zone,
    problem::FieldError,
    users::{AcceptInvitation, DelegationBasis, InvitationAccepted},
};
use sqlx::PgConnection;

use crate::{
    domain::age::Stage,
    people::{end_tokens, note},
    store::{
        delegation,
        invitation::{self, Asked, Waiting},
        membership, patient,
    },
};

/// Accepts an invitation, once. Whose rights grow signs in with them at the next refresh.
pub async fn accept_invitation(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<AcceptInvitation>,
) -> Result<Json<InvitationAccepted>, Reject> {
    let mut tx = core.begin().await?;
    let secret = hash_secret(body.token.expose());
    let waiting = invitation::accept(&mut tx, &secret, caller.account_id, core.now()).await?;
    let waiting = waiting.ok_or_else(|| Problem::not_found("This invitation"))?;
    let kind = waiting.asked.kind();
    let organization_id = match &waiting.asked {
        Asked::Staff { organization_id, .. } => Some(*organization_id),
        Asked::Carer { .. } | Asked::CaredFor { .. } | Asked::OwnRecord { .. } => None,
    };
    if waiting.invited_by == caller.account_id {
        return Err(refused("You cannot accept an invitation that you made").into());
    }
    let invitation_id = waiting.invitation_id;
    let whose = act(&mut tx, &core, &caller, waiting).await?;
    let (actor, purpose) = match (organization_id, whose) {
        (Some(practice), _) => (Actor::for_practice(&caller, practice), Purpose::Practice),
        (None, Some(patient)) => (Actor::for_patient(&caller, patient), Purpose::OwnRecord),
        (None, None) => (Actor::of(&caller), Purpose::Account),
    };
    note(&mut tx, &core, actor, "accept_invitation", invitation_id, whose, purpose).await?;
    core.commit(tx).await?;
    Ok(Json(InvitationAccepted { kind, organization_id }))
}

/// Does what was asked. Says whose record it is about.
async fn act(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    waiting: Waiting,
) -> Result<Option<PatientId>, Reject> {
    let (now, me, by) = (core.now(), caller.account_id, waiting.invited_by);
    match waiting.asked {
        Asked::Staff { organization_id, roles } => {
            membership::join(conn, organization_id, me, waiting.email.expose(), &roles, now).await?;
            end_tokens(conn, core, me).await?;
            Ok(None)
        }
        Asked::Carer { patient_id, leave } => {
            let basis = DelegationBasis::Consent;
            delegation::give(conn, core.id(), patient_id, me, basis, &leave, now).await?;
            end_tokens(conn, core, me).await?;
            Ok(Some(patient_id))
        }
        Asked::CaredFor { leave } => {
            let own = patient::find(conn, None, Some(me)).await?;
            let own = own.ok_or_else(|| refused("Enter your own details first, then accept"))?;
            let patient_id = own.patient.patient_id;
            let basis = DelegationBasis::Consent;
            delegation::give(conn, core.id(), patient_id, by, basis, &leave, now).await?;
            end_tokens(conn, core, by).await?;
            Ok(Some(patient_id))
        }
        Asked::OwnRecord { patient_id } => {
            let not_found = || Problem::not_found("This record");
            let record = patient::find(conn, Some(patient_id), None).await?.ok_or_else(not_found)?;
            let born = *record.patient.details.date_of_birth.expose();
            let old_enough = Stage::on(born, Zone::SYDNEY.date(now)).may_hold_account();
            let has_own = patient::find(conn, None, Some(me)).await?.is_some();
            if !old_enough || has_own || !patient::give_to_account(conn, patient_id, me, now).await? {
                return Err(refused("This account has details of its own already").into());
            }
            end_tokens(conn, core, me).await?;
            Ok(Some(patient_id))
        }
    }
}

fn refused(detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::new("/token", detail)])
}
