//! Who pays for an appointment type: the schedule's items, and a practice's rule for each sort of patient.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/payments/items/{item_number}` | `find_item` | Public | `?on=` → [`ScheduleItem`] |
//! | GET `/api/v1/payments/practices/{organization_id}/funding/{appointment_type_id}` | `find_funding` | [`MONEY_STAFF`](super::practice::MONEY_STAFF) | → [`Funding`] |
//! | PUT the same | `put_funding` | the same | [`PutFunding`] → [`Funding`] |
//! | PUT `/api/v1/payments/practices/{organization_id}/bulk-billing` | `put_bulk_billing` | owners and managers | [`PutBulkBilling`] → [`BulkBilling`] |
//! | GET the same | `find_bulk_billing` | [`MONEY_STAFF`](super::practice::MONEY_STAFF) | → [`BulkBilling`] |
//! | GET `/api/v1/payments/platform/mbs-loads` | `list_mbs_loads` | administrators | → `Page<MbsLoad>`, the latest first |
//!
//! Problems: 409 `bulk-bills-everything` (a private price for an eligible item at a practice that bulk bills everything), 412
//! `stale-version`, 422 for an item that is not in force, and at such a practice for a price without items.
//!
//! Whether a service is eligible goes by the lists that hold on the day of the visit ([`super::eligibility`]), never by when a rule
//! was written. bookings decides by it when it offers a price, and answers 409 `cannot-be-charged` where none can be asked.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    codes::codes,
    eligibility::{EligibleFrom, NoItemSaid, TypeEligibility},
    quote::{Collection, TaxCode},
};
use crate::{AppointmentTypeId, AudCents, FundingRuleId, MbsLoadId, OrganizationId};

codes! {
    /// Who pays.
    FundingMode {
        /// The patient, and Medicare may pay part of it back.
        Private = "private",
        /// Medicare pays all of it, and the patient nothing (C-52).
        BulkBilled = "bulk_billed",
        /// The Department of Veterans' Affairs.
        Veterans = "veterans",
    }
}

codes! {
    /// The sorts of patients for whom a rule can differ. The narrowest that fits decides, in this order.
    Cohort {
        /// Has a veteran's card.
        Veteran = "veteran",
        /// Younger than sixteen on the day.
        Under16 = "under_16",
        /// Has a concession card.
        Concession = "concession",
        /// Has a Medicare card.
        Medicare = "medicare",
        /// Everybody else.
        Anyone = "anyone",
    }
}

codes! {
    /// Whether a fee is a number or a rule in words.
    FeeType {
        /// A number.
        Fixed = "fixed",
        /// Described in words, such as "the fee for item 3, plus …".
        Derived = "derived",
    }
}

codes! {
    /// For what an incentive for bulk billing is paid.
    IncentiveKind {
        /// Beside most attendances.
        Single = "single",
        /// Three times as much, beside the common attendances.
        Triple = "triple",
        /// The same for patients enrolled with the practice.
        Enrolled = "enrolled",
    }
}

/// An item of the Medicare Benefits Schedule, as in force on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScheduleItem {
    /// `23`.
    pub item_number: String,
    /// What it is for, in the schedule's words.
    pub description: String,
    /// A number or a rule in words.
    pub fee_type: FeeType,
    /// The fee; none where it is derived.
    pub schedule_fee_cents: Option<AudCents>,
    /// The rule in words, where the fee is derived.
    pub derived_fee: Option<String>,
    /// What Medicare pays out of hospital; none where it is derived.
    pub benefit_cents: Option<AudCents>,
    /// The first day of this row.
    pub effective_from: Date,
    /// The day after its last; none while it is in force.
    pub effective_until: Option<Date>,
}

/// Who pays for an appointment type, for one sort of patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FundingRule {
    /// For whom.
    pub cohort: Cohort,
    /// Who pays.
    pub mode: FundingMode,
    /// The items that are usually claimed; none for what Medicare does not know.
    pub item_numbers: Vec<String>,
    /// The practitioner's fee; zero where it is bulk billed.
    pub fee_cents: AudCents,
    /// How it is collected; `at_practice` where it is bulk billed.
    pub collection: Collection,
    /// What is taken when booking, where a deposit is.
    pub deposit_cents: AudCents,
    /// The fee for not coming; zero where it is bulk billed.
    pub no_show_fee_cents: AudCents,
    /// How it is taxed.
    pub tax_code: TaxCode,
}

impl FundingRule {
    /// Whether the patient can be charged by it, for the visit or for not coming.
    pub fn charges(&self) -> bool {
        let owed = self.fee_cents > AudCents::ZERO || self.no_show_fee_cents > AudCents::ZERO;
        match self.mode {
            FundingMode::BulkBilled => false,
            FundingMode::Private | FundingMode::Veterans => owed,
        }
    }
}

/// The rules of an appointment type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Funding {
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// At most one for each cohort.
    pub rules: Vec<FundingRule>,
    /// That no Medicare item applies, where that was said.
    #[serde(default)]
    pub no_item: Option<NoItemSaid>,
    /// Goes up by one with every change; zero while there are none.
    pub version: i32,
}

/// Replaces the rules of an appointment type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutFunding {
    /// At most one for each cohort.
    pub rules: Vec<FundingRule>,
    /// Says that no Medicare item applies; then no rule names one.
    #[serde(default)]
    pub no_item: bool,
    /// The version that was on the screen.
    pub version: i32,
}

/// Whether a practice bulk bills every eligible service for every eligible patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BulkBilling {
    /// It does: no private price can be set for an eligible item there.
    pub everything: bool,
    /// When somebody last said so; after a year the badge goes until it is said again (C-53).
    pub attested_at: Option<Timestamp>,
    /// How each appointment type stands of which the practice has said who pays; the others are unanswered.
    #[serde(default)]
    pub types: Vec<TypeEligibility>,
    /// Goes up by one with every change.
    pub version: i32,
}

/// Says whether a practice bulk bills everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutBulkBilling {
    /// It does.
    pub everything: bool,
    /// The version that was on the screen.
    pub version: i32,
}

codes! {
    /// What came of reading a schedule.
    MbsLoadStatus {
        /// It was read and compared, and nothing was changed.
        Previewed = "previewed",
        /// It is in force.
        Applied = "applied",
        /// It is not a schedule, or drops more than one item in twenty.
        Refused = "refused",
    }
}

/// One reading of the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MbsLoad {
    /// Which.
    pub mbs_load_id: MbsLoadId,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file in hex.
    pub sha256: String,
    /// When it was read.
    pub loaded_at: Timestamp,
    /// What came of it.
    pub status: MbsLoadStatus,
    /// How many items it has.
    pub items: i32,
    /// How many are new.
    pub added: i32,
    /// How many have another fee, benefit or description.
    pub changed: i32,
    /// How many are no longer there.
    pub ended: i32,
}

/// The rules of an appointment type as bookings copies them: whole, with the benefit that is paid back today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundingFact {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// The version that it has now.
    pub version: i32,
    /// Each rule with what is paid back.
    pub rules: Vec<FundedRule>,
    /// Whether somebody with a Medicare card can be charged, should the practice bulk bill everything. Events from before it was said
    /// tell nothing, and what nothing is told of is unanswered.
    #[serde(default)]
    pub eligibility: Vec<EligibleFrom>,
}

/// A rule and the benefits of its items over time, so that a quote for a day next year has that day's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundedRule {
    /// Which.
    pub funding_rule_id: FundingRuleId,
    /// The rule.
    pub rule: FundingRule,
    /// From which day how much is paid back; the last entry holds on.
    pub rebates: Vec<(Date, AudCents)>,
}
