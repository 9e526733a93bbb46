//! A practice's money: its account, what was paid, and what it gives back.

use axum::http::Method;
use kernel::{Policy::Practice, Routes};
use shared_types::payments::practice::{ACCOUNT_STAFF, MONEY_STAFF};

use super::{
    ask_again, chargebacks, find_fee, invoices, payouts, practice_account, practice_refunds, to_bulk_billing,
    transactions, unpaid,
};
use crate::state::State;

const ACCOUNT: &str = "/api/v1/payments/practices/{organization_id}/account";

/// Adds them.
pub fn add(routes: Routes<State>) -> Routes<State> {
    routes
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
            "/api/v1/payments/practices/{organization_id}/unpaid",
            "list_unpaid_payments",
            Practice(MONEY_STAFF),
            unpaid::list_unpaid_payments,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/fee",
            "find_fee",
            Practice(MONEY_STAFF),
            find_fee::find_fee,
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
            "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/ask-again",
            "ask_again_for_payment",
            Practice(MONEY_STAFF),
            ask_again::ask_again_for_payment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/practices/{organization_id}/payments/{payment_id}/bulk-bill",
            "move_to_bulk_billing",
            Practice(MONEY_STAFF),
            to_bulk_billing::move_to_bulk_billing,
        )
        .route(
            Method::GET,
            "/api/v1/payments/practices/{organization_id}/bookings/{booking_id}/bulk-bill",
            "find_bulk_billing_instead",
            Practice(MONEY_STAFF),
            to_bulk_billing::find_bulk_billing_instead,
        )
}
