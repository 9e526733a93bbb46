//! Who calls a route that guests and members both use: what their browser holds, and whose account is signed in.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Caller, Reject, audit::Actor, cookies::Holder, openapi::Argument};
use shared_types::{
    AccountId, PatientId,
    users::{Claims, DelegationScope},
};

/// A caller. Nothing is known yet of whether what they hold is any good; the claims are.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Cookies of a guest or of an opened link.
    pub holder: Holder,
    /// Who is signed in.
    pub claims: Option<Arc<Claims>>,
}

impl Argument for Visitor {}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        let Ok(Caller(claims)) = Caller::from_request_parts(parts, state).await;
        Ok(Self { holder: Holder::from_request_parts(parts, state).await?, claims })
    }
}

impl Visitor {
    /// By what they may have a hold.
    pub fn keeper(&self) -> Keeper {
        Keeper { guest: self.holder.guest, account: self.claims.as_ref().map(|claims| claims.account_id) }
    }

    /// Who acts on a hold, for the audit log.
    pub fn actor(&self) -> Actor {
        match (&self.claims, self.holder.guest) {
            (Some(claims), _) => Actor::of(claims),
            (None, Some(guest)) => Actor::Guest(guest),
            (None, None) => Actor::Anonymous,
        }
    }
}

/// By what somebody may have a hold: the browser that made it, or the account.
#[derive(Clone, Copy, Debug)]
pub struct Keeper {
    /// SHA-256 of the guest cookie.
    pub guest: Option<[u8; 32]>,
    /// The account.
    pub account: Option<AccountId>,
}

impl Keeper {
    /// The guest's hash as a parameter of SQL.
    pub fn guest_hash(&self) -> Option<&[u8]> {
        self.guest.as_ref().map(<[u8; 32]>::as_slice)
    }

    /// The account as a parameter of SQL.
    pub fn account_id(&self) -> Option<uuid::Uuid> {
        self.account.map(|account| account.0)
    }
}

/// Whether somebody signed in may see a booking of that patient; one made for nobody in particular, when their account
/// made it.
pub fn may_see(claims: &Claims, made_by: Option<AccountId>, patient_id: Option<PatientId>) -> bool {
    match patient_id {
        Some(patient_id) => claims.may_act_for(patient_id, DelegationScope::Appointments),
        None => made_by == Some(claims.account_id),
    }
}

/// Whether somebody signed in who may see a booking may see how it is paid, too: their account made it, or they may settle what its
/// patient owes.
pub fn may_see_money(claims: &Claims, made_by: Option<AccountId>, patient_id: Option<PatientId>) -> bool {
    let settles = |patient_id| claims.may_act_for(patient_id, DelegationScope::Payments);
    may_see(claims, made_by, patient_id)
        && (made_by == Some(claims.account_id) || patient_id.is_some_and(settles))
}

/// Somebody signed in, acting for the patient of a booking.
pub fn actor_for(claims: &Claims, patient_id: Option<PatientId>) -> Actor {
    match patient_id {
        Some(patient_id) => Actor::for_patient(claims, patient_id),
        None => Actor::of(claims),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::users::{ActsFor, Claims, DelegationScope, Strength};
    use uuid::Uuid;

    use super::may_see;

    #[test]
    fn a_booking_belongs_to_its_patient_and_not_to_who_made_it() {
        let id = Uuid::from_u128;
        let claims = |patient: Option<u128>, scope| Claims {
            session_id: id(1).into(),
            account_id: id(2).into(),
            patient_id: patient.map(|patient| id(patient).into()),
            strength: Strength::Password,
            acts_for: vec![ActsFor { patient_id: id(4).into(), scopes: vec![scope] }],
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        };
        let me = claims(Some(3), DelegationScope::Appointments);
        let (mine, others) = (Some(id(2).into()), Some(id(9).into()));
        assert!(may_see(&me, others, Some(id(3).into())));
        assert!(may_see(&me, others, Some(id(4).into())));
        assert!(may_see(&me, mine, None));
        assert!(!may_see(&me, others, None) && !may_see(&me, None, None));
        assert!(!may_see(&me, mine, Some(id(5).into())), "leave has ended since");
        assert!(!may_see(&claims(None, DelegationScope::Payments), mine, Some(id(4).into())));
    }
}
