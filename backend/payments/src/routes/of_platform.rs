//! What the platform's own people decide: refunds, disputed charges and payouts that are held back.

use axum::http::Method;
use kernel::{Policy::Platform, Routes};
use shared_types::users::PlatformRole;

use super::{chargebacks, payout_holds, platform_payments, platform_refunds, refused_shares};
use crate::state::State;

const PAYOUT_HOLDS: &str = "/api/v1/payments/platform/payout-holds";

/// Adds them.
pub fn add(routes: Routes<State>) -> Routes<State> {
    routes
        .route(
            Method::GET,
            "/api/v1/payments/platform/payments/{payment_id}",
            "find_platform_payment",
            Platform(&[PlatformRole::Administrator]),
            platform_payments::find_platform_payment,
        )
        .route(
            Method::POST,
            "/api/v1/payments/platform/payments/search",
            "search_platform_payments",
            Platform(&[PlatformRole::Administrator]),
            platform_payments::search_platform_payments,
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
        .route(
            Method::GET,
            "/api/v1/payments/platform/shares",
            "list_refused_shares",
            Platform(&[PlatformRole::Administrator]),
            refused_shares::list_refused_shares,
        )
        .route(
            Method::POST,
            "/api/v1/payments/platform/shares/{processor_call_id}/ask-again",
            "ask_again_for_share",
            Platform(&[PlatformRole::Administrator]),
            refused_shares::ask_again_for_share,
        )
}
