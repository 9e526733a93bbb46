//! Every path and method of the service. Those about Medicare, of practices and of the platform's own people go on in
//! `routes/of_….rs`; the other files there are endpoints.

mod agree_to_charge;
mod ask_again;
mod assignments;
mod bulk_billing;
mod cards;
mod chargebacks;
mod claim_changes;
mod claim_offset;
mod claim_outcome;
mod claim_reports;
mod claim_return;
mod claim_view;
mod claims;
mod coverage;
mod export_record;
mod find_consent_text;
mod find_fee;
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
mod my_assignments;
mod my_payments;
mod of_medicare;
mod of_platform;
mod of_practices;
mod payout_holds;
mod payouts;
mod platform_payments;
mod platform_refunds;
mod practice_account;
mod practice_assignments;
mod practice_refunds;
mod processor_webhook;
mod reconciliations;
mod refused_shares;
mod repair_payment;
mod run_claims;
mod start_payment;
mod to_bulk_billing;
mod transactions;
mod unclaimed;
mod unpaid;
mod verification;

use axum::{Router, http::Method};
use kernel::{
    Policy::{Account, Platform, Practice, Public},
    Routes,
    audit::trail,
    export,
    routes::Route,
};
use shared_types::{payments::practice::MONEY_STAFF, users::PlatformRole};

use crate::state::State;

const PAYMENT: &str = "/api/v1/payments/bookings/{booking_id}/payment";
const RECONCILIATIONS: &str = "/api/v1/payments/platform/reconciliations";
const CARDS: &str = "/api/v1/payments/me/cards";
const COVERAGE: &str = "/api/v1/payments/me/coverage/{patient_id}";

/// The router and the same routes as data. Whose coverage an `Account` may see, the token's delegations say.
pub fn routes(state: State) -> (Router, Vec<Route>) {
    let routes = Routes::new("payments", &state.core)
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
        );
    let routes = of_medicare::add(routes)
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
        .route(
            Method::GET,
            "/api/v1/payments/me/assignments",
            "list_my_assignments",
            Account,
            my_assignments::list_my_assignments,
        )
        .route(Method::GET, CARDS, "list_cards", Account, cards::list_cards)
        .route(Method::POST, CARDS, "add_card", Account, cards::add_card)
        .route(
            Method::DELETE,
            "/api/v1/payments/me/cards/{saved_card_id}",
            "delete_card",
            Account,
            cards::delete_card,
        );
    of_platform::add(of_practices::add(routes))
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
        .route(
            Method::POST,
            "/api/v1/payments/platform/reconciliations/{reconciliation_id}/differences/{difference_id}/close",
            "close_difference",
            Platform(&[PlatformRole::Administrator]),
            reconciliations::close_difference,
        )
        .finish(state)
}
