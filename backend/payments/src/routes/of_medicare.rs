//! What is asked of Medicare and about it: who pays for what, whose benefit it is, and claims.

use axum::http::Method;
use kernel::{
    Policy::{Platform, Practice, Public},
    Routes,
};
use shared_types::{
    payments::{claim::CLAIM_STAFF, practice::MONEY_STAFF},
    users::{
        PlatformRole,
        StaffRole::{Manager, Owner},
    },
};

use super::{
    assignments, bulk_billing, claim_changes, claim_offset, claim_reports, claim_return, claims, funding,
    items, mbs_loads, medicare_setup, practice_assignments, run_claims, unclaimed, verification,
};
use crate::state::State;

const FUNDING: &str = "/api/v1/payments/practices/{organization_id}/funding/{appointment_type_id}";
const BULK_BILLING: &str = "/api/v1/payments/practices/{organization_id}/bulk-billing";
const MEDICARE: &str = "/api/v1/payments/practices/{organization_id}/medicare";
const ROLE_MEDICARE: &str =
    "/api/v1/payments/practices/{organization_id}/roles/{practitioner_role_id}/medicare";

/// Adds them.
pub fn add(routes: Routes<State>) -> Routes<State> {
    routes
        .route(Method::GET, "/api/v1/payments/items/{item_number}", "find_item", Public, items::find_item)
        .route(Method::GET, FUNDING, "find_funding", Practice(MONEY_STAFF), funding::find_funding)
        .route(Method::PUT, FUNDING, "put_funding", Practice(MONEY_STAFF), funding::put_funding)
        .route(
            Method::GET,
            BULK_BILLING,
            "find_bulk_billing",
            Practice(MONEY_STAFF),
            bulk_billing::find_bulk_billing,
        )
        .route(
            Method::PUT,
            BULK_BILLING,
            "put_bulk_billing",
            Practice(&[Manager, Owner]),
            bulk_billing::put_bulk_billing,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/mbs-loads",
            "list_mbs_loads",
            Platform(&[PlatformRole::Administrator]),
            mbs_loads::list_mbs_loads,
        )
        .route(
            Method::GET,
            MEDICARE,
            "find_medicare_setup",
            Practice(CLAIM_STAFF),
            medicare_setup::find_medicare_setup,
        )
        .route(
            Method::PUT,
            MEDICARE,
            "put_medicare_setup",
            Practice(CLAIM_STAFF),
            medicare_setup::put_medicare_setup,
        )
        .route(
            Method::GET,
            ROLE_MEDICARE,
            "find_role_setup",
            Practice(CLAIM_STAFF),
            medicare_setup::find_role_setup,
        )
        .route(
            Method::PUT,
            ROLE_MEDICARE,
            "put_role_setup",
            Practice(CLAIM_STAFF),
            medicare_setup::put_role_setup,
        )
        .route(
            Method::GET,
            "/api/v1/payments/bookings/{booking_id}/assignments",
            "list_assignments",
            Public,
            assignments::list_assignments,
        )
        .route(
            Method::POST,
            "/api/v1/payments/assignments/open",
            "open_assignment",
            Public,
            assignments::open_assignment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/assignments/{assignment_id}/answer",
            "answer_assignment",
            Public,
            assignments::answer_assignment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/assignments/{assignment_id}/withdraw",
            "withdraw_assignment",
            Public,
            assignments::withdraw_assignment,
        )
        .route(
            Method::GET,
            "/api/v1/payments/assignments/{assignment_id}/receipt",
            "print_assignment",
            Public,
            assignments::print_assignment,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/assignments",
            "list_practice_assignments",
            Practice(CLAIM_STAFF),
            practice_assignments::list_practice_assignments,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/assignments",
            "offer_assignment",
            Practice(CLAIM_STAFF),
            practice_assignments::offer_assignment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/assignments/{assignment_id}/record",
            "record_assignment",
            Practice(CLAIM_STAFF),
            practice_assignments::record_assignment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/assignments/{assignment_id}/void",
            "void_assignment",
            Practice(CLAIM_STAFF),
            practice_assignments::void_assignment,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/assignments/{assignment_id}/receipt",
            "print_practice_assignment",
            Practice(CLAIM_STAFF),
            practice_assignments::print_practice_assignment,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/claims",
            "list_claims",
            Practice(CLAIM_STAFF),
            claims::list_claims,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/claims/totals",
            "find_claim_totals",
            Practice(CLAIM_STAFF),
            claims::find_claim_totals,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/claims/unclaimed",
            "list_unclaimed_visits",
            Practice(CLAIM_STAFF),
            unclaimed::list_unclaimed_visits,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/claims/payment-runs",
            "list_payment_runs",
            Practice(CLAIM_STAFF),
            claim_reports::list_payment_runs,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/claims/payment-runs/{medicare_payment_id}/claims",
            "list_run_claims",
            Practice(CLAIM_STAFF),
            run_claims::list_run_claims,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}",
            "find_claim",
            Practice(CLAIM_STAFF),
            claims::find_claim,
        )
        .route(
            Method::PUT,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}",
            "put_claim",
            Practice(CLAIM_STAFF),
            claim_changes::put_claim,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/submit",
            "submit_claim",
            Practice(CLAIM_STAFF),
            claim_changes::submit_claim,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/relodge",
            "relodge_claim",
            Practice(CLAIM_STAFF),
            claim_changes::relodge_claim,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/withdraw",
            "withdraw_claim",
            Practice(CLAIM_STAFF),
            claim_changes::withdraw_claim,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/ask",
            "ask_for_report",
            Practice(CLAIM_STAFF),
            claim_reports::ask_for_report,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/return",
            "return_benefit",
            Practice(CLAIM_STAFF),
            claim_return::return_benefit,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/claims/{claim_id}/offset",
            "record_offset",
            Practice(CLAIM_STAFF),
            claim_offset::record_offset,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/claims",
            "draft_claim",
            Practice(CLAIM_STAFF),
            claim_changes::draft_claim,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/verification",
            "verify_claimant",
            Practice(CLAIM_STAFF),
            verification::verify_claimant,
        )
}
