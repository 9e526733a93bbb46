//! What a practice's pages work out by themselves: who gets in, and roles in words.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use shared_types::{
    OrganizationId,
    users::{Me, StaffRole, Strength},
};

/// Whether somebody may see a page of a practice. The server decides again; this says why without asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// They may, with these roles.
    In(Vec<StaffRole>),
    /// They do not work there.
    Stranger,
    /// What they do there does not include it.
    NotAllowed,
    /// They signed in with a password alone.
    TooWeak,
}

/// Whether `me` may see a page for these roles.
pub fn admit(me: &Me, organization_id: OrganizationId, needs: &[StaffRole]) -> Admission {
    let membership = me.memberships.iter().find(|one| one.organization_id == organization_id);
    match membership {
        None => Admission::Stranger,
        Some(membership) if !membership.roles.iter().any(|role| needs.contains(role)) => {
            Admission::NotAllowed
        }
        Some(_) if me.strength < Strength::PasswordAndCode => Admission::TooWeak,
        Some(membership) => Admission::In(membership.roles.clone()),
    }
}

/// What to call a practice.
pub fn practice_name(me: &Me, organization_id: OrganizationId) -> &str {
    let named = me.practices.iter().find(|practice| practice.organization_id == organization_id);
    named.map_or("Your practice", |practice| practice.name.as_str())
}

/// The day that an instant has in UTC.
pub fn utc_day(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

/// What somebody does at a practice.
pub fn role_words(role: StaffRole) -> &'static str {
    match role {
        StaffRole::Practitioner => "Practitioner",
        StaffRole::Reception => "Reception",
        StaffRole::Billing => "Billing",
        StaffRole::Manager => "Manager",
        StaffRole::Owner => "Owner",
    }
}

/// What a role may do, for whoever chooses it.
pub fn role_hint(role: StaffRole) -> &'static str {
    match role {
        StaffRole::Practitioner => "Practitioner: gives care, reads sealed messages",
        StaffRole::Reception => "Reception: keeps the desk, reads sealed messages",
        StaffRole::Billing => "Billing: looks after money, reads no sealed messages",
        StaffRole::Manager => "Manager: runs the practice, invites staff, reads sealed messages",
        StaffRole::Owner => "Owner: answers for all of it, gives and takes away keys",
    }
}

/// `Reception and Manager`.
pub fn roles_words(roles: &[StaffRole]) -> String {
    roles.iter().map(|role| role_words(*role)).collect::<Vec<_>>().join(" and ")
}

/// The roles with one more, or one fewer.
pub fn with_role(roles: &[StaffRole], role: StaffRole, ticked: bool) -> Vec<StaffRole> {
    let mut roles: Vec<_> = roles.iter().copied().filter(|one| *one != role).collect();
    if ticked {
        roles.push(role);
        roles.sort_unstable();
    }
    roles
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared_types::users::{Me, StaffRole};

    use super::{Admission, admit, practice_name, roles_words, with_role};

    const PRACTICE: &str = "00000000-0000-7000-8000-000000000001";

    fn me(strength: &str, roles: &[&str]) -> Me {
        serde_json::from_value(json!({
            "account_id": "00000000-0000-7000-8000-000000000009",
            "email": "robin@example.org",
            "patient_id": null,
            "acts_for": [],
            "memberships": [{ "org": PRACTICE, "roles": roles }],
            "practices": [{ "organization_id": PRACTICE, "name": "Wattle Lane Physio" }],
            "platform": [],
            "strength": strength,
            "signed_in_at": "2026-11-22T22:00:00Z",
            "totp": false,
            "passkeys": 0,
            "recovery_codes_left": 0,
            "keys": null,
        }))
        .unwrap()
    }

    #[test]
    fn only_staff_with_the_role_and_a_second_proof_get_in() {
        let practice = PRACTICE.parse().unwrap();
        let other = "00000000-0000-7000-8000-000000000002".parse().unwrap();
        let reception = me("passkey", &["reception"]);
        assert_eq!(
            admit(&reception, practice, &StaffRole::READERS),
            Admission::In(vec![StaffRole::Reception])
        );
        assert_eq!(admit(&reception, other, &StaffRole::READERS), Admission::Stranger);
        assert_eq!(admit(&reception, practice, &[StaffRole::Owner]), Admission::NotAllowed);
        let billing = me("passkey", &["billing"]);
        assert_eq!(admit(&billing, practice, &StaffRole::READERS), Admission::NotAllowed);
        let weak = me("password", &["owner"]);
        assert_eq!(admit(&weak, practice, &StaffRole::READERS), Admission::TooWeak);
    }

    #[test]
    fn a_practice_has_its_name_or_a_plain_one() {
        let me = me("passkey", &["owner"]);
        assert_eq!(practice_name(&me, PRACTICE.parse().unwrap()), "Wattle Lane Physio");
        let other = "00000000-0000-7000-8000-000000000002".parse().unwrap();
        assert_eq!(practice_name(&me, other), "Your practice");
    }

    #[test]
    fn roles_are_ticked_and_unticked() {
        let roles = with_role(&[StaffRole::Reception], StaffRole::Practitioner, true);
        assert_eq!(roles, [StaffRole::Practitioner, StaffRole::Reception]);
        assert_eq!(roles_words(&roles), "Practitioner and Reception");
        assert!(with_role(&[StaffRole::Reception], StaffRole::Reception, false).is_empty());
    }
}
