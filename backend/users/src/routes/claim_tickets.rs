//! `POST /api/v1/users/me/claim-tickets`: a signed statement by which bookings lets somebody claim what they booked as a
//! guest. Tokens carry no address and no date of birth, and bookings asks nobody while a person waits.

use jiff::SignedDuration;
use kernel::{
    Core, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    keys::Signer,
    ticket,
};
use shared_types::{
    Problem,
    problem::FieldError,
    users::{ClaimStatement, ClaimTicket},
};

use crate::{
    people::note,
    store::{holder, patient},
};

/// How long a ticket is believed.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// States the verified address and the date of birth of the caller.
pub async fn create_claim_ticket(
    signer: Signer,
    core: Core,
    caller: SignedIn,
) -> Result<Json<ClaimTicket>, Reject> {
    let mut tx = core.begin().await?;
    let own = patient::find(&mut tx, None, Some(caller.account_id)).await?;
    let own = own
        .ok_or_else(|| Problem::invalid(vec![FieldError::new("/patient", "Enter your own details first")]))?;
    let email = holder::email_of(&mut tx, caller.account_id).await?;
    let patient_id = own.patient.patient_id;
    let statement = ClaimStatement {
        account_id: caller.account_id,
        patient_id,
        email: email.ok_or_else(|| Problem::not_found("This account"))?.into(),
        date_of_birth: own.patient.details.date_of_birth,
    };
    let expires_at = core.now().saturating_add(LIFETIME).unwrap_or(core.now());
    let ticket = ticket::sign(&signer, ClaimStatement::KIND, expires_at, &statement);
    let ticket = ticket.map_err(|error| Reject::internal(&error))?.into();
    let (actor, whose) = (Actor::of(&caller), Some(patient_id));
    note(&mut tx, &core, actor, "create_claim_ticket", patient_id, whose, Purpose::OwnRecord).await?;
    core.commit(tx).await?;
    Ok(Json(ClaimTicket { ticket, expires_at }))
}
