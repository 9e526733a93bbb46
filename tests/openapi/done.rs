//! Which operations of practices and of the platform must have been done, and what came of each that was tried.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// What must have been done at least once, by service. What depends on how far something else has come is not among it.
const DONE: [(&str, &[&str]); 5] = [
    (
        "users",
        &[
            "change_staff_roles",
            "dismiss_platform_staff",
            "end_grant",
            "find_mailbox",
            "find_patient_by_grant",
            "grant_access",
            "invite_owner",
            "invite_staff",
            "list_living_grants",
            "list_note_inbox",
            "list_staff",
            "name_platform_staff",
            "remove_staff",
        ],
    ),
    ("providers", &["list_listings", "suspend_listing"]),
    (
        "bookings",
        &[
            "check_outside",
            "check_series",
            "create_appointment",
            "create_appointment_type",
            "create_resource",
            "create_role_feed",
            "create_webhook",
            "delete_role_feed",
            "delete_webhook",
            "fhir_read_practice_appointment",
            "find_calendar",
            "find_external_calendar",
            "find_role_feed",
            "find_schedule",
            "list_deliveries",
            "list_disputes",
            "list_mistakes",
            "list_outside",
            "list_patient_appointments",
            "list_practice_appointments",
            "list_practice_bookings",
            "list_practice_disputes",
            "list_practice_mistakes",
            "list_practice_pools",
            "list_practice_roles",
            "list_practice_waitlist",
            "list_requests",
            "list_resources",
            "list_reviews",
            "list_role_types",
            "list_unmarked",
            "list_webhooks",
            "ping_webhook",
            "put_keeper",
            "put_schedule",
            "rotate_webhook_secret",
            "set_webhook_active",
        ],
    ),
    (
        "payments",
        &[
            "export_payout",
            "export_transactions",
            "find_bulk_billing",
            "find_claim",
            "find_claim_totals",
            "find_fees",
            "find_funding",
            "find_medicare_setup",
            "find_payout",
            "find_platform_payment",
            "find_platform_statement",
            "find_practice_account",
            "find_role_setup",
            "find_statement",
            "list_chargebacks",
            "list_claims",
            "list_mbs_loads",
            "list_negative_balances",
            "list_payment_runs",
            "list_payout_holds",
            "list_payouts",
            "list_platform_refunds",
            "list_practice_assignments",
            "list_practice_chargebacks",
            "list_practice_invoices",
            "list_reconciliations",
            "list_refused_shares",
            "list_run_claims",
            "list_transactions",
            "list_unclaimed_visits",
            "list_unpaid_payments",
            "print_practice_assignment",
            "print_practice_invoice",
            "put_bulk_billing",
            "put_funding",
            "put_medicare_setup",
            "put_practice_account",
            "put_role_setup",
            "search_platform_payments",
            "start_onboarding",
            "start_reconciliation",
        ],
    ),
    (
        "notifications",
        &["list_platform_undelivered", "list_practice_previews", "list_previews", "list_undelivered"],
    ),
];

/// How each operation was answered: its statuses, and what was said to those that were called rightly in vain.
#[derive(Debug, Default)]
pub struct Answers(BTreeMap<String, BTreeSet<(u16, String)>>);

impl Answers {
    /// As `hooks.py` wrote them down.
    pub fn read(file: &Path) -> Self {
        let mut answers = BTreeMap::<_, BTreeSet<_>>::new();
        for line in fs::read_to_string(file).unwrap_or_default().lines() {
            let mut parts = line.splitn(3, ' ');
            let (name, status) = (parts.next().unwrap(), parts.next().unwrap());
            let why = parts.next().unwrap_or_default().to_owned();
            answers.entry(name.to_owned()).or_default().insert((status.parse().unwrap(), why));
        }
        Self(answers)
    }

    /// What a service should have done and never did, or answered with an error of its own: a line for each.
    pub fn wrong(&self, service: &str) -> Vec<String> {
        let (_, must) = DONE.into_iter().find(|(name, _)| *name == service).unwrap();
        let never = must.iter().filter(|name| !self.is_any(name, is_done));
        let never = never.map(|name| format!("{service}: {name} was never done: {:?}", self.0.get(*name)));
        let broken = self.0.keys().filter(|name| self.is_any(name, |status| status >= 500));
        let broken = broken.map(|name| format!("{service}: {name} broke: {:?}", self.0.get(name)));
        never.chain(broken).collect()
    }

    /// What was tried and not done once, with its statuses. That is no fault by itself.
    pub fn never_done(&self) -> Vec<String> {
        let never = self.0.iter().filter(|(name, _)| !self.is_any(name, is_done));
        let line = |(name, answers): (&String, &BTreeSet<(u16, String)>)| {
            let statuses: BTreeSet<u16> = answers.iter().map(|(status, _)| *status).collect();
            format!("{name} {statuses:?}")
        };
        never.map(line).collect()
    }

    fn is_any(&self, name: &str, status: impl Fn(u16) -> bool) -> bool {
        self.0.get(name).is_some_and(|answers| answers.iter().any(|(had, _)| status(*had)))
    }
}

fn is_done(status: u16) -> bool {
    (200..300).contains(&status)
}
