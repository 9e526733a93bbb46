//! Every path and method of the service.

mod agree_to_charge;
mod assignments;
mod bulk_billing;
mod cards;
mod chargebacks;
mod claim_changes;
mod claim_view;
mod claims;
mod coverage;
mod export_record;
mod find_consent_text;
mod find_payment;
mod find_platform_statement;
mod find_statement;
mod funding;
mod invoices;
mod items;
mod list_consents;
mod mbs_loads;
mod medicare_setup;
mod money;
mod my_payments;
mod payout_holds;
mod payouts;
mod platform_refunds;
mod practice_account;
mod practice_assignments;
mod practice_refunds;
mod processor_webhook;
mod reconciliations;
mod repair_payment;
mod start_payment;
mod transactions;
mod unclaimed;
mod verification;

use axum::{Router, http::Method};
use kernel::{
    Policy::{Account, Platform, Practice, Public},
    Routes,
    audit::trail,
    export,
    routes::Route,
};
use shared_types::{
    payments::{
        claim::CLAIM_STAFF,
        practice::{ACCOUNT_STAFF, MONEY_STAFF},
    },
    users::{
        PlatformRole,
        StaffRole::{Manager, Owner},
    },
};

use crate::state::State;

const PAYMENT: &str = "/api/v1/payments/bookings/{booking_id}/payment";
const RECONCILIATIONS: &str = "/api/v1/payments/platform/reconciliations";
const ACCOUNT: &str = "/api/v1/payments/practices/{organization_id}/account";
const CARDS: &str = "/api/v1/payments/me/cards";
const PAYOUT_HOLDS: &str = "/api/v1/payments/platform/payout-holds";
const COVERAGE: &str = "/api/v1/payments/me/coverage/{patient_id}";
const FUNDING: &str = "/api/v1/payments/practices/{organization_id}/funding/{appointment_type_id}";
const BULK_BILLING: &str = "/api/v1/payments/practices/{organization_id}/bulk-billing";
const MEDICARE: &str = "/api/v1/payments/practices/{organization_id}/medicare";
const ROLE_MEDICARE: &str =
    "/api/v1/payments/practices/{organization_id}/roles/{practitioner_role_id}/medicare";

/// The router and the same routes as data. Whose coverage an `Account` may see, the token's delegations say.
pub fn routes(state: State) -> (Router, Vec<Route>) {
    Routes::new("payments", &state.core)
        .route(
            Method::GET,
            "/api/v1/payments/me/audit",
            trail::OPERATION,
            Account,
            trail::list_audit_trail(&state.core),
        )
        .route(
            Method::GET,
            "/api/v1/payments/me/export",
            export::OPERATION,
            Account,
            export_record::export_record,
        )
        .route(
            Method::GET,
            "/api/v1/payments/me/consents",
            "list_consents",
            Account,
            list_consents::list_consents,
        )
        .route(
            Method::GET,
            "/api/v1/payments/consent-texts/{text}",
            "find_consent_text",
            Public,
            find_consent_text::find_consent_text,
        )
        .route(Method::GET, COVERAGE, "find_coverage", Account, coverage::find_coverage)
        .route(Method::PUT, COVERAGE, "put_coverage", Account, coverage::put_coverage)
        .route(Method::DELETE, COVERAGE, "delete_coverage", Account, coverage::delete_coverage)
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/statement",
            "find_statement",
            Practice(MONEY_STAFF),
            find_statement::find_statement,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/statement",
            "find_platform_statement",
            Platform(&[PlatformRole::Administrator]),
            find_platform_statement::find_platform_statement,
        )
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
        .route(
            Method::GET,
            "/api/v1/payments/bookings/{booking_id}/refunds",
            "list_refunds",
            Public,
            invoices::list_refunds,
        )
        .route(
            Method::GET,
            "/api/v1/payments/bookings/{booking_id}/invoices",
            "list_invoices",
            Public,
            invoices::list_invoices,
        )
        .route(
            Method::GET,
            "/api/v1/payments/bookings/{booking_id}/invoices/{invoice_id}/pdf",
            "print_invoice",
            Public,
            invoices::print_invoice,
        )
        .route(
            Method::GET,
            "/api/v1/payments/me/payments",
            "list_my_payments",
            Account,
            my_payments::list_my_payments,
        )
        .route(Method::GET, CARDS, "list_cards", Account, cards::list_cards)
        .route(Method::POST, CARDS, "add_card", Account, cards::add_card)
        .route(
            Method::DELETE,
            "/api/v1/payments/me/cards/{saved_card_id}",
            "delete_card",
            Account,
            cards::delete_card,
        )
        .route(
            Method::GET,
            ACCOUNT,
            "find_practice_account",
            Practice(MONEY_STAFF),
            practice_account::find_practice_account,
        )
        .route(
            Method::PUT,
            ACCOUNT,
            "put_practice_account",
            Practice(ACCOUNT_STAFF),
            practice_account::put_practice_account,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/account/onboarding",
            "start_onboarding",
            Practice(ACCOUNT_STAFF),
            practice_account::start_onboarding,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/fees",
            "find_fees",
            Practice(MONEY_STAFF),
            practice_account::find_fees,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/transactions",
            "list_transactions",
            Practice(MONEY_STAFF),
            transactions::list_transactions,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/transactions/csv",
            "export_transactions",
            Practice(MONEY_STAFF),
            transactions::export_transactions,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/payouts",
            "list_payouts",
            Practice(MONEY_STAFF),
            payouts::list_payouts,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/payouts/{payout_id}",
            "find_payout",
            Practice(MONEY_STAFF),
            payouts::find_payout,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/payouts/{payout_id}/csv",
            "export_payout",
            Practice(MONEY_STAFF),
            payouts::export_payout,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/invoices",
            "list_practice_invoices",
            Practice(MONEY_STAFF),
            invoices::list_practice_invoices,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/invoices/{invoice_id}/pdf",
            "print_practice_invoice",
            Practice(MONEY_STAFF),
            invoices::print_practice_invoice,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/chargebacks",
            "list_practice_chargebacks",
            Practice(MONEY_STAFF),
            chargebacks::list_practice_chargebacks,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/refunds",
            "refund_payment",
            Practice(MONEY_STAFF),
            practice_refunds::refund_payment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/charge",
            "ask_for_charge",
            Practice(MONEY_STAFF),
            practice_refunds::ask_for_charge,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/bulk-bill",
            "move_to_bulk_billing",
            Practice(MONEY_STAFF),
            practice_refunds::move_to_bulk_billing,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/payments/{payment_id}",
            "find_platform_payment",
            Platform(&[PlatformRole::Administrator]),
            platform_refunds::find_platform_payment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/platform/payments/{payment_id}/refunds",
            "request_refund",
            Platform(&[PlatformRole::Administrator]),
            platform_refunds::request_refund,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/refunds",
            "list_platform_refunds",
            Platform(&[PlatformRole::Administrator]),
            platform_refunds::list_platform_refunds,
        )
        .route(
            Method::POST,
            "/api/v1/payments/platform/refunds/{refund_id}/decide",
            "decide_refund",
            Platform(&[PlatformRole::Administrator]),
            platform_refunds::decide_refund,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/chargebacks",
            "list_chargebacks",
            Platform(&[PlatformRole::Administrator]),
            chargebacks::list_chargebacks,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/chargebacks/{chargeback_id}",
            "find_chargeback",
            Platform(&[PlatformRole::Administrator]),
            chargebacks::find_chargeback,
        )
        .route(
            Method::PUT,
            "/api/v1/payments/platform/chargebacks/{chargeback_id}/evidence",
            "put_evidence",
            Platform(&[PlatformRole::Administrator]),
            chargebacks::put_evidence,
        )
        .route(
            Method::POST,
            "/api/v1/payments/platform/chargebacks/{chargeback_id}/submit",
            "submit_evidence",
            Platform(&[PlatformRole::Administrator]),
            chargebacks::submit_evidence,
        )
        .route(
            Method::GET,
            PAYOUT_HOLDS,
            "list_payout_holds",
            Platform(&[PlatformRole::Administrator]),
            payout_holds::list_payout_holds,
        )
        .route(
            Method::POST,
            PAYOUT_HOLDS,
            "hold_payouts",
            Platform(&[PlatformRole::Administrator]),
            payout_holds::hold_payouts,
        )
        .route(
            Method::POST,
            "/api/v1/payments/platform/payout-holds/{payout_hold_id}/release",
            "release_payouts",
            Platform(&[PlatformRole::Administrator]),
            payout_holds::release_payouts,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/balances",
            "list_negative_balances",
            Platform(&[PlatformRole::Administrator]),
            payout_holds::list_negative_balances,
        )
        .route(Method::POST, PAYMENT, "start_payment", Public, start_payment::start_payment)
        .route(Method::GET, PAYMENT, "find_payment", Public, find_payment::find_payment)
        .route(
            Method::POST,
            "/api/v1/payments/bookings/{booking_id}/payment/repair",
            "repair_payment",
            Public,
            repair_payment::repair_payment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/bookings/{booking_id}/payment/consent",
            "agree_to_charge",
            Public,
            agree_to_charge::agree_to_charge,
        )
        .route_with_limit(
            Method::POST,
            "/api/v1/payments/processor/webhook",
            "receive_processor_webhook",
            Public,
            processor_webhook::MAX_WEBHOOK,
            processor_webhook::receive_processor_webhook,
        )
        .route(
            Method::GET,
            RECONCILIATIONS,
            "list_reconciliations",
            Platform(&[PlatformRole::Administrator]),
            reconciliations::list_reconciliations,
        )
        .route(
            Method::POST,
            RECONCILIATIONS,
            "start_reconciliation",
            Platform(&[PlatformRole::Administrator]),
            reconciliations::start_reconciliation,
        )
        .route(
            Method::GET,
            "/api/v1/payments/platform/reconciliations/{reconciliation_id}",
            "find_reconciliation",
            Platform(&[PlatformRole::Administrator]),
            reconciliations::find_reconciliation,
        )
        .finish(state)
}
