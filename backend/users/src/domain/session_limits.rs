//! How long a session lasts: the more its account may see, the shorter.
//!
//! Sources, read 2026-11-26: NIST SP 800-63B-4, section 2.2.3 (second level: a day at most and an hour without use) and
//! section 2.3.3 (third level: twelve hours at most and 15 minutes without use); OWASP ASVS 5.0.0, 7.3.1 and 7.3.2 (both
//! limits exist and are written down with their reasons). Staff see other people's records, on machines that others
//! reach; patients see their own, mostly on their own phone.

use jiff::{SignedDuration, Timestamp};
use shared_types::users::Claims;

/// The limits of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// How long it lasts without being refreshed.
    idle: SignedDuration,
    /// How long it lasts at all.
    longest: SignedDuration,
}

/// Staff of the platform, who may help at every practice.
const PLATFORM: SessionLimits =
    SessionLimits { idle: SignedDuration::from_mins(15), longest: SignedDuration::from_hours(4) };
/// Staff of a practice: a shift.
const PRACTICE: SessionLimits =
    SessionLimits { idle: SignedDuration::from_mins(30), longest: SignedDuration::from_hours(12) };
/// Everybody else.
const PATIENT: SessionLimits =
    SessionLimits { idle: SignedDuration::from_hours(24 * 14), longest: SignedDuration::from_hours(24 * 90) };

impl SessionLimits {
    /// The limits by what an account may do now, which is not always what it could when it signed in.
    pub fn of(claims: &Claims) -> Self {
        match (claims.platform.as_slice(), claims.memberships.as_slice()) {
            ([_, ..], _) => PLATFORM,
            ([], [_, ..]) => PRACTICE,
            ([], []) => PATIENT,
        }
    }

    /// When a session ends that began and was last refreshed then.
    pub fn end(self, began_at: Timestamp, refreshed_at: Timestamp) -> Timestamp {
        (refreshed_at + self.idle).min(began_at + self.longest)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use shared_types::users::{Claims, Membership, PlatformRole, StaffRole, Strength};
    use uuid::Uuid;

    use super::{PATIENT, PLATFORM, PRACTICE, SessionLimits};

    fn claims(platform: Vec<PlatformRole>, memberships: Vec<Membership>) -> Claims {
        Claims {
            session_id: Uuid::from_u128(1).into(),
            account_id: Uuid::from_u128(2).into(),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships,
            platform,
            issued_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_most_that_somebody_is_counts() {
        let works =
            Membership { organization_id: Uuid::from_u128(3).into(), roles: vec![StaffRole::Reception] };
        let support = vec![PlatformRole::Support];
        assert_eq!(SessionLimits::of(&claims(Vec::new(), Vec::new())), PATIENT);
        assert_eq!(SessionLimits::of(&claims(Vec::new(), vec![works.clone()])), PRACTICE);
        assert_eq!(SessionLimits::of(&claims(support.clone(), Vec::new())), PLATFORM);
        assert_eq!(SessionLimits::of(&claims(support, vec![works])), PLATFORM);
    }

    #[test]
    fn a_session_ends_at_whichever_limit_comes_first() {
        let began = Timestamp::UNIX_EPOCH;
        let after = |minutes: i64| began + SignedDuration::from_mins(minutes);
        assert_eq!(PRACTICE.end(began, after(60)), after(90));
        assert_eq!(PRACTICE.end(began, after(710)), after(720));
        assert_eq!(PLATFORM.end(began, after(60)), after(75));
        assert_eq!(PLATFORM.end(began, after(230)), after(240));
    }
}
