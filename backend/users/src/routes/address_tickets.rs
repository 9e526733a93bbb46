//! `POST /api/v1/users/me/address-tickets`: a signed statement by which notifications says and changes whether reminders go to
//! somebody's address. Tokens carry no address, and notifications asks nobody while a person waits.

use kernel::{
    Core, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    keys::Signer,
    ticket,
};
use shared_types::{
    Problem,
    users::{AddressStatement, ClaimTicket},
};

use super::claim_tickets::LIFETIME;
use crate::{people::note, store::holder};

/// States the verified address of the caller.
pub async fn create_address_ticket(
    signer: Signer,
    core: Core,
    caller: SignedIn,
) -> Result<Json<ClaimTicket>, Reject> {
    let mut tx = core.begin().await?;
    let email = holder::email_of(&mut tx, caller.account_id).await?;
    let statement = AddressStatement {
        account_id: caller.account_id,
        email: email.ok_or_else(|| Problem::not_found("This account"))?.into(),
    };
    let expires_at = core.now().saturating_add(LIFETIME).unwrap_or(core.now());
    let ticket = ticket::sign(&signer, AddressStatement::KIND, expires_at, &statement);
    let ticket = ticket.map_err(|error| Reject::internal(&error))?.into();
    let (actor, account, whose) = (Actor::of(&caller), caller.account_id, caller.patient_id);
    note(&mut tx, &core, actor, "create_address_ticket", account, whose, Purpose::OwnRecord).await?;
    core.commit(tx).await?;
    Ok(Json(ClaimTicket { ticket, expires_at }))
}
