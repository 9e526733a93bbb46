//! The log's words in everybody's: who, what and what for. An operation that is not in the table yet is named as the log
//! names it.

use std::collections::BTreeMap;

use shared_types::{AccessGrantId, AccountId, OrganizationId, users::AccessGrant};
use transparency::{Details, Entry};

use super::Line;

/// What the page knows beside the log, to give things their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Whose page it is.
    pub me: Option<AccountId>,
    /// Practices by their ids.
    pub practices: BTreeMap<OrganizationId, String>,
    /// Why platform staff may or might look, by the ids of the stated reasons.
    pub reasons: BTreeMap<AccessGrantId, String>,
    /// The same as they were stated, the newest first.
    pub grants: Vec<AccessGrant>,
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
        "link" if details.resource_kind == "calendar_feed" => "A calendar that has the secret address",
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
    ("accept_appointment", "Accepted a request for an appointment"),
    ("accept_invitation", "Accepted an invitation"),
    ("act_on_appointment", "Did something with an appointment"),
    ("add_card", "Began to keep a card to pay with"),
    ("add_dependant", "Began to look after somebody"),
    ("add_note", "Wrote a sealed message"),
    ("add_practice_note", "Wrote a sealed message"),
    ("add_statement", "Added a statement to the record of a booking"),
    ("agree_to_charge", "Agreed to a higher charge"),
    ("answer_assignment", "Answered whether the Medicare benefit goes to the practice"),
    ("answer_dispute", "Answered what the practice disputes"),
    ("answer_for_practice", "Answered a dispute for the practice"),
    ("answer_proposal", "Answered to a proposed time"),
    ("answer_reminder", "Said, by answering a reminder, that the patient will come"),
    ("answer_text", "Answered a text message"),
    ("arrive_appointment", "Noted that the patient is there"),
    ("ask_change_email", "Asked for another e-mail address"),
    ("ask_erasure", "Closed the account"),
    ("ask_for_charge", "Asked to agree to a higher charge"),
    ("ask_to_hold_payment", "Had the price held on a card"),
    ("ask_to_let_payment_go", "Had a payment let go"),
    ("ask_to_take_fee", "Had a fee taken from a card"),
    ("ask_to_take_payment", "Had a payment taken from a card"),
    ("begin_epoch", "Began new keys of a practice"),
    ("begin_refund", "Began to give money back"),
    ("cancel_appointment", "Cancelled an appointment"),
    ("cancel_by_practice", "Cancelled an appointment for the practice"),
    ("cancel_for_patient", "Cancelled an appointment because the patient asked"),
    ("cancel_my_series", "Cancelled visits of a series"),
    ("cancel_series", "Cancelled visits of a series for the practice"),
    ("change_claim", "Noted where a Medicare claim stands"),
    ("change_email", "Changed the e-mail address"),
    ("change_password", "Changed the password"),
    ("change_practice_account", "Noted whether a practice can be paid"),
    ("change_staff_roles", "Changed what somebody does at a practice"),
    ("check_in_appointment", "Checked the patient in"),
    ("check_series", "Looked for times for a series of visits"),
    ("claim_bookings", "Took over bookings made as a guest"),
    ("complete_appointment", "Noted that the visit is over"),
    ("complete_payment", "Noted that a visit that is paid for is over"),
    ("complete_unmarked", "Took a visit that nobody marked as having taken place"),
    ("confirm_attendance", "Said that the patient will come"),
    ("confirm_hold", "Booked an appointment"),
    ("confirm_paid_appointment", "Made the booking that was paid for"),
    ("confirm_totp", "Turned an authenticator app on"),
    ("create_account", "Opened the account"),
    ("create_appointment", "Booked an appointment at the desk"),
    ("create_appointment_type", "Offered a new kind of visit"),
    ("create_calendar_feed", "Made a secret address for a calendar of the appointments"),
    ("create_claim_ticket", "Stated the e-mail address and date of birth, to take over bookings"),
    ("create_hold", "Held a time"),
    ("create_passkey", "Added a passkey"),
    ("create_payment", "Noted what a booking costs"),
    ("create_pool", "Offered several people’s times as one"),
    ("create_recovery_codes", "Made new recovery codes"),
    ("create_resource", "Added a room or device"),
    ("create_role_feed", "Made a secret address for a calendar of a practitioner’s appointments"),
    ("create_series", "Booked a series of visits at the desk"),
    ("create_webhook", "Had the practice told of its appointments at an address"),
    ("decide_breach_incident", "Decided about an incident"),
    ("decide_dispute", "Decided a dispute"),
    ("decide_refund", "Decided whether money goes back"),
    ("decline_appointment", "Declined a request for an appointment"),
    ("delete_calendar_feed", "Switched the secret address of the calendar off"),
    ("delete_card", "Removed a card to pay with"),
    ("delete_coverage", "Removed card numbers"),
    ("delete_external_calendar", "Stopped reading a practitioner’s other calendar"),
    ("delete_passkey", "Removed a passkey"),
    ("delete_push_subscription", "Switched messages on a device off"),
    ("delete_role_feed", "Switched the secret address of a practitioner’s calendar off"),
    ("delete_session", "Ended a sign-in elsewhere"),
    ("delete_totp", "Removed the authenticator app"),
    ("delete_webhook", "Had an address told of nothing any more"),
    ("destroy_audit_details", "Destroyed old details of this log at the end of their time"),
    ("destroy_booking", "Destroyed a booking at the end of its time"),
    ("destroy_notes", "Destroyed sealed messages at the end of their time"),
    ("destroy_orphan_notes", "Destroyed sealed messages of a booking that was never made"),
    ("dismiss_platform_staff", "Took away a role at HelloMapper"),
    ("dispute_absence", "Disputed, for the practice, that nobody was there"),
    ("download_calendar", "Fetched the calendar file of an appointment"),
    ("draft_claim", "Drafted a Medicare claim"),
    ("end_delegation", "Ended somebody’s leave to act"),
    ("end_dependant", "Stopped looking after somebody"),
    ("end_grant", "Ended a stated reason before its time"),
    ("enter_in_error", "Marked an appointment as entered by mistake"),
    ("erase_person", "Erased what no law keeps"),
    ("expire_appointment", "Ended a request that the practice did not answer"),
    ("expire_assignment", "Ended a question about the Medicare benefit that nobody answered"),
    ("expire_payment_hold", "Noted that money is not held on a card any more"),
    ("export_payout", "Fetched a file of what a payout is made of"),
    ("export_record", "Gathered everything that is held"),
    ("export_transactions", "Fetched a file of the practice’s payments"),
    ("fail_payment", "Noted that a card was not charged"),
    ("fail_refund", "Noted that money could not be given back"),
    ("fhir_book", "Booked through another program (FHIR)"),
    ("fhir_read_appointment", "Looked at an appointment, through another program"),
    ("fhir_read_practice_appointment", "Looked at an appointment of the practice, through another program"),
    ("find_account_keys", "Looked at public keys"),
    ("find_appointment", "Looked at an appointment"),
    ("find_bulk_billing", "Looked whether the practice bulk bills everything"),
    ("find_calendar", "Looked at the practice’s calendar"),
    ("find_calendar_feed", "Looked whether the calendar has a secret address"),
    ("find_chargeback", "Looked at a charge that a cardholder disputes"),
    ("find_claim", "Looked at a Medicare claim"),
    ("find_claim_totals", "Looked at what the practice claimed in all"),
    ("find_coverage", "Looked at the last digits of card numbers"),
    ("find_dispute", "Looked at what can be disputed"),
    ("find_erasure", "Looked at how an erasure went"),
    ("find_external_calendar", "Looked at a practitioner’s other calendar"),
    ("find_fees", "Looked at what HelloMapper takes"),
    ("find_funding", "Looked at who pays for a kind of visit"),
    ("find_hold", "Looked at a held time"),
    ("find_mailbox", "Looked at the keys of a practice"),
    ("find_me", "Looked at the account"),
    ("find_medicare_setup", "Looked at the practice’s Medicare details"),
    ("find_my_series", "Looked at a series of visits"),
    ("find_patient", "Looked at personal details"),
    ("find_patient_by_grant", "Looked at personal details, by a stated reason"),
    ("find_payment", "Looked at what a booking costs and what was paid"),
    ("find_payout", "Looked at what a payout is made of"),
    ("find_platform_payment", "Looked at a payment"),
    ("find_platform_statement", "Looked at HelloMapper’s own books"),
    ("find_practice_account", "Looked at the practice’s account for payments"),
    ("find_preferences", "Looked at how to be told of things"),
    ("find_proposal", "Looked at a proposed time"),
    ("find_reconciliation", "Looked at a comparison with the card processor"),
    ("find_role_feed", "Looked whether a practitioner’s calendar has a secret address"),
    ("find_role_setup", "Looked at a practitioner’s Medicare details"),
    ("find_schedule", "Looked at when a practitioner can be booked"),
    ("find_series", "Looked at a series of visits at the practice"),
    ("find_statement", "Looked at the practice’s books"),
    ("finish_refund", "Gave money back"),
    ("forget_push_subscription", "Forgot a device that takes no messages any more"),
    ("give_keys", "Gave keys of a practice to its staff"),
    ("give_up_appointment", "Ended a booking that nobody paid for in time"),
    ("grant_access", "Stated a reason to look at a record"),
    ("hold_from_pool", "Held a time"),
    ("hold_payment", "Held the price on a card"),
    ("hold_payouts", "Held a practice’s payouts back"),
    ("invite_carer", "Asked somebody to act for the patient"),
    ("invite_owner", "Invited an owner to a practice"),
    ("invite_staff", "Invited somebody to a practice"),
    ("invite_to_own_record", "Invited somebody to take over their record"),
    ("issue_invoice", "Wrote an invoice"),
    ("join_waitlist", "Joined a waitlist"),
    ("keep_fee", "Noted that a fee stays owed"),
    ("lapse_appointment", "Cancelled an appointment whose card could not be charged"),
    ("leave_waitlist", "Left a waitlist"),
    ("let_go_unbooked_payment", "Let money go for a time that was never booked"),
    ("list_access_grants", "Looked at the reasons by which support may look"),
    ("list_assignments", "Looked at agreements about the Medicare benefit"),
    ("list_audit_trail", "Looked at this log"),
    ("list_cards", "Looked at the cards to pay with"),
    ("list_chargebacks", "Looked at charges that cardholders dispute"),
    ("list_claims", "Looked at the practice’s Medicare claims"),
    ("list_consents", "Looked at what was agreed to"),
    ("list_delegations", "Looked at who may act for whom"),
    ("list_deliveries", "Looked at what a webhook was told"),
    ("list_dependants", "Looked at people looked after"),
    ("list_disputes", "Looked at disputes to decide"),
    ("list_invoices", "Looked at the invoices of a booking"),
    ("list_living_grants", "Looked at their own stated reasons"),
    ("list_mbs_loads", "Looked at which schedules of Medicare are known"),
    ("list_my_appointments", "Looked at a list of appointments"),
    ("list_my_payments", "Looked at a list of payments"),
    ("list_negative_balances", "Looked at which practices owe money"),
    ("list_note_inbox", "Looked at which bookings have sealed messages"),
    ("list_notes", "Fetched sealed messages"),
    ("list_notices", "Looked at notices"),
    ("list_passkeys", "Looked at the passkeys"),
    ("list_patient_appointments", "Looked at a list of appointments, by a stated reason"),
    ("list_payout_holds", "Looked at payouts that are held back"),
    ("list_payouts", "Looked at the practice’s payouts"),
    ("list_platform_refunds", "Looked at refunds to decide"),
    ("list_practice_appointments", "Looked at the practice’s list of appointments"),
    ("list_practice_assignments", "Looked at the practice’s agreements about Medicare benefits"),
    ("list_practice_bookings", "Looked at bookings with the practice"),
    ("list_practice_chargebacks", "Looked at charges of the practice that cardholders dispute"),
    ("list_practice_disputes", "Looked at disputes with the practice"),
    ("list_practice_invoices", "Looked at the practice’s invoices"),
    ("list_practice_notes", "Fetched sealed messages"),
    ("list_practice_pools", "Looked at the practice’s pools"),
    ("list_practice_roles", "Looked at the practice’s people"),
    ("list_practice_waitlist", "Looked at who waits for the practice’s people"),
    ("list_previews", "Looked at what messages look like"),
    ("list_push_subscriptions", "Looked at the devices that show messages"),
    ("list_reconciliations", "Looked at comparisons with the card processor"),
    ("list_refunds", "Looked at what of a booking was given back"),
    ("list_resources", "Looked at the practice’s rooms and devices"),
    ("list_role_types", "Looked at the kinds of visits"),
    ("list_sessions", "Looked at where the account is signed in"),
    ("list_staff", "Looked at the staff of a practice"),
    ("list_statements", "Looked at statements beside a record"),
    ("list_transactions", "Looked at the practice’s payments"),
    ("list_unclaimed_visits", "Looked at visits that are not claimed from Medicare yet"),
    ("list_undelivered", "Looked at messages that did not arrive"),
    ("list_waitlist", "Looked at waitlists"),
    ("list_webhooks", "Looked at the practice’s webhooks"),
    ("load_schedule", "Loaded a schedule of Medicare"),
    ("load_schedule_list", "Loaded a list that belongs to Medicare’s schedule"),
    ("lose_chargeback", "Noted that a bank decided for the cardholder"),
    ("mark_no_show", "Noted that the patient did not come"),
    ("mark_practitioner_absent", "Noted that the practitioner did not come"),
    ("move_appointment", "Moved an appointment"),
    ("move_payment", "Moved a payment along with its appointment"),
    ("move_to_bulk_billing", "Bulk billed a booking after all"),
    ("name_platform_staff", "Gave a role at HelloMapper"),
    ("note_payment_failure", "Noted that a card was not charged"),
    ("offer_assignment", "Asked whether the Medicare benefit goes to the practice"),
    ("offer_time", "Offered a time that had freed up"),
    ("open_assignment", "Opened a letter about the Medicare benefit"),
    ("open_breach_incident", "Began to look into an incident"),
    ("open_chargeback", "Noted that a cardholder disputes a charge"),
    ("open_dispute", "Disputed what was noted of an appointment"),
    ("open_manage_link", "Opened the link of a booking"),
    ("open_payment_page", "Opened the card processor’s page"),
    ("owe_fee", "Noted that a fee is owed"),
    ("ping_webhook", "Sent a test to an address of the practice"),
    ("plan_erasure", "Looked at what closing the account would mean"),
    ("print_assignment", "Fetched a copy of an agreement about the Medicare benefit"),
    ("print_invoice", "Fetched an invoice"),
    ("print_practice_assignment", "Fetched the practice’s copy of an agreement about the Medicare benefit"),
    ("print_practice_invoice", "Fetched an invoice of the practice"),
    ("propose_time", "Proposed another time"),
    ("put_appointment_type", "Changed a kind of visit"),
    ("put_bulk_billing", "Said whether the practice bulk bills everything"),
    ("put_claim", "Changed a Medicare claim"),
    ("put_coverage", "Kept card numbers"),
    ("put_dependant", "Changed the details of somebody looked after"),
    ("put_evidence", "Wrote what speaks for a charge"),
    ("put_external_calendar", "Had a practitioner’s other calendar read"),
    ("put_funding", "Changed who pays for a kind of visit"),
    ("put_identity", "Published public keys"),
    ("put_keeper", "Gave a schedule to somebody to keep"),
    ("put_medicare_setup", "Changed the practice’s Medicare details"),
    ("put_note", "Wrote a sealed message"),
    ("put_patient", "Changed personal details"),
    ("put_pool", "Changed what is offered of several people as one"),
    ("put_practice_account", "Changed what stands on the practice’s invoices"),
    ("put_preferences", "Changed how to be told of things"),
    ("put_push_subscription", "Switched messages on a device on"),
    ("put_role_setup", "Changed a practitioner’s Medicare details"),
    ("put_schedule", "Changed when a practitioner can be booked"),
    ("put_wrapped_keys", "Kept keys in new wrappings"),
    ("queue_message", "Wrote a message to be sent"),
    ("read_calendar_feed", "Read a calendar by its secret address"),
    ("read_notices", "Marked notices as read"),
    ("record_assignment", "Wrote down that the Medicare benefit goes to the practice"),
    ("redeliver", "Sent something once more to an address of the practice"),
    ("refresh_session", "Stayed signed in"),
    ("refund_payment", "Gave money back for the practice"),
    ("refuse_late_payment", "Refused money that came too late"),
    ("release_hold", "Let a held time go"),
    ("release_payouts", "Let a practice’s payouts go again"),
    ("relodge_claim", "Claimed again what Medicare did not pay"),
    ("remove_from_waitlist", "Took somebody off a waitlist"),
    ("remove_staff", "Removed somebody from a practice"),
    ("repair_payment", "Began to pay with another card"),
    ("report_absence", "Said that the practitioner did not come"),
    ("request_refund", "Asked for money to go back"),
    ("reschedule_appointment", "Moved an appointment for the practice"),
    ("reseal_claimant", "Locked who a Medicare benefit is for with a newer key"),
    ("reseal_coverage", "Locked card numbers with a newer key"),
    ("reset_password", "Chose a new password by a link"),
    ("resume_reminders", "Asked for reminders again"),
    ("retire_resource", "Retired a room or device"),
    ("revoke_session", "Ended a sign-in elsewhere"),
    ("rotate_webhook_secret", "Changed the secret that signs what is sent to the practice"),
    ("save_card", "Kept a card to pay with"),
    ("say_running_late", "Said how late a practitioner runs"),
    ("send_again", "Sent a message again"),
    ("send_manage_code", "Asked for a code by e-mail"),
    ("send_message", "Sent a message"),
    ("set_webhook_active", "Switched an address of the practice on or off"),
    ("sign_in", "Signed in with the password"),
    ("sign_in_with_code", "Signed in with a code"),
    ("sign_in_with_passkey", "Signed in with a passkey"),
    ("sign_out", "Signed out"),
    ("sign_out_everywhere", "Signed out everywhere"),
    ("start_appointment", "Noted that the visit began"),
    ("start_onboarding", "Began to set up the practice’s account for payments"),
    ("start_passkey", "Began to add a passkey"),
    ("start_password_reset", "Asked for a link to choose a new password"),
    ("start_payment", "Began to pay"),
    ("start_reconciliation", "Began a comparison with the card processor"),
    ("start_totp", "Began to set up an authenticator app"),
    ("stop_reminders", "Asked for no more reminders"),
    ("stop_webhook", "Switched off an address that did not answer"),
    ("submit_claim", "Sent a claim to Medicare"),
    ("submit_evidence", "Sent to a bank what speaks for a charge"),
    ("take_payment", "Took a payment"),
    ("undo_completion", "Took back that the visit is over"),
    ("verify_claimant", "Asked Medicare whether a patient’s card is good"),
    ("verify_email", "Confirmed an e-mail address"),
    ("void_assignment", "Took back an agreement about the Medicare benefit that was made by mistake"),
    ("void_payment", "Noted that nothing is to be paid"),
    ("waive_fee", "Let a fee go"),
    ("waive_late_fee", "Let a fee for cancelling late go: somebody else took the time"),
    ("watch_notices", "Watched for notices"),
    ("win_chargeback", "Noted that a bank decided for the practice"),
    ("withdraw_assignment", "No longer assigned the Medicare benefit to the practice"),
    ("withdraw_claim", "Took a Medicare claim back"),
    ("withdraw_consent", "Took back an agreement"),
    ("withdraw_proposal", "Took a proposed time back"),
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
            grants: Vec::new(),
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
