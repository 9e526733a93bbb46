//! Every route states who may call it, and here it is stated once more: a new route does not pass until somebody has
//! written down who may call it.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

#[path = "coverage/matrix.rs"]
mod matrix;
#[path = "coverage/records.rs"]
mod records;

use std::collections::BTreeSet;

use hellomapper_tests::{Person, Running};
use kernel::{
    Policy::{self, Account, Holder, Platform, Practice, Public},
    fhir,
};
use reqwest::Method;
use serde_json::Value;
use shared_types::{
    bookings::{practice::CALENDAR_STAFF, schedule::SCHEDULE_STAFF, webhook::WEBHOOK_STAFF},
    payments::{
        claim::CLAIM_STAFF,
        practice::{ACCOUNT_STAFF, MONEY_STAFF},
    },
    users::{PlatformRole, StaffRole},
};

/// Who may call what.
const ACCESS: &[(&str, &str, Policy)] = &[
    ("GET", "/api/v1/bookings/me/audit", Account),
    ("GET", "/api/v1/notifications/me/audit", Account),
    ("GET", "/api/v1/payments/me/audit", Account),
    ("GET", "/api/v1/providers/me/audit", Account),
    ("GET", "/api/v1/users/me/audit", Account),
    ("GET", "/api/v1/bookings/me/export", Account),
    ("GET", "/api/v1/notifications/me/export", Account),
    ("GET", "/api/v1/payments/me/export", Account),
    ("GET", "/api/v1/providers/me/export", Account),
    ("GET", "/api/v1/users/me/export", Account),
    ("GET", "/api/v1/notifications/me/preferences", Account),
    ("PUT", "/api/v1/notifications/me/preferences", Account),
    ("GET", "/api/v1/notifications/me/notices", Account),
    ("POST", "/api/v1/notifications/me/notices/read", Account),
    ("GET", "/api/v1/notifications/me/push-subscriptions", Account),
    ("PUT", "/api/v1/notifications/me/push-subscriptions", Account),
    ("DELETE", "/api/v1/notifications/me/push-subscriptions/{push_subscription_id}", Account),
    ("GET", "/api/v1/notifications/me/stream", Account),
    ("POST", "/api/v1/notifications/texts", Public),
    ("GET", "/api/v1/notifications/unsubscribe/{token}", Public),
    ("POST", "/api/v1/notifications/unsubscribe/{token}", Public),
    ("DELETE", "/api/v1/notifications/unsubscribe/{token}", Public),
    ("POST", "/api/v1/bookings/replies/attendance", Public),
    ("GET", "/api/v1/notifications/platform/previews", Platform(&[PlatformRole::Administrator])),
    ("GET", "/api/v1/notifications/practices/{organization_id}/undelivered", Practice(&StaffRole::READERS)),
    (
        "POST",
        "/api/v1/notifications/practices/{organization_id}/undelivered/{message_id}/send-again",
        Practice(&StaffRole::READERS),
    ),
    ("GET", "/api/v1/bookings/me/consents", Account),
    ("GET", "/api/v1/payments/me/consents", Account),
    ("GET", "/api/v1/bookings/appointments/{appointment_id}/disagreement", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/disagreement", Holder),
    (
        "GET",
        "/api/v1/bookings/platform/patients/{patient_id}/appointments",
        Platform(&[PlatformRole::Support, PlatformRole::Administrator]),
    ),
    (
        "GET",
        "/api/v1/users/platform/patients/{patient_id}",
        Platform(&[PlatformRole::Support, PlatformRole::Administrator]),
    ),
    ("GET", "/api/v1/users/me/erasure", Account),
    ("POST", "/api/v1/users/me/erasure", Account),
    ("POST", "/api/v1/users/erasures/find", Public),
    ("GET", "/fhir/metadata", Public),
    ("GET", "/fhir/Schedule", Public),
    ("GET", "/fhir/Schedule/{practitioner_role_id}", Public),
    ("GET", "/fhir/Slot", Public),
    ("GET", "/fhir/Slot/{slot_id}", Public),
    ("GET", "/fhir/PractitionerRole/{practitioner_role_id}", Public),
    ("GET", "/fhir/Location/{practitioner_role_id}", Public),
    ("GET", "/fhir/Appointment/{appointment_id}", Holder),
    ("GET", "/fhir/practices/{organization_id}/Appointment/{appointment_id}", Practice(&CALENDAR_STAFF)),
    ("GET", "/fhir/Appointment/$find", Public),
    ("POST", "/fhir/Appointment/$find", Public),
    ("POST", "/fhir/Appointment/$hold", Public),
    ("POST", "/fhir/Appointment/$book", Holder),
    ("GET", "/fhir/$bulk-publish", Public),
    ("GET", "/fhir/bulk/{resource}/{state}/{practitioner_role_id}", Public),
    ("GET", "/api/v1/bookings/appointments/{appointment_id}", Holder),
    ("GET", "/api/v1/bookings/appointments/{appointment_id}/calendar.ics", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/cancel", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/move", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/attendance", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/absence", Holder),
    ("GET", "/api/v1/bookings/appointments/{appointment_id}/proposal", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/proposal/answer", Holder),
    ("GET", "/api/v1/bookings/consent-texts/{text}", Public),
    ("POST", "/api/v1/bookings/holds", Public),
    ("DELETE", "/api/v1/bookings/holds/{hold_id}", Holder),
    ("GET", "/api/v1/bookings/holds/{hold_id}", Holder),
    ("POST", "/api/v1/bookings/holds/{hold_id}/confirm", Holder),
    ("POST", "/api/v1/bookings/manage/codes", Public),
    ("POST", "/api/v1/bookings/manage/open", Public),
    ("GET", "/api/v1/bookings/roles/{practitioner_role_id}/appointment-types", Public),
    ("GET", "/api/v1/bookings/roles/{practitioner_role_id}/availability", Public),
    ("GET", "/api/v1/bookings/roles/{practitioner_role_id}/free-times", Public),
    ("GET", "/api/v1/providers/landing/{profession}/{locality}", Public),
    ("GET", "/api/v1/providers/places", Public),
    ("GET", "/api/v1/providers/practices/{slug}", Public),
    ("GET", "/api/v1/providers/professions", Public),
    ("GET", "/api/v1/providers/providers/{slug}", Public),
    ("GET", "/api/v1/providers/search", Public),
    ("GET", "/api/v1/providers/sitemap", Public),
    ("GET", "/api/v1/providers/sitemap/{page}", Public),
    ("GET", "/api/v1/users/consent-texts/{text}", Public),
    ("POST", "/api/v1/users/accounts", Public),
    ("GET", "/api/v1/users/directory/accounts/{account_id}", Account),
    ("GET", "/api/v1/users/directory/head", Public),
    ("GET", "/api/v1/users/directory/practices/{organization_id}", Public),
    ("GET", "/api/v1/users/breached-passwords/{prefix}", Public),
    ("POST", "/api/v1/users/email/change", Account),
    ("POST", "/api/v1/users/email/verify", Public),
    ("GET", "/api/v1/users/me", Account),
    ("GET", "/api/v1/users/me/bookings/{booking_id}/notes", Account),
    ("POST", "/api/v1/users/me/bookings/{booking_id}/notes", Account),
    ("PUT", "/api/v1/users/me/identity", Account),
    ("POST", "/api/v1/users/notes", Public),
    ("GET", "/api/v1/users/passkeys", Account),
    ("POST", "/api/v1/users/passkeys", Account),
    ("POST", "/api/v1/users/passkeys/start", Account),
    ("DELETE", "/api/v1/users/passkeys/{passkey_id}", Account),
    ("POST", "/api/v1/users/password/change", Account),
    ("POST", "/api/v1/users/password/reset", Public),
    ("POST", "/api/v1/users/password/reset/start", Public),
    ("POST", "/api/v1/users/recovery-codes", Account),
    ("POST", "/api/v1/users/refresh", Public),
    ("GET", "/api/v1/users/sessions", Account),
    ("DELETE", "/api/v1/users/sessions/{session_id}", Account),
    ("POST", "/api/v1/users/sign-in", Public),
    ("POST", "/api/v1/users/sign-in/code", Public),
    ("POST", "/api/v1/users/sign-in/passkey", Public),
    ("POST", "/api/v1/users/sign-in/passkey/start", Public),
    ("POST", "/api/v1/users/sign-in/start", Public),
    ("POST", "/api/v1/users/sign-out", Account),
    ("POST", "/api/v1/users/sign-out-everywhere", Account),
    ("DELETE", "/api/v1/users/totp", Account),
    ("POST", "/api/v1/users/totp/confirm", Account),
    ("POST", "/api/v1/users/totp/start", Account),
    ("PUT", "/api/v1/users/wrapped-keys", Account),
    ("GET", "/api/v1/bookings/me/appointments", Account),
    ("POST", "/api/v1/bookings/me/claims", Account),
    ("GET", "/api/v1/bookings/me/calendar-feed", Account),
    ("POST", "/api/v1/bookings/me/calendar-feed", Account),
    ("DELETE", "/api/v1/bookings/me/calendar-feed", Account),
    ("GET", "/api/v1/bookings/calendar-feeds/{token}/calendar.ics", Public),
    ("GET", "/api/v1/bookings/me/waitlist", Account),
    ("POST", "/api/v1/bookings/me/waitlist", Account),
    ("DELETE", "/api/v1/bookings/me/waitlist/{waitlist_entry_id}", Account),
    ("GET", "/api/v1/bookings/me/series/{series_id}", Account),
    ("POST", "/api/v1/bookings/me/series/{series_id}/cancel", Account),
    ("POST", "/api/v1/bookings/practices/{organization_id}/series", Practice(&CALENDAR_STAFF)),
    ("POST", "/api/v1/bookings/practices/{organization_id}/series/check", Practice(&CALENDAR_STAFF)),
    ("GET", "/api/v1/bookings/practices/{organization_id}/series/{series_id}", Practice(&CALENDAR_STAFF)),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/series/{series_id}/cancel",
        Practice(&CALENDAR_STAFF),
    ),
    ("GET", "/api/v1/bookings/practices/{organization_id}/waitlist", Practice(&CALENDAR_STAFF)),
    ("GET", "/api/v1/bookings/practices/{organization_id}/webhooks", Practice(&WEBHOOK_STAFF)),
    ("POST", "/api/v1/bookings/practices/{organization_id}/webhooks", Practice(&WEBHOOK_STAFF)),
    (
        "DELETE",
        "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}",
        Practice(&WEBHOOK_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/active",
        Practice(&WEBHOOK_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/secret",
        Practice(&WEBHOOK_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/ping",
        Practice(&WEBHOOK_STAFF),
    ),
    (
        "GET",
        "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/deliveries",
        Practice(&WEBHOOK_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/deliveries/{webhook_delivery_id}/redeliver",
        Practice(&WEBHOOK_STAFF),
    ),
    ("GET", "/api/v1/bookings/appointments/{appointment_id}/dispute", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/dispute", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/dispute/answer", Holder),
    ("GET", "/api/v1/bookings/practices/{organization_id}/disputes", Practice(&CALENDAR_STAFF)),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/dispute",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/dispute/answer",
        Practice(&CALENDAR_STAFF),
    ),
    ("GET", "/api/v1/bookings/platform/disputes", Platform(&[PlatformRole::Administrator])),
    (
        "POST",
        "/api/v1/bookings/platform/disputes/{dispute_id}/decide",
        Platform(&[PlatformRole::Administrator]),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/waitlist/{waitlist_entry_id}/remove",
        Practice(&CALENDAR_STAFF),
    ),
    ("GET", "/api/v1/bookings/roles/{practitioner_role_id}/similar", Public),
    ("GET", "/api/v1/bookings/practices/{organization_id}/appointments", Practice(&StaffRole::ALL)),
    ("POST", "/api/v1/bookings/practices/{organization_id}/appointments", Practice(&CALENDAR_STAFF)),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/reschedule",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/waive-fee",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/proposal",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "DELETE",
        "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/proposal",
        Practice(&CALENDAR_STAFF),
    ),
    ("GET", "/api/v1/bookings/practices/{organization_id}/roles", Practice(&StaffRole::ALL)),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/running-late",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "GET",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/schedule",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "PUT",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/schedule",
        Practice(&SCHEDULE_STAFF),
    ),
    (
        "PUT",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/keeper",
        Practice(&[StaffRole::Manager, StaffRole::Owner]),
    ),
    (
        "GET",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/calendar-feed",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/calendar-feed",
        Practice(&SCHEDULE_STAFF),
    ),
    (
        "DELETE",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/calendar-feed",
        Practice(&SCHEDULE_STAFF),
    ),
    (
        "GET",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/external-calendar",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "PUT",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/external-calendar",
        Practice(&SCHEDULE_STAFF),
    ),
    (
        "DELETE",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/external-calendar",
        Practice(&SCHEDULE_STAFF),
    ),
    (
        "GET",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/appointment-types",
        Practice(&CALENDAR_STAFF),
    ),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/appointment-types",
        Practice(&SCHEDULE_STAFF),
    ),
    (
        "PUT",
        "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/appointment-types/{appointment_type_id}",
        Practice(&SCHEDULE_STAFF),
    ),
    ("GET", "/api/v1/bookings/pools", Public),
    ("GET", "/api/v1/bookings/pools/{pool_id}/availability", Public),
    ("POST", "/api/v1/bookings/pools/{pool_id}/holds", Public),
    ("GET", "/api/v1/bookings/practices/{organization_id}/pools", Practice(&CALENDAR_STAFF)),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/pools",
        Practice(&[StaffRole::Manager, StaffRole::Owner]),
    ),
    (
        "PUT",
        "/api/v1/bookings/practices/{organization_id}/pools/{pool_id}",
        Practice(&[StaffRole::Manager, StaffRole::Owner]),
    ),
    ("GET", "/api/v1/bookings/practices/{organization_id}/resources", Practice(&CALENDAR_STAFF)),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/resources",
        Practice(&[StaffRole::Manager, StaffRole::Owner]),
    ),
    (
        "DELETE",
        "/api/v1/bookings/practices/{organization_id}/resources/{resource_id}",
        Practice(&[StaffRole::Manager, StaffRole::Owner]),
    ),
    ("GET", "/api/v1/bookings/practices/{organization_id}/bookings", Practice(&StaffRole::ALL)),
    ("GET", "/api/v1/bookings/practices/{organization_id}/calendar", Practice(&CALENDAR_STAFF)),
    (
        "POST",
        "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/transitions",
        Practice(&CALENDAR_STAFF),
    ),
    ("GET", "/api/v1/payments/consent-texts/{text}", Public),
    ("GET", "/api/v1/payments/bookings/{booking_id}/refunds", Public),
    ("GET", "/api/v1/payments/bookings/{booking_id}/invoices", Public),
    ("GET", "/api/v1/payments/bookings/{booking_id}/invoices/{invoice_id}/pdf", Public),
    ("GET", "/api/v1/payments/me/payments", Account),
    ("GET", "/api/v1/payments/me/cards", Account),
    ("POST", "/api/v1/payments/me/cards", Account),
    ("DELETE", "/api/v1/payments/me/cards/{saved_card_id}", Account),
    ("GET", "/api/v1/payments/practices/{organization_id}/account", Practice(MONEY_STAFF)),
    ("PUT", "/api/v1/payments/practices/{organization_id}/account", Practice(ACCOUNT_STAFF)),
    ("POST", "/api/v1/payments/practices/{organization_id}/account/onboarding", Practice(ACCOUNT_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/fees", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/transactions", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/transactions/csv", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/payouts", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/payouts/{payout_id}", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/payouts/{payout_id}/csv", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/invoices", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/invoices/{invoice_id}/pdf", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/chargebacks", Practice(MONEY_STAFF)),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/refunds",
        Practice(MONEY_STAFF),
    ),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/charge",
        Practice(MONEY_STAFF),
    ),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/bulk-bill",
        Practice(MONEY_STAFF),
    ),
    ("GET", "/api/v1/payments/platform/payments/{payment_id}", Platform(&[PlatformRole::Administrator])),
    (
        "POST",
        "/api/v1/payments/platform/payments/{payment_id}/refunds",
        Platform(&[PlatformRole::Administrator]),
    ),
    ("GET", "/api/v1/payments/platform/refunds", Platform(&[PlatformRole::Administrator])),
    (
        "POST",
        "/api/v1/payments/platform/refunds/{refund_id}/decide",
        Platform(&[PlatformRole::Administrator]),
    ),
    ("GET", "/api/v1/payments/platform/chargebacks", Platform(&[PlatformRole::Administrator])),
    (
        "GET",
        "/api/v1/payments/platform/chargebacks/{chargeback_id}",
        Platform(&[PlatformRole::Administrator]),
    ),
    (
        "PUT",
        "/api/v1/payments/platform/chargebacks/{chargeback_id}/evidence",
        Platform(&[PlatformRole::Administrator]),
    ),
    (
        "POST",
        "/api/v1/payments/platform/chargebacks/{chargeback_id}/submit",
        Platform(&[PlatformRole::Administrator]),
    ),
    ("GET", "/api/v1/payments/platform/payout-holds", Platform(&[PlatformRole::Administrator])),
    ("POST", "/api/v1/payments/platform/payout-holds", Platform(&[PlatformRole::Administrator])),
    (
        "POST",
        "/api/v1/payments/platform/payout-holds/{payout_hold_id}/release",
        Platform(&[PlatformRole::Administrator]),
    ),
    ("GET", "/api/v1/payments/platform/balances", Platform(&[PlatformRole::Administrator])),
    ("GET", "/api/v1/payments/practices/{organization_id}/statement", Practice(MONEY_STAFF)),
    ("GET", "/api/v1/payments/platform/statement", Platform(&[PlatformRole::Administrator])),
    ("GET", "/api/v1/payments/bookings/{booking_id}/payment", Public),
    ("POST", "/api/v1/payments/bookings/{booking_id}/payment", Public),
    ("POST", "/api/v1/payments/bookings/{booking_id}/payment/repair", Public),
    ("POST", "/api/v1/payments/bookings/{booking_id}/payment/consent", Public),
    ("POST", "/api/v1/payments/processor/webhook", Public),
    ("GET", "/api/v1/payments/platform/reconciliations", Platform(&[PlatformRole::Administrator])),
    ("POST", "/api/v1/payments/platform/reconciliations", Platform(&[PlatformRole::Administrator])),
    (
        "GET",
        "/api/v1/payments/platform/reconciliations/{reconciliation_id}",
        Platform(&[PlatformRole::Administrator]),
    ),
    ("GET", "/api/v1/payments/items/{item_number}", Public),
    (
        "GET",
        "/api/v1/payments/practices/{organization_id}/funding/{appointment_type_id}",
        Practice(MONEY_STAFF),
    ),
    (
        "PUT",
        "/api/v1/payments/practices/{organization_id}/funding/{appointment_type_id}",
        Practice(MONEY_STAFF),
    ),
    ("GET", "/api/v1/payments/practices/{organization_id}/bulk-billing", Practice(MONEY_STAFF)),
    (
        "PUT",
        "/api/v1/payments/practices/{organization_id}/bulk-billing",
        Practice(&[StaffRole::Manager, StaffRole::Owner]),
    ),
    ("GET", "/api/v1/payments/platform/mbs-loads", Platform(&[PlatformRole::Administrator])),
    ("GET", "/api/v1/payments/practices/{organization_id}/medicare", Practice(CLAIM_STAFF)),
    ("PUT", "/api/v1/payments/practices/{organization_id}/medicare", Practice(CLAIM_STAFF)),
    (
        "GET",
        "/api/v1/payments/practices/{organization_id}/roles/{practitioner_role_id}/medicare",
        Practice(CLAIM_STAFF),
    ),
    (
        "PUT",
        "/api/v1/payments/practices/{organization_id}/roles/{practitioner_role_id}/medicare",
        Practice(CLAIM_STAFF),
    ),
    ("GET", "/api/v1/payments/bookings/{booking_id}/assignments", Public),
    ("POST", "/api/v1/payments/assignments/open", Public),
    ("POST", "/api/v1/payments/assignments/{assignment_id}/answer", Public),
    ("POST", "/api/v1/payments/assignments/{assignment_id}/withdraw", Public),
    ("GET", "/api/v1/payments/assignments/{assignment_id}/receipt", Public),
    ("GET", "/api/v1/payments/practices/{organization_id}/assignments", Practice(CLAIM_STAFF)),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/assignments",
        Practice(CLAIM_STAFF),
    ),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/assignments/{assignment_id}/record",
        Practice(CLAIM_STAFF),
    ),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/assignments/{assignment_id}/void",
        Practice(CLAIM_STAFF),
    ),
    (
        "GET",
        "/api/v1/payments/practices/{organization_id}/assignments/{assignment_id}/receipt",
        Practice(CLAIM_STAFF),
    ),
    ("GET", "/api/v1/payments/practices/{organization_id}/claims", Practice(CLAIM_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/claims/totals", Practice(CLAIM_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/claims/unclaimed", Practice(CLAIM_STAFF)),
    ("GET", "/api/v1/payments/practices/{organization_id}/claims/{claim_id}", Practice(CLAIM_STAFF)),
    ("PUT", "/api/v1/payments/practices/{organization_id}/claims/{claim_id}", Practice(CLAIM_STAFF)),
    ("POST", "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/submit", Practice(CLAIM_STAFF)),
    ("POST", "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/relodge", Practice(CLAIM_STAFF)),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/withdraw",
        Practice(CLAIM_STAFF),
    ),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/claims",
        Practice(CLAIM_STAFF),
    ),
    (
        "POST",
        "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/verification",
        Practice(CLAIM_STAFF),
    ),
    ("DELETE", "/api/v1/payments/me/coverage/{patient_id}", Account),
    ("GET", "/api/v1/payments/me/coverage/{patient_id}", Account),
    ("PUT", "/api/v1/payments/me/coverage/{patient_id}", Account),
    ("POST", "/api/v1/users/invitations/accept", Account),
    ("GET", "/api/v1/users/me/access-grants", Account),
    ("POST", "/api/v1/users/me/claim-tickets", Account),
    ("GET", "/api/v1/users/me/consents", Account),
    ("POST", "/api/v1/users/me/consents/{text}/withdraw", Account),
    ("GET", "/api/v1/users/me/delegations", Account),
    ("POST", "/api/v1/users/me/delegations", Account),
    ("DELETE", "/api/v1/users/me/delegations/{delegation_id}", Account),
    ("GET", "/api/v1/users/me/dependants", Account),
    ("POST", "/api/v1/users/me/dependants", Account),
    ("DELETE", "/api/v1/users/me/dependants/{patient_id}", Account),
    ("PUT", "/api/v1/users/me/dependants/{patient_id}", Account),
    ("POST", "/api/v1/users/me/dependants/{patient_id}/account-invitations", Account),
    ("GET", "/api/v1/users/me/patient", Account),
    ("PUT", "/api/v1/users/me/patient", Account),
    (
        "GET",
        "/api/v1/users/platform/access-grants",
        Platform(&[PlatformRole::Support, PlatformRole::Administrator]),
    ),
    (
        "DELETE",
        "/api/v1/users/platform/access-grants/{access_grant_id}",
        Platform(&[PlatformRole::Support, PlatformRole::Administrator]),
    ),
    (
        "POST",
        "/api/v1/users/platform/access-grants",
        Platform(&[PlatformRole::Support, PlatformRole::Administrator]),
    ),
    (
        "POST",
        "/api/v1/users/platform/practices/{organization_id}/owner-invitations",
        Platform(&[PlatformRole::Moderator, PlatformRole::Administrator]),
    ),
    ("POST", "/api/v1/users/platform/staff", Platform(&[PlatformRole::Administrator])),
    ("DELETE", "/api/v1/users/platform/staff/{account_id}", Platform(&[PlatformRole::Administrator])),
    (
        "GET",
        "/api/v1/users/practices/{organization_id}/bookings/{booking_id}/notes",
        Practice(&StaffRole::READERS),
    ),
    (
        "POST",
        "/api/v1/users/practices/{organization_id}/bookings/{booking_id}/notes",
        Practice(&StaffRole::READERS),
    ),
    ("GET", "/api/v1/users/practices/{organization_id}/mailbox", Practice(&StaffRole::READERS)),
    ("POST", "/api/v1/users/practices/{organization_id}/mailbox/epochs", Practice(&[StaffRole::Owner])),
    ("POST", "/api/v1/users/practices/{organization_id}/mailbox/grants", Practice(&[StaffRole::Owner])),
    ("GET", "/api/v1/users/practices/{organization_id}/notes", Practice(&StaffRole::READERS)),
    ("GET", "/api/v1/users/practices/{organization_id}/staff", Practice(&StaffRole::ALL)),
    (
        "POST",
        "/api/v1/users/practices/{organization_id}/staff-invitations",
        Practice(&[StaffRole::Manager, StaffRole::Owner]),
    ),
    ("DELETE", "/api/v1/users/practices/{organization_id}/staff/{account_id}", Practice(&[StaffRole::Owner])),
    ("PUT", "/api/v1/users/practices/{organization_id}/staff/{account_id}", Practice(&[StaffRole::Owner])),
];

#[tokio::test]
async fn every_route_states_who_may_call_it() {
    let running = Running::without_pages().await;
    let stated: BTreeSet<_> =
        ACCESS.iter().map(|(method, path, policy)| (*path, (*method).to_owned(), *policy)).collect();
    let found: Vec<_> = running.inventory.iter().flat_map(|(_, routes)| routes).collect();
    let routes: BTreeSet<_> =
        found.iter().map(|route| (route.path, route.method.clone(), route.policy)).collect();
    assert_eq!(routes.len(), found.len(), "a route is there twice");
    let unstated: Vec<_> = routes.difference(&stated).collect();
    assert!(unstated.is_empty(), "say in ACCESS who may call {unstated:#?}");
    let gone: Vec<_> = stated.difference(&routes).collect();
    assert!(gone.is_empty(), "ACCESS speaks of routes that are not there: {gone:#?}");
}

#[tokio::test]
async fn every_route_lies_under_its_services_prefix_and_has_a_name_of_its_own() {
    let running = Running::without_pages().await;
    for (service, routes) in &running.inventory {
        let mut names = BTreeSet::new();
        for route in routes {
            // FHIR has one base, whichever service answers.
            let spoken = fhir::is_spoken_at(route.path);
            let own = route.path.starts_with(&format!("/api/v1/{service}/"));
            assert!(own || spoken && *service == "bookings", "{service}: {}", route.path);
            assert!(names.insert(route.operation), "{service} has two {}", route.operation);
        }
    }
}

#[tokio::test]
async fn a_stranger_is_told_that_what_belongs_to_somebody_is_not_there() {
    let running = Running::without_pages().await;
    for (method, path, policy) in ACCESS {
        match policy {
            Holder => {}
            Public | Account | Practice(_) | Platform(_) => continue,
        }
        let path = filled(path);
        let method: Method = method.parse().unwrap();
        let stranger = Person::new(&running.settings.public_url);
        let reply = stranger.send(method.clone(), &path, None::<&Value>).await;
        assert_eq!(reply.status.as_u16(), 404, "{method} {path} without cookies: {}", reply.body);
        let problem: Value = serde_json::from_str(&reply.body).unwrap();
        let (media_type, kind, request) = if fhir::is_spoken_at(&path) {
            ("application/fhir+json", &problem["issue"][0]["details"]["coding"][0]["code"], &problem["id"])
        } else {
            ("application/problem+json", &problem["type"], &problem["instance"])
        };
        assert_eq!(reply.header("content-type"), media_type, "{method} {path}");
        let kind = kind.as_str().unwrap_or_default().trim_start_matches("/problems/");
        assert_eq!(kind, "not-found", "{method} {path}");
        assert_eq!(*request, reply.header("x-request-id"), "{method} {path}");
        assert_eq!(stranger.cookie_names(), Vec::<String>::new());
        if method == Method::GET || method == Method::DELETE {
            // A cookie that nobody gave is no better than none.
            for name in ["__Host-guest", "__Host-manage"] {
                let liar = Person::new(&running.settings.public_url);
                liar.set_cookie(name, &"0".repeat(64));
                let reply = liar.send(method.clone(), &path, None::<&Value>).await;
                assert_eq!(reply.status.as_u16(), 404, "{method} {path} with a false {name}: {}", reply.body);
            }
        }
    }
}

#[tokio::test]
async fn a_stranger_is_asked_to_sign_in_where_an_account_is_needed() {
    let running = Running::without_pages().await;
    // Until the services have read their keys they cannot tell a bad token from a good one, and say so.
    for (_, path, _) in ACCESS.iter().filter(|(method, _, policy)| *method == "GET" && *policy == Account) {
        hellomapper_tests::until_true("the services to know a key", || async {
            let stranger = Person::new(&running.settings.public_url);
            stranger.set_cookie("__Host-session", "e30.e30.e30");
            stranger.send(Method::GET, &filled(path), None::<&Value>).await.status != 503
        })
        .await;
    }
    for (method, path, policy) in ACCESS {
        match policy {
            Account | Practice(_) | Platform(_) => {}
            Public | Holder => continue,
        }
        let path = filled(path);
        let method: Method = method.parse().unwrap();
        let stranger = Person::new(&running.settings.public_url);
        let reply = stranger.send(method.clone(), &path, None::<&Value>).await;
        assert_eq!(reply.status.as_u16(), 401, "{method} {path}: {}", reply.body);
        let problem: Value = serde_json::from_str(&reply.body).unwrap();
        let kind = if fhir::is_spoken_at(&path) {
            &problem["issue"][0]["details"]["coding"][0]["code"]
        } else {
            &problem["type"]
        };
        let kind = kind.as_str().unwrap_or_default().trim_start_matches("/problems/");
        assert_eq!(kind, "signed-out", "{method} {path}");
    }
}

#[tokio::test]
async fn every_route_is_in_its_services_description() {
    let running = Running::without_pages().await;
    let person = Person::new(&running.settings.public_url);
    for (service, routes) in &running.inventory {
        let description: Value = person.get(&format!("/api/v1/{service}/openapi.json")).await;
        assert_eq!(description["openapi"], "3.1.0");
        for route in routes {
            let operation = &description["paths"][route.path][route.method.to_lowercase()];
            assert_eq!(
                operation["operationId"], route.operation,
                "{service}: {} {}",
                route.method, route.path
            );
            assert_eq!(operation["x-policy"], format!("{:?}", route.policy), "{service}: {}", route.path);
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let named = parameters.filter(|parameter| parameter["in"] == "path").count();
            assert_eq!(named, route.path.matches('{').count(), "{service}: {}", route.path);
        }
    }
}

#[tokio::test]
async fn an_unsafe_request_from_another_site_is_refused() {
    let running = Running::without_pages().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (method, path, _) in ACCESS.iter().filter(|(method, ..)| *method != "GET") {
        let reply = http
            .request(method.parse().unwrap(), running.url(&filled(path)))
            .header("origin", "https://elsewhere.example")
            .header("sec-fetch-site", "cross-site")
            .header("idempotency-key", "00000000-0000-0000-0000-000000000001")
            .json(&serde_json::json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status().as_u16(), 403, "{method} {path}");
    }
}

/// The path with an id in each place.
fn filled(path: &str) -> String {
    let pieces = path.split(['{', '}']).enumerate();
    pieces
        .map(|(at, piece)| if at % 2 == 0 { piece } else { "018f0000-0000-7000-8000-000000000000" })
        .collect()
}
