//! Who is calling, and whether a route's policy lets them in. The decision is pure; [`crate::Routes`] asks it for every
//! request before the handler runs, so a handler only decides which things its caller may see.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, request::Parts},
};
use shared_types::{
    OrganizationId, PatientId, Problem,
    users::{Claims, DelegationScope, Strength},
};

use crate::{
    Core, Policy, Reject,
    audit::{self, Actor, Outcome, Purpose, Resource},
    cookies,
    session::{self, TokenError},
};

/// The weakest sign-in that practice staff may work with.
pub const STAFF_STRENGTH: Strength = Strength::PasswordAndCode;
/// The weakest sign-in that platform staff may work with.
pub const PLATFORM_STRENGTH: Strength = Strength::Passkey;

/// Whoever calls a route that does not insist on a sign-in; `None` for somebody who has not signed in.
#[derive(Clone, Debug)]
pub struct Caller(pub Option<Arc<Claims>>);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Arc<Claims>>().cloned()))
    }
}

/// Whoever calls a route whose policy insists on a sign-in.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Arc<Claims>);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        parts.extensions.get::<Arc<Claims>>().cloned().map(Self).ok_or_else(|| Refusal::SignedOut.into())
    }
}

impl std::ops::Deref for SignedIn {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.0
    }
}

/// Why a route does not let somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 401: nobody is signed in.
    SignedOut,
    /// 404: they may not know that it exists.
    Hidden,
    /// 403: they know it exists and may not do that.
    NotAllowed,
    /// 403: they could, had they signed in with more than that.
    TooWeak,
    /// 503: no key is known yet to tell who it is.
    NotReady,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignedOut => Self::new("signed-out", 401, "Sign in first")
                .detail("Nothing was changed. Sign in and try again."),
            Refusal::Hidden => Self::not_found("That"),
            Refusal::NotAllowed => Self::new("not-allowed", 403, "Your role does not include this")
                .detail("Nothing was changed. Somebody who manages roles here can change yours."),
            Refusal::TooWeak => Self::new("stronger-sign-in", 403, "This needs a stronger sign-in").detail(
                "Nothing was changed. Sign in with a passkey or an authenticator code and try again.",
            ),
            Refusal::NotReady => Self::new("busy", 503, "Sign-in is starting up")
                .detail("Nothing was changed. Try again in a moment."),
        }
    }
}

impl From<Refusal> for Reject {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl Policy {
    /// Whether the policy lets somebody in. `organization` is the practice that the path names, `holder` whether the
    /// browser carries a guest's or a manage link's cookie.
    ///
    /// # Errors
    /// Why not.
    pub fn admits(
        self,
        claims: Option<&Claims>,
        organization: Option<OrganizationId>,
        holder: bool,
    ) -> Result<(), Refusal> {
        match self {
            Self::Public => Ok(()),
            Self::Holder if holder || claims.is_some() => Ok(()),
            Self::Holder => Err(Refusal::Hidden),
            Self::Account => claims.map(|_| ()).ok_or(Refusal::SignedOut),
            Self::Practice(roles) => {
                let claims = claims.ok_or(Refusal::SignedOut)?;
                let organization = organization.ok_or(Refusal::Hidden)?;
                if !claims.is_staff_of(organization) {
                    return Err(Refusal::Hidden);
                }
                if !claims.works_at(organization, roles) {
                    return Err(Refusal::NotAllowed);
                }
                if claims.strength < STAFF_STRENGTH { Err(Refusal::TooWeak) } else { Ok(()) }
            }
            Self::Platform(roles) => {
                let claims = claims.ok_or(Refusal::SignedOut)?;
                if claims.platform.is_empty() {
                    return Err(Refusal::Hidden);
                }
                if !claims.serves_as(roles) {
                    return Err(Refusal::NotAllowed);
                }
                if claims.strength < PLATFORM_STRENGTH { Err(Refusal::TooWeak) } else { Ok(()) }
            }
        }
    }
}

/// Lets somebody act for a patient: because they are that patient, or by a delegation with that scope. Says as whom.
///
/// # Errors
/// 404 for everybody else, who may not know that the patient exists; the refusal is written down first.
pub async fn act_for(
    core: &Core,
    claims: &Claims,
    patient_id: PatientId,
    scope: DelegationScope,
    action: &'static str,
    purpose: Purpose,
) -> Result<Actor, Reject> {
    if claims.may_act_for(patient_id, scope) {
        return Ok(Actor::for_patient(claims, patient_id));
    }
    let mut tx = core.begin().await?;
    let entry = audit::Entry {
        actor: Actor::of(claims),
        action,
        resource: patient_id.into(),
        whose: Some(patient_id),
        purpose,
        outcome: Outcome::Denied,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    Err(Refusal::Hidden.into())
}

/// Finds out who calls and asks the policy. What was found is left with the request for [`Caller`] and [`SignedIn`].
pub(crate) async fn admit(core: &Core, policy: Policy, parts: &mut Parts) -> Result<(), Refusal> {
    let claims = match who(core, &parts.headers) {
        Ok(claims) => claims.map(Arc::new),
        // Where nobody need sign in, a cookie that cannot be told good from bad yet is no reason to refuse.
        Err(Refusal::NotReady) if matches!(policy, Policy::Public | Policy::Holder) => None,
        Err(refusal) => return Err(refusal),
    };
    let organization = match policy {
        Policy::Practice(_) => organization(parts).await,
        Policy::Public | Policy::Holder | Policy::Account | Policy::Platform(_) => None,
    };
    policy.admits(claims.as_deref(), organization, cookies::holds_any(&parts.headers))?;
    if let Some(claims) = claims {
        parts.extensions.insert(claims);
    }
    Ok(())
}

/// Writes down that somebody we know was refused. Strangers are only counted, or anybody could fill the log.
pub(crate) async fn note_refusal(
    core: &Core,
    operation: &'static str,
    headers: &HeaderMap,
    refusal: Refusal,
) -> Result<(), Reject> {
    metrics::counter!("http_refusals", "operation" => operation, "why" => format!("{refusal:?}"))
        .increment(1);
    let Ok(Some(claims)) = who(core, headers) else { return Ok(()) };
    let mut tx = core.begin().await?;
    let entry = audit::Entry {
        actor: Actor::of(&claims),
        action: operation,
        resource: Resource::ROUTE,
        whose: None,
        purpose: Purpose::Account,
        outcome: Outcome::Denied,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    Ok(())
}

/// A token that has ended, was revoked or is no token at all leaves nobody signed in.
fn who(core: &Core, headers: &HeaderMap) -> Result<Option<Claims>, Refusal> {
    let Some(token) = cookies::value(headers, session::COOKIE) else { return Ok(None) };
    match core.sessions.verify(token, core.now()) {
        Ok(claims) => Ok(Some(claims)),
        Err(TokenError::NoKeys) => Err(Refusal::NotReady),
        Err(TokenError::Forged | TokenError::Expired | TokenError::Revoked) => Ok(None),
    }
}

/// The practice that `{organization_id}` in the path names.
async fn organization(parts: &mut Parts) -> Option<OrganizationId> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    params.iter().find(|(name, _)| *name == "organization_id").and_then(|(_, id)| id.parse().ok())
}

#[cfg(test)]
mod tests {
    use shared_types::users::{Claims, Membership, PlatformRole, StaffRole, Strength};
    use uuid::Uuid;

    use super::Refusal;
    use crate::Policy;

    const DESK: Policy = Policy::Practice(&[StaffRole::Reception, StaffRole::Manager]);
    const ADMIN: Policy = Policy::Platform(&[PlatformRole::Administrator]);

    fn claims(strength: Strength) -> Claims {
        Claims {
            session_id: Uuid::from_u128(1).into(),
            account_id: Uuid::from_u128(2).into(),
            patient_id: None,
            strength,
            acts_for: Vec::new(),
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: jiff::Timestamp::UNIX_EPOCH,
            expires_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_practice_lets_in_its_own_staff_in_the_right_role_with_a_strong_sign_in() {
        let (ours, theirs) = (Uuid::from_u128(5).into(), Uuid::from_u128(6).into());
        let staff = |role, strength| Claims {
            memberships: vec![Membership { organization_id: ours, roles: vec![role] }],
            ..claims(strength)
        };
        let strong = staff(StaffRole::Reception, Strength::PasswordAndCode);
        assert_eq!(DESK.admits(Some(&strong), Some(ours), false), Ok(()));
        assert_eq!(DESK.admits(Some(&strong), Some(theirs), true), Err(Refusal::Hidden));
        assert_eq!(DESK.admits(Some(&strong), None, false), Err(Refusal::Hidden));
        let biller = staff(StaffRole::Billing, Strength::Passkey);
        assert_eq!(DESK.admits(Some(&biller), Some(ours), false), Err(Refusal::NotAllowed));
        let weak = staff(StaffRole::Reception, Strength::Password);
        assert_eq!(DESK.admits(Some(&weak), Some(ours), false), Err(Refusal::TooWeak));
        assert_eq!(DESK.admits(None, Some(ours), true), Err(Refusal::SignedOut));
    }

    #[test]
    fn the_platform_lets_in_its_own_staff_with_a_passkey_only() {
        let serving = |role, strength| Claims { platform: vec![role], ..claims(strength) };
        let admin = serving(PlatformRole::Administrator, Strength::Passkey);
        assert_eq!(ADMIN.admits(Some(&admin), None, false), Ok(()));
        let code = serving(PlatformRole::Administrator, Strength::PasswordAndCode);
        assert_eq!(ADMIN.admits(Some(&code), None, false), Err(Refusal::TooWeak));
        let support = serving(PlatformRole::Support, Strength::Passkey);
        assert_eq!(ADMIN.admits(Some(&support), None, false), Err(Refusal::NotAllowed));
        assert_eq!(ADMIN.admits(Some(&claims(Strength::Passkey)), None, false), Err(Refusal::Hidden));
    }

    #[test]
    fn a_holder_has_a_cookie_or_an_account() {
        assert_eq!(Policy::Holder.admits(None, None, false), Err(Refusal::Hidden));
        assert_eq!(Policy::Holder.admits(None, None, true), Ok(()));
        let somebody = claims(Strength::Password);
        assert_eq!(Policy::Holder.admits(Some(&somebody), None, false), Ok(()));
        assert_eq!(Policy::Account.admits(Some(&somebody), None, false), Ok(()));
        assert_eq!(Policy::Account.admits(None, None, true), Err(Refusal::SignedOut));
    }
}
