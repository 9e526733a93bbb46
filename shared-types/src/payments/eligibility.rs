//! Whether somebody with a Medicare card can be charged for an appointment type where a practice bulk bills every eligible service: the
//! same for payments, which judges rules, for bookings, which offers prices, and for the practice's page.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    codes::codes,
    funding::{Cohort, FundingMode, FundingRule},
};
use crate::{AccountId, AppointmentTypeId};

codes! {
    /// Whether a practice that bulk bills every eligible service can charge somebody with a Medicare card for an appointment type on a
    /// day.
    Eligibility {
        /// Nobody can tell: it names no item that is in force, and has not said that none applies. It cannot.
        Unanswered = "unanswered",
        /// It can: no Medicare item applies, as the practice says.
        NoItem = "no_item",
        /// It cannot: an item that it names is eligible.
        Eligible = "eligible",
        /// It can: of the items that it names none is eligible.
        NotEligible = "not_eligible",
    }
}

impl Eligibility {
    /// Whether somebody with a Medicare card can be charged.
    pub fn lets_charge(self) -> bool {
        match self {
            Self::NoItem | Self::NotEligible => true,
            Self::Unanswered | Self::Eligible => false,
        }
    }
}

/// How an appointment type stands from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EligibleFrom {
    /// The first day.
    pub from: Date,
    /// How.
    pub eligibility: Eligibility,
}

/// How an appointment type stands on a day; before the first day that is told, as on that one. What nothing is told of is unanswered.
pub fn eligibility_on(days: &[EligibleFrom], day: Date) -> Eligibility {
    let begun = days.iter().rev().find(|entry| entry.from <= day);
    begun.or(days.first()).map_or(Eligibility::Unanswered, |entry| entry.eligibility)
}

/// That no Medicare item applies to an appointment type, as its practice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoItemSaid {
    /// When it was last said.
    pub at: Timestamp,
    /// By whom of the practice.
    pub by: AccountId,
}

/// Whether somebody with a Medicare card can come under the rule for a sort of patient, beside these rules of the same type: each sort
/// that has one, and everybody else where no rule bulk bills who has a card.
pub fn reaches_cards<'a>(cohort: Cohort, rules: impl IntoIterator<Item = &'a FundingRule>) -> bool {
    match cohort {
        Cohort::Under16 | Cohort::Concession | Cohort::Medicare => true,
        Cohort::Anyone => !rules
            .into_iter()
            .any(|rule| rule.cohort == Cohort::Medicare && rule.mode == FundingMode::BulkBilled),
        // Their own card pays.
        Cohort::Veteran => false,
    }
}

/// How an appointment type stands at a practice that bulk bills everything, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TypeEligibility {
    /// Which.
    pub appointment_type_id: AppointmentTypeId,
    /// Whether its rules charge somebody with a Medicare card; none where it has no rule that such a person is sure to come under, and
    /// its own price counts.
    pub charges: Option<bool>,
    /// That no Medicare item applies, where that was said.
    pub no_item: Option<NoItemSaid>,
    /// From which day how; the last entry holds on.
    pub days: Vec<EligibleFrom>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Eligibility, EligibleFrom, eligibility_on, reaches_cards};
    use crate::{
        AudCents,
        payments::{
            funding::{Cohort, FundingMode, FundingRule},
            quote::{Collection, TaxCode},
        },
    };

    fn rule(cohort: Cohort, mode: FundingMode, fee: i64) -> FundingRule {
        FundingRule {
            cohort,
            mode,
            item_numbers: Vec::new(),
            fee_cents: AudCents(fee),
            collection: Collection::AtPractice,
            deposit_cents: AudCents::ZERO,
            no_show_fee_cents: AudCents::ZERO,
            tax_code: TaxCode::FreeMedical,
        }
    }

    #[test]
    fn a_type_stands_as_on_the_day_of_the_visit() {
        let from = |from, eligibility| EligibleFrom { from, eligibility };
        let days = [
            from(date(2026, 11, 22), Eligibility::NotEligible),
            from(date(2027, 1, 1), Eligibility::Eligible),
            from(date(2027, 7, 1), Eligibility::Unanswered),
        ];
        for (day, expected) in [
            (date(2026, 11, 21), Eligibility::NotEligible),
            (date(2026, 12, 31), Eligibility::NotEligible),
            (date(2027, 1, 1), Eligibility::Eligible),
            (date(2027, 6, 30), Eligibility::Eligible),
            (date(2030, 1, 1), Eligibility::Unanswered),
        ] {
            assert_eq!(eligibility_on(&days, day), expected, "{day}");
        }
        assert_eq!(eligibility_on(&[], date(2027, 1, 1)), Eligibility::Unanswered);
    }

    #[test]
    fn only_what_is_known_to_be_outside_medicare_can_be_charged_for() {
        let lets = Eligibility::ALL.into_iter().filter(|eligibility| eligibility.lets_charge());
        assert_eq!(lets.collect::<Vec<_>>(), [Eligibility::NoItem, Eligibility::NotEligible]);
    }

    #[test]
    fn a_rule_charges_by_any_name_but_bulk_billing() {
        for (mode, fee, charges) in [
            (FundingMode::Private, 8_500, true),
            (FundingMode::Veterans, 8_500, true),
            (FundingMode::Private, 0, false),
            (FundingMode::BulkBilled, 8_500, false),
        ] {
            assert_eq!(rule(Cohort::Medicare, mode, fee).charges(), charges, "{mode:?} {fee}");
        }
        let no_show =
            FundingRule { no_show_fee_cents: AudCents(1), ..rule(Cohort::Anyone, FundingMode::Private, 0) };
        assert!(no_show.charges());
    }

    #[test]
    fn everybody_else_has_a_card_unless_cards_are_bulk_billed() {
        let private = rule(Cohort::Anyone, FundingMode::Private, 8_500);
        let cards = rule(Cohort::Medicare, FundingMode::BulkBilled, 0);
        assert!(reaches_cards(Cohort::Anyone, [&private]));
        assert!(!reaches_cards(Cohort::Anyone, [&private, &cards]));
        assert!(reaches_cards(Cohort::Under16, [&private, &cards]));
        assert!(!reaches_cards(Cohort::Veteran, [&private]));
    }
}
