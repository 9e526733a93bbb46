//! Claims for bulk-billed services. Tested against a simulator written from public material; not certified by Services Australia.
//! `{p}` stands for `/api/v1/payments/practices/{organization_id}`; all of it is for [`CLAIM_STAFF`].
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `{p}/claims` | `list_claims` | `?status=&cursor=` → `Page<Claim>`, the earliest lodgement limit first |
//! | GET `{p}/claims/totals` | `find_claim_totals` | → [`ClaimTotals`] |
//! | GET `{p}/claims/unclaimed` | `list_unclaimed_visits` | `?lapsed=&cursor=` → `Page<UnclaimedVisit>`, the earliest visit first |
//! | GET `{p}/claims/payment-runs` | `list_payment_runs` | `?cursor=` → `Page<MedicareRun>`, the latest first |
//! | GET `{p}/claims/payment-runs/{medicare_payment_id}/claims` | `list_run_claims` | `?cursor=` → `Page<RunPart>`, in the order in which they became known |
//! | GET `{p}/claims/{claim_id}` | `find_claim` | → [`ClaimCase`] |
//! | PUT `{p}/claims/{claim_id}` | `put_claim` | [`PutClaim`] → [`ClaimCase`] |
//! | POST `{p}/claims/{claim_id}/submit` | `submit_claim` | idempotent; → 202 [`Claim`] |
//! | POST `{p}/claims/{claim_id}/relodge` | `relodge_claim` | idempotent; [`PutClaim`] → 201 [`Claim`], a new claim for what was not paid |
//! | POST `{p}/claims/{claim_id}/withdraw` | `withdraw_claim` | idempotent; → [`Claim`] |
//! | POST `{p}/claims/{claim_id}/ask` | `ask_for_report` | idempotent; → [`Claim`], Medicare is asked once more what came of it |
//! | POST `{p}/claims/{claim_id}/return` | `return_benefit` | idempotent; [`ReturnBenefit`] → [`Claim`], what Medicare paid has gone back |
//! | POST `{p}/claims/{claim_id}/offset` | `record_offset` | idempotent; [`RecordOffset`] → [`Claim`], Medicare took some of it back out of a later run |
//! | POST `{p}/claims/{claim_id}/outcome` | `record_outcome` | idempotent; [`RecordOutcome`] → [`Claim`], what came of one about which Medicare is asked no more |
//! | POST `{p}/bookings/{booking_id}/claims` | `draft_claim` | idempotent; [`PutClaim`] → 201 [`ClaimCase`] |
//! | POST `{p}/bookings/{booking_id}/verification` | `verify_claimant` | idempotent; [`VerifyClaimant`] → [`Verification`] |
//! | GET `{p}/medicare` | `find_medicare_setup` | → [`MedicareSetup`] |
//! | PUT the same | `put_medicare_setup` | [`PutMedicareSetup`] → [`MedicareSetup`] |
//! | GET `{p}/roles/{practitioner_role_id}/medicare` | `find_role_setup` | → [`RoleSetup`] |
//! | PUT the same | `put_role_setup` | [`PutRoleSetup`] → [`RoleSetup`] |
//!
//! Problems: 409 `wrong-state`, 409 `no-assignment`, 409 `already-claimed` (at most one claim for a service), 409 `has-charge` (a
//! private charge stands: refund it first, C-52), 410 `too-old` (more than a year), 412 `stale-version`, 422 with each field, 503
//! `medicare-unavailable`.

mod no_visit;
mod outcome;
mod runs;
mod setup;
mod status;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::{
    no_visit::{BenefitReturned, NoVisit, ReturnBenefit, ReturnWay},
    outcome::{RUN_NUMBER_LENGTH, RecordOutcome, Told, ToldPayment},
    runs::{ClaimInRun, MedicareRun, RecordOffset, ReportStopped, RunPart, RunPartKind},
    setup::{
        MedicareSetup, PutMedicareSetup, PutRoleSetup, RoleSetup, Verification, VerificationKind,
        VerificationResult, VerifyClaimant,
    },
    status::ClaimStatus,
};
use super::codes::codes;
use crate::{
    AssignmentId, AudCents, BookingId, ClaimId, ClaimServiceId,
    personal::{Personal, PersonalData},
    users::StaffRole,
};

/// Until the product is certified, this stands on every screen about claims.
pub const STANDING: &str =
    "Tested against a simulator that was written from public material. Not certified by Services Australia.";
/// Who claims for a practice.
pub const CLAIM_STAFF: &[StaffRole] = &[StaffRole::Billing, StaffRole::Manager, StaffRole::Owner];
/// How many services a claim's visit has at most.
pub const MAX_SERVICES: usize = 14;
/// How many days before its limit a claim that is not lodged is flagged.
pub const WATCH_DAYS: i32 = 30;

codes! {
    /// What came of one service.
    ServiceOutcome {
        /// Nothing yet.
        Pending = "pending",
        /// Paid as claimed.
        Paid = "paid",
        /// Paid for less, or more.
        PaidOther = "paid_other",
        /// Not paid.
        Rejected = "rejected",
        /// Somebody at Medicare decides.
        Manual = "manual",
    }
}

codes! {
    /// The sort of claim, by the letter that Medicare uses.
    ServiceType {
        /// General.
        General = "O",
        /// Specialist, allied health, imaging.
        Specialist = "S",
        /// Pathology.
        Pathology = "P",
    }
}

codes! {
    /// Why there is no referral.
    ReferralOverride {
        /// The patient is in hospital.
        Hospital = "H",
        /// It was lost.
        Lost = "L",
        /// An emergency.
        Emergency = "E",
        /// None is needed.
        NotRequired = "N",
    }
}

codes! {
    /// What sort of referral it is.
    ReferralType {
        /// By a specialist or a general practitioner.
        Specialist = "S",
        /// For diagnostic imaging.
        Diagnostic = "D",
        /// For pathology.
        Pathology = "P",
    }
}

/// A referral as the claim names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Referral {
    /// Whose: a provider number.
    pub provider_number: String,
    /// When it was written.
    pub issued_on: Date,
    /// What sort.
    pub kind: ReferralType,
    /// For how many months; none for one without an end or of the usual length.
    #[serde(default)]
    pub months: Option<u8>,
    /// It has no end.
    #[serde(default)]
    pub indefinite: bool,
}

/// A claim in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claim {
    /// Which.
    pub claim_id: ClaimId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Where it stands.
    pub status: ClaimStatus,
    /// Medicare's own name for it: a letter, four digits and `@`.
    pub medicare_claim_id: Option<String>,
    /// The patient.
    pub patient_name: Option<Personal<String>>,
    /// Who gave the service.
    pub professional_name: String,
    /// The day of the service.
    pub service_date: Date,
    /// What is claimed.
    pub claimed_cents: AudCents,
    /// What Medicare says it pays.
    pub benefit_cents: AudCents,
    /// What is paid.
    pub paid_cents: AudCents,
    /// The last day on which it can be lodged.
    pub lodge_until: Date,
    /// That day is over, and it was not lodged: Medicare takes it no more.
    #[serde(default)]
    pub lapsed: bool,
    /// Why Medicare is asked no more what came of it, though that is not known: somebody has to find out.
    #[serde(default)]
    pub stopped: Option<ReportStopped>,
    /// What is wrong, in plain words, the gravest first.
    pub reasons: Vec<ClaimReason>,
    /// Medicare does not pay one of its services at least, or has taken back all that it had paid: that can be claimed again.
    #[serde(default)]
    pub has_unpaid: bool,
    /// The claim that took its place for what was not paid.
    #[serde(default)]
    pub relodged_as: Option<ClaimId>,
    /// Why there was no visit after all; it is claimed no more then.
    #[serde(default)]
    pub no_visit: Option<NoVisit>,
    /// There was no visit, and Medicare pays for it or may: somebody has to ask Services Australia to take it back.
    #[serde(default)]
    pub owed_back: bool,
    /// That what Medicare paid for no visit went back.
    #[serde(default)]
    pub returned: Option<BenefitReturned>,
    /// The runs that paid it and out of which something of it was taken back, the earliest first.
    #[serde(default)]
    pub runs: Vec<ClaimInRun>,
    /// Goes up by one with every change.
    pub version: i32,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl PersonalData for Claim {}

/// A code of Medicare's and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimReason {
    /// `9632`, `162`.
    pub code: String,
    /// `Medicare has paid for this service before.`
    pub words: String,
    /// `Compare the date and item with the earlier claim.`
    pub remedy: Option<String>,
}

/// A claim whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimCase {
    /// The claim.
    pub claim: Claim,
    /// The assignment that it rests on.
    pub assignment_id: Option<AssignmentId>,
    /// What sort.
    pub service_type: ServiceType,
    /// Whose services: a provider number.
    pub provider_number: String,
    /// Who is paid, when that is somebody else: a provider number.
    pub payee_provider_number: Option<String>,
    /// The referral.
    pub referral: Option<Referral>,
    /// Why there is none.
    pub referral_override: Option<ReferralOverride>,
    /// The services in order.
    pub services: Vec<ClaimService>,
    /// What happened, the latest first.
    pub history: Vec<ClaimStep>,
    /// The claim that this one takes the place of.
    pub relodges: Option<ClaimId>,
}

impl PersonalData for ClaimCase {}

/// One item of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimService {
    /// Which.
    pub claim_service_id: ClaimServiceId,
    /// The schedule's item.
    pub item_number: String,
    /// Which time that it is given on the same visit, from one up.
    pub occurrence: i16,
    /// What is claimed.
    pub charge_cents: AudCents,
    /// An incentive for bulk billing, added by its rule.
    pub incentive: bool,
    /// What came of it.
    pub outcome: ServiceOutcome,
    /// What Medicare says it pays.
    pub benefit_cents: Option<AudCents>,
    /// Why.
    pub reason: Option<ClaimReason>,
}

/// What happened to a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimStep {
    /// Where it stood after.
    pub status: ClaimStatus,
    /// When.
    pub taken_at: Timestamp,
    /// Medicare's codes, if any.
    pub codes: Vec<String>,
}

/// What is to be claimed; what the schedule pays and the incentive are added by their rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutClaim {
    /// What sort.
    pub service_type: ServiceType,
    /// Item numbers in order, repeated where one was given more than once; 1 to [`MAX_SERVICES`].
    pub item_numbers: Vec<String>,
    /// Who is paid, when that is somebody else.
    #[serde(default)]
    pub payee_provider_number: Option<String>,
    /// The referral.
    #[serde(default)]
    pub referral: Option<Referral>,
    /// Why there is none.
    #[serde(default)]
    pub referral_override: Option<ReferralOverride>,
    /// The version that was on the screen; zero for a new claim.
    pub version: i32,
}

/// A bulk-billed visit that took place and is on no claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnclaimedVisit {
    /// Which.
    pub booking_id: BookingId,
    /// The patient.
    pub patient_name: Personal<String>,
    /// Who gave the service.
    pub professional_name: String,
    /// What was booked.
    pub service_name: String,
    /// The day of the service.
    pub service_date: Date,
    /// The last day on which a claim for it can be lodged.
    pub lodge_until: Date,
    /// That day is over.
    #[serde(default)]
    pub lapsed: bool,
}

impl PersonalData for UnclaimedVisit {}

/// What a practice has out with Medicare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimTotals {
    /// How many stand where, and for how much.
    pub by_status: Vec<(ClaimStatus, i64, AudCents)>,
    /// How many claims that are not lodged have their last day within [`WATCH_DAYS`].
    pub ending_soon: i64,
    /// How many have had it: Medicare takes them no more.
    #[serde(default)]
    pub lapsed: i64,
    /// How many visits on no claim have their last day within [`WATCH_DAYS`].
    #[serde(default)]
    pub visits_ending_soon: i64,
    /// How many have had it.
    #[serde(default)]
    pub visits_lapsed: i64,
    /// How many claims Medicare is asked about no more, though nobody knows what came of them.
    #[serde(default)]
    pub stopped: i64,
    /// What Medicare owes by its own reports.
    pub due_cents: AudCents,
}
