//! The log's words in everybody's: who, what and what for. An operation that is not in the table yet is named as the log
//! names it.

use std::collections::BTreeMap;

use shared_types::{AccessGrantId, AccountId, OrganizationId};
use transparency::{Details, Entry};

use super::Line;

/// What the page knows beside the log, to give things their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Whose page it is.
    pub me: Option<AccountId>,
    /// Practices by their ids.
    pub practices: BTreeMap<OrganizationId, String>,
    /// Why platform staff may look, by the ids of the stated reasons.
    pub reasons: BTreeMap<AccessGrantId, String>,
}

/// What a service is called here.
pub fn service_name(service: &str) -> &'static str {
    match service {
        "users" => "Account",
        "bookings" => "Bookings",
        "providers" => "Search and practices",
        "payments" => "Payments and cards",
        "notifications" => "Messages",
        _ => "Another part of HelloMapper",
    }
}

/// Who did it.
pub fn who(details: &Details, known: &Known) -> String {
    if let Some(id) = details.access_grant_id {
        return match known.reasons.get(&id.into()) {
            Some(reason) => format!("HelloMapper support, reason: {reason}"),
            None => "HelloMapper support, by a stated reason".to_owned(),
        };
    }
    let me = known.me.map(|id| id.to_string());
    let mine = me.is_some() && details.actor == me;
    if let Some(id) = details.organization_id {
        let practice = known.practices.get(&id.into()).map_or("a practice", String::as_str);
        return if mine { format!("You, for {practice}") } else { format!("Staff of {practice}") };
    }
    match details.actor_kind.as_str() {
        "account" if mine => "You",
        "account" if details.on_behalf_of.is_some() => "Somebody who may act for you",
        "account" => "Somebody else who is signed in",
        "guest" => "A browser without an account",
        "link" => "Somebody with the link of the booking",
        "system" => "HelloMapper, by itself",
        "anonymous" => "Somebody who is not signed in",
        other => other,
    }
    .to_owned()
}

/// What it was used for.
pub fn purpose(details: &Details) -> &str {
    match details.purpose.as_str() {
        "booking" => "for an appointment",
        "care" => "to give care",
        "payment" => "to settle what is owed",
        "account" => "to sign in and keep the account safe",
        "own_record" => "because the record is theirs",
        "practice" => "to run the practice",
        "support" => "to help, by a stated reason",
        "administration" => "to run HelloMapper",
        other => other,
    }
}

/// What was done; a refused try is called one.
pub fn what(line: &Line<'_>) -> String {
    let Some(Entry { action, .. }) = line.act() else {
        return "Details were destroyed at the end of their time".to_owned();
    };
    let words =
        act_words(action).map_or_else(|| format!("Did “{}”", action.replace('_', " ")), str::to_owned);
    if line.was_refused() { format!("Tried and was refused: {}", lower_first(&words)) } else { words }
}

/// An operation in words, when it has any.
pub fn act_words(action: &str) -> Option<&'static str> {
    ACTS.iter().find(|(name, _)| *name == action).map(|(_, words)| *words)
}

fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Every operation that is written down about a person, in the order of its name.
pub const ACTS: &[(&str, &str)] = &[
    ("accept_invitation", "Accepted an invitation"),
    ("add_dependant", "Began to look after somebody"),
    ("add_note", "Wrote a sealed message"),
    ("add_practice_note", "Wrote a sealed message"),
    ("add_statement", "Added a statement to the record of a booking"),
    ("ask_change_email", "Asked for another e-mail address"),
    ("ask_erasure", "Closed the account"),
    ("begin_epoch", "Began new keys of a practice"),
    ("cancel_appointment", "Cancelled an appointment"),
    ("change_email", "Changed the e-mail address"),
    ("change_password", "Changed the password"),
    ("change_staff_roles", "Changed what somebody does at a practice"),
    ("claim_bookings", "Took over bookings made as a guest"),
    ("confirm_hold", "Booked an appointment"),
    ("confirm_totp", "Turned an authenticator app on"),
    ("create_account", "Opened the account"),
    ("create_claim_ticket", "Stated the e-mail address and date of birth, to take over bookings"),
    ("create_hold", "Held a time"),
    ("create_passkey", "Added a passkey"),
    ("create_payment", "Noted what a booking costs"),
    ("create_recovery_codes", "Made new recovery codes"),
    ("decide_breach_incident", "Decided about an incident"),
    ("delete_coverage", "Removed card numbers"),
    ("delete_passkey", "Removed a passkey"),
    ("delete_session", "Ended a sign-in elsewhere"),
    ("delete_totp", "Removed the authenticator app"),
    ("destroy_audit_details", "Destroyed old details of this log at the end of their time"),
    ("destroy_booking", "Destroyed a booking at the end of its time"),
    ("destroy_notes", "Destroyed sealed messages at the end of their time"),
    ("destroy_orphan_notes", "Destroyed sealed messages of a booking that was never made"),
    ("dismiss_platform_staff", "Took away a role at HelloMapper"),
    ("download_calendar", "Fetched the calendar file of an appointment"),
    ("end_delegation", "Ended somebody’s leave to act"),
    ("end_dependant", "Stopped looking after somebody"),
    ("erase_person", "Erased what no law keeps"),
    ("export_record", "Gathered everything that is held"),
    ("find_account_keys", "Looked at public keys"),
    ("find_appointment", "Looked at an appointment"),
    ("find_coverage", "Looked at the last digits of card numbers"),
    ("find_erasure", "Looked at how an erasure went"),
    ("find_hold", "Looked at a held time"),
    ("find_mailbox", "Looked at the keys of a practice"),
    ("find_me", "Looked at the account"),
    ("find_patient", "Looked at personal details"),
    ("find_patient_by_grant", "Looked at personal details, by a stated reason"),
    ("give_keys", "Gave keys of a practice to its staff"),
    ("grant_access", "Stated a reason to look at a record"),
    ("invite_carer", "Asked somebody to act for the patient"),
    ("invite_owner", "Invited an owner to a practice"),
    ("invite_staff", "Invited somebody to a practice"),
    ("invite_to_own_record", "Invited somebody to take over their record"),
    ("list_access_grants", "Looked at the reasons by which support may look"),
    ("list_audit_trail", "Looked at this log"),
    ("list_consents", "Looked at what was agreed to"),
    ("list_delegations", "Looked at who may act for whom"),
    ("list_dependants", "Looked at people looked after"),
    ("list_my_appointments", "Looked at a list of appointments"),
    ("list_note_inbox", "Looked at which bookings have sealed messages"),
    ("list_notes", "Fetched sealed messages"),
    ("list_passkeys", "Looked at the passkeys"),
    ("list_patient_appointments", "Looked at a list of appointments, by a stated reason"),
    ("list_practice_appointments", "Looked at the practice’s list of appointments"),
    ("list_practice_notes", "Fetched sealed messages"),
    ("list_sessions", "Looked at where the account is signed in"),
    ("list_staff", "Looked at the staff of a practice"),
    ("list_statements", "Looked at statements beside a record"),
    ("move_appointment", "Moved an appointment"),
    ("name_platform_staff", "Gave a role at HelloMapper"),
    ("open_breach_incident", "Began to look into an incident"),
    ("open_manage_link", "Opened the link of a booking"),
    ("plan_erasure", "Looked at what closing the account would mean"),
    ("put_coverage", "Kept card numbers"),
    ("put_dependant", "Changed the details of somebody looked after"),
    ("put_identity", "Published public keys"),
    ("put_note", "Wrote a sealed message"),
    ("put_patient", "Changed personal details"),
    ("put_wrapped_keys", "Kept keys in new wrappings"),
    ("queue_message", "Wrote a message to be sent"),
    ("refresh_session", "Stayed signed in"),
    ("release_hold", "Let a held time go"),
    ("remove_staff", "Removed somebody from a practice"),
    ("reseal_coverage", "Locked card numbers with a newer key"),
    ("reset_password", "Chose a new password by a link"),
    ("revoke_session", "Ended a sign-in elsewhere"),
    ("send_manage_code", "Asked for a code by e-mail"),
    ("send_message", "Sent a message"),
    ("sign_in", "Signed in with the password"),
    ("sign_in_with_code", "Signed in with a code"),
    ("sign_in_with_passkey", "Signed in with a passkey"),
    ("sign_out", "Signed out"),
    ("sign_out_everywhere", "Signed out everywhere"),
    ("start_passkey", "Began to add a passkey"),
    ("start_password_reset", "Asked for a link to choose a new password"),
    ("start_totp", "Began to set up an authenticator app"),
    ("verify_email", "Confirmed an e-mail address"),
    ("void_payment", "Noted that nothing is to be paid"),
    ("withdraw_consent", "Took back an agreement"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared_types::AccountId;
    use transparency::{Details, Outcome};
    use uuid::Uuid;

    use super::{ACTS, Known, act_words, purpose, what, who};
    use crate::record::{Line, tests::entry};

    fn details() -> Details {
        entry(1, 1).logged.entry.unwrap().details
    }

    fn known() -> Known {
        Known {
            me: Some(AccountId(Uuid::from_u128(7))),
            practices: BTreeMap::from([(Uuid::from_u128(3).into(), "Wattle Lane Physio".to_owned())]),
            reasons: BTreeMap::from([(
                Uuid::from_u128(4).into(),
                "You asked us to find a booking".to_owned(),
            )]),
        }
    }

    #[test]
    fn people_practices_and_support_have_their_names() {
        let somebody = || Details { actor: Some(Uuid::from_u128(8).to_string()), ..details() };
        let (practice, other, reason) =
            (Some(Uuid::from_u128(3)), Some(Uuid::from_u128(5)), Some(Uuid::from_u128(4)));
        for (details, words) in [
            (details(), "You"),
            (somebody(), "Somebody else who is signed in"),
            (Details { on_behalf_of: other, ..somebody() }, "Somebody who may act for you"),
            (Details { organization_id: practice, ..somebody() }, "Staff of Wattle Lane Physio"),
            (Details { organization_id: other, ..somebody() }, "Staff of a practice"),
            (Details { organization_id: practice, ..details() }, "You, for Wattle Lane Physio"),
            (
                Details { access_grant_id: reason, ..somebody() },
                "HelloMapper support, reason: You asked us to find a booking",
            ),
            (Details { access_grant_id: other, ..somebody() }, "HelloMapper support, by a stated reason"),
            (
                Details { actor_kind: "system".to_owned(), actor: Some("a job".to_owned()), ..details() },
                "HelloMapper, by itself",
            ),
        ] {
            assert_eq!(who(&details, &known()), words);
        }
        // A stranger without an account is not taken for somebody who is not known.
        let nobody = Details { actor: None, actor_kind: "anonymous".to_owned(), ..details() };
        assert_eq!(who(&nobody, &Known::default()), "Somebody who is not signed in");
    }

    #[test]
    fn acts_have_words_and_unknown_ones_their_names() {
        let mut entry = entry(1, 1);
        let words = |entry: &_| {
            what(&Line { service: "users", entry, verdict: None, at: jiff::Timestamp::UNIX_EPOCH })
        };
        assert_eq!(words(&entry), "Looked at an appointment");
        let act = entry.logged.entry.as_mut().unwrap();
        act.outcome = Outcome::Denied;
        assert_eq!(words(&entry), "Tried and was refused: looked at an appointment");
        let act = entry.logged.entry.as_mut().unwrap();
        (act.outcome, act.action) = (Outcome::Allowed, "paint_it_black".to_owned());
        assert_eq!(words(&entry), "Did “paint it black”");
        entry.logged.entry = None;
        assert_eq!(words(&entry), "Details were destroyed at the end of their time");
        assert_eq!(purpose(&details()), "for an appointment");
    }

    #[test]
    fn the_table_is_in_order_and_says_each_thing_once() {
        assert!(ACTS.is_sorted_by(|one, other| one.0 < other.0));
        assert_eq!(act_words("find_me"), Some("Looked at the account"));
    }
}
