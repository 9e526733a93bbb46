//! Session tokens: what an account may do now, signed for ten minutes.

use jiff::Timestamp;
use kernel::{
    Core,
    keys::Signer,
    session::{self, TOKEN_LIFETIME, TOKEN_MAX},
};
use shared_types::{
    AccountId, SessionId,
    users::{Claims, Strength},
};
use sqlx::PgConnection;

use crate::store::standing::{Standing, standing};

/// Whose token is wanted, and by which sign-in.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// The session.
    pub session_id: SessionId,
    /// The account.
    pub account_id: AccountId,
    /// How they signed in.
    pub strength: Strength,
}

/// What the token says, and the token. It always fits a cookie.
///
/// # Errors
/// When a table cannot be read.
pub async fn session_token(
    conn: &mut PgConnection,
    core: &Core,
    signer: &Signer,
    holder: Holder,
) -> sqlx::Result<(Claims, String)> {
    let standing = standing(conn, holder.account_id, core.now()).await?;
    let mut claims = claims(holder, standing, core.now());
    let mut token = session::sign(signer, &claims);
    while token.len() > TOKEN_MAX && shorten(&mut claims) {
        token = session::sign(signer, &claims);
    }
    Ok((claims, token))
}

fn claims(holder: Holder, standing: Standing, now: Timestamp) -> Claims {
    Claims {
        session_id: holder.session_id,
        account_id: holder.account_id,
        patient_id: standing.patient_id,
        strength: holder.strength,
        acts_for: standing.acts_for,
        memberships: standing.memberships,
        platform: standing.platform,
        issued_at: now,
        expires_at: now.saturating_add(TOKEN_LIFETIME).unwrap_or(now),
    }
}

/// Leaves out the last practice or patient, of whichever there are more. False when there is nothing left to leave out.
fn shorten(claims: &mut Claims) -> bool {
    if claims.memberships.len() >= claims.acts_for.len() {
        claims.memberships.pop().is_some()
    } else {
        claims.acts_for.pop().is_some()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Chance, keys::Signer, session};
    use shared_types::users::{Membership, StaffRole, Strength};
    use uuid::Uuid;

    use super::{Holder, Standing, TOKEN_MAX, claims, shorten};

    #[test]
    fn a_token_of_somebody_at_a_hundred_practices_still_fits() {
        let holder = Holder {
            session_id: Uuid::from_u128(1).into(),
            account_id: Uuid::from_u128(2).into(),
            strength: Strength::Passkey,
        };
        let memberships = (0..100)
            .map(|n| Membership {
                organization_id: Uuid::from_u128(n).into(),
                roles: StaffRole::ALL.to_vec(),
            })
            .collect();
        let standing = Standing { memberships, ..Standing::default() };
        let mut claims = claims(holder, standing, "2026-11-23T00:00:00Z".parse().unwrap());
        let signer = Signer::generate(&Chance::seeded(1));
        while session::sign(&signer, &claims).len() > TOKEN_MAX {
            assert!(shorten(&mut claims));
        }
        assert!(claims.memberships.len() > 5, "{}", claims.memberships.len());
        assert!(claims.is_staff_of(Uuid::from_u128(0).into()));
    }
}
