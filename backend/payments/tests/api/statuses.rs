//! Every list of names that the database checks is the one that the code knows.

use shared_types::payments::{
    ChargebackStatus, IntentKind, IntentPurpose, IntentStatus, PaymentFailure, PaymentStatus, PayoutStatus,
    RefundReason, RefundStatus, TransferStatus,
    assignment::{
        AssignmentKind, AssignmentMethod, AssignmentStatus, AssignorRelation, EnduringGround, VerbalReason,
    },
    claim::{
        ClaimStatus, NoVisit, ReferralOverride, ReturnWay, RunPartKind, ServiceOutcome, ServiceType,
        VerificationKind, VerificationResult,
    },
    funding::{Cohort, FeeType, FundingMode, IncentiveKind, MbsLoadStatus},
    pay::InvoiceKind,
    platform::{DifferenceAction, DifferenceKind, ReconciliationStatus},
    practice::{AccountKind, OnboardingStatus, PostingCause},
    quote::{Collection, TaxCode},
};

use crate::World;

/// The quoted names of a check constraint, in its order.
async fn listed(world: &World, table: &str, constraint: &str) -> Vec<String> {
    let mut admin = world.database.administrator().await;
    let definition: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = $1 and conrelid = $2::text::regclass",
    )
    .bind(constraint)
    .bind(format!("payments.{table}"))
    .fetch_one(&mut admin)
    .await
    .unwrap();
    definition.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

macro_rules! check {
    ($world:ident, $($table:literal $constraint:literal = $codes:ident,)+) => {$(
        let known = $codes::ALL.map($codes::code);
        assert_eq!(listed(&$world, $table, $constraint).await, known, "{}", $constraint);
    )+};
}

#[tokio::test]
async fn the_database_knows_the_same_names() {
    let world = World::new().await;
    check! { world,
        "account" "account_kind" = AccountKind,
        "assignment" "assignment_ground" = EnduringGround,
        "assignment" "assignment_kind" = AssignmentKind,
        "assignment" "assignment_method" = AssignmentMethod,
        "assignment" "assignment_relation" = AssignorRelation,
        "assignment" "assignment_status" = AssignmentStatus,
        "assignment" "assignment_verbal_reason" = VerbalReason,
        "chargeback" "chargeback_status" = ChargebackStatus,
        "difference" "difference_action" = DifferenceAction,
        "difference" "difference_kind" = DifferenceKind,
        "eligible_item" "eligible_item_incentive" = IncentiveKind,
        "fee_item" "fee_item_type" = FeeType,
        "funding_rule" "funding_rule_cohort" = Cohort,
        "funding_rule" "funding_rule_collection" = Collection,
        "funding_rule" "funding_rule_mode" = FundingMode,
        "funding_rule" "funding_rule_tax_code" = TaxCode,
        "incentive_item" "incentive_item_kind" = IncentiveKind,
        "benefit_return" "benefit_return_way" = ReturnWay,
        "claim" "claim_referral_override" = ReferralOverride,
        "claim" "claim_service_type" = ServiceType,
        "claim" "claim_status" = ClaimStatus,
        "claim_service" "claim_service_outcome" = ServiceOutcome,
        "claimant" "claimant_no_visit" = NoVisit,
        "intent" "intent_failure" = PaymentFailure,
        "intent" "intent_kind" = IntentKind,
        "intent" "intent_purpose" = IntentPurpose,
        "intent" "intent_status" = IntentStatus,
        "invoice" "invoice_kind" = InvoiceKind,
        "mbs_load" "mbs_load_status" = MbsLoadStatus,
        "medicare_payment_part" "medicare_payment_part_kind" = RunPartKind,
        "payment" "payment_collection" = Collection,
        "payment" "payment_failure" = PaymentFailure,
        "payment" "payment_funding" = FundingMode,
        "payment" "payment_status" = PaymentStatus,
        "payment" "payment_tax_code" = TaxCode,
        "payout" "payout_status" = PayoutStatus,
        "posting" "posting_cause" = PostingCause,
        "practice_account" "practice_account_status" = OnboardingStatus,
        "reconciliation" "reconciliation_status" = ReconciliationStatus,
        "refund" "refund_reason" = RefundReason,
        "refund" "refund_status" = RefundStatus,
        "transfer" "transfer_status" = TransferStatus,
        "verification" "verification_kind" = VerificationKind,
        "verification" "verification_result" = VerificationResult,
    }
}
