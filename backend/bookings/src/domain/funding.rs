//! Who pays for a visit and how much, by the rules that payments told: for the sort of patient and the day of the visit.

use jiff::civil::Date;
use shared_types::{
    AudCents,
    bookings::{AppointmentType, CancellationPolicy, Quote},
    payments::{
        eligibility::{Eligibility, reaches_cards},
        funding::{Cohort, FundedRule, FundingMode},
        quote::{Collection, TaxCode},
        rules,
    },
};

/// Why nobody can be charged for a visit where its practice bulk bills every eligible service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncharged {
    /// Medicare pays for it.
    Eligible,
    /// The practice has not said whether Medicare does.
    Unanswered,
}

/// What is offered for a visit, and on which terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// As it is booked, with the price of this offer.
    pub appointment_type: AppointmentType,
    /// What cancelling costs.
    pub policy: CancellationPolicy,
    /// For whom it is priced, where the price goes by that.
    pub cohort: Option<Cohort>,
    /// Who pays.
    pub funding: FundingMode,
    /// How it is collected.
    pub collection: Collection,
    /// How it is taxed.
    pub tax_code: TaxCode,
    /// What Medicare pays back.
    pub rebate_cents: AudCents,
    /// Part of the price that is taken when booking.
    pub deposit_cents: AudCents,
    /// What not coming costs.
    pub no_show_fee_cents: AudCents,
}

impl Offer {
    /// What a practice offers that has set no rule: paid there, or bulk billed.
    pub fn at_practice(appointment_type: AppointmentType, policy: CancellationPolicy) -> Self {
        let (funding, fee) = if appointment_type.bulk_billed {
            (FundingMode::BulkBilled, AudCents::ZERO)
        } else {
            (FundingMode::Private, policy.late_fee_cents)
        };
        Self {
            appointment_type,
            policy: CancellationPolicy { late_fee_cents: fee, ..policy },
            cohort: None,
            funding,
            collection: Collection::AtPractice,
            tax_code: TaxCode::FreeHealth,
            rebate_cents: AudCents::ZERO,
            deposit_cents: AudCents::ZERO,
            no_show_fee_cents: fee,
        }
    }

    /// The same by a rule, on a day. What is bulk billed carries no charge of any kind (C-52); without an account that collects,
    /// or where no card can be charged so little, it is paid at the practice.
    pub fn by_rule(self, funded: &FundedRule, cohort: Option<Cohort>, day: Date, collects: bool) -> Self {
        let rule = &funded.rule;
        let bulk_billed = rule.mode == FundingMode::BulkBilled;
        let price = if bulk_billed { AudCents::ZERO } else { rule.fee_cents };
        let deposit = rule.deposit_cents.min(price);
        let first = if rule.collection == Collection::Deposit { deposit } else { price };
        let by_card = collects && !bulk_billed && first >= rules::CHARGED_AT_LEAST;
        let collection = if by_card { rule.collection } else { Collection::AtPractice };
        let late_fee_cents = rules::fee_owed(self.policy.late_fee_cents, price, bulk_billed);
        Self {
            appointment_type: AppointmentType { price_cents: price, bulk_billed, ..self.appointment_type },
            policy: CancellationPolicy { late_fee_cents, ..self.policy },
            cohort,
            funding: rule.mode,
            collection,
            tax_code: rule.tax_code,
            rebate_cents: rebate_on(funded, day).min(price),
            deposit_cents: match collection {
                Collection::Deposit => deposit,
                Collection::AtPractice | Collection::AfterVisit | Collection::Prepaid => AudCents::ZERO,
            },
            no_show_fee_cents: rules::fee_owed(rule.no_show_fee_cents, price, bulk_billed),
        }
    }

    /// Whether its patient can come to owe anything, be it for cancelling late.
    pub fn charges(&self) -> bool {
        let owed = [
            self.appointment_type.price_cents,
            self.policy.late_fee_cents,
            self.no_show_fee_cents,
            self.deposit_cents,
        ];
        self.funding != FundingMode::BulkBilled && owed.into_iter().any(|cents| cents > AudCents::ZERO)
    }

    /// Whether booking it needs a step at the processor, as its quote will say.
    pub fn needs_payment_step(&self) -> bool {
        match self.collection {
            Collection::AtPractice => false,
            Collection::AfterVisit | Collection::Deposit | Collection::Prepaid => {
                self.appointment_type.price_cents > AudCents::ZERO
            }
        }
    }
}

/// The rule for somebody: of those that fit, the narrowest. Who has a veteran's or a concession card has a Medicare card too; a
/// child need not.
pub fn rule_for(rules: &[FundedRule], cohort: Option<Cohort>) -> Option<&FundedRule> {
    let fits: &[Cohort] = match cohort {
        Some(Cohort::Veteran) => &[Cohort::Veteran, Cohort::Medicare, Cohort::Anyone],
        Some(Cohort::Under16) => &[Cohort::Under16, Cohort::Anyone],
        Some(Cohort::Concession) => &[Cohort::Concession, Cohort::Medicare, Cohort::Anyone],
        Some(Cohort::Medicare) => &[Cohort::Medicare, Cohort::Anyone],
        Some(Cohort::Anyone) | None => &[Cohort::Anyone],
    };
    fits.iter().find_map(|cohort| rules.iter().find(|funded| funded.rule.cohort == *cohort))
}

/// Why somebody of a sort cannot be charged where every eligible service is bulk billed, as the type stands on the day of the visit. Who
/// may have a Medicare card counts as having one.
pub fn uncharged(
    rules: &[FundedRule],
    cohort: Option<Cohort>,
    eligibility: Eligibility,
) -> Option<Uncharged> {
    let sort = rule_for(rules, cohort).map_or(Cohort::Anyone, |funded| funded.rule.cohort);
    if !reaches_cards(sort, rules.iter().map(|funded| &funded.rule)) {
        return None;
    }
    match eligibility {
        Eligibility::Eligible => Some(Uncharged::Eligible),
        Eligibility::Unanswered => Some(Uncharged::Unanswered),
        Eligibility::NoItem | Eligibility::NotEligible => None,
    }
}

/// For which sorts of patients there is a rule, the narrowest first; nothing where one is for all.
pub fn cohorts(rules: &[FundedRule]) -> Vec<Cohort> {
    let named = |cohort: &Cohort| rules.iter().any(|funded| funded.rule.cohort == *cohort);
    let mut cohorts: Vec<_> = Cohort::ALL.into_iter().filter(named).collect();
    if cohorts == [Cohort::Anyone] {
        cohorts.clear();
    }
    cohorts
}

/// What not coming costs: as it was quoted, or what cancelling late costs where nothing was. What is bulk billed, also after it was
/// quoted at a price, costs nothing (C-52).
pub fn no_show_fee(quote: Option<&Quote>, policy: CancellationPolicy, bulk_billed: bool) -> AudCents {
    if bulk_billed {
        return AudCents::ZERO;
    }
    let quoted = quote.and_then(|quote| quote.terms.as_ref());
    quoted.map_or(policy.late_fee_cents, |terms| terms.no_show_fee_cents)
}

fn rebate_on(funded: &FundedRule, day: Date) -> AudCents {
    let begun = funded.rebates.iter().filter(|(from, _)| *from <= day);
    begun.max_by_key(|(from, _)| *from).map_or(AudCents::ZERO, |(_, rebate)| *rebate)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        AudCents,
        bookings::{AppointmentType, Audience, CancellationPolicy},
        payments::{
            eligibility::Eligibility,
            funding::{Cohort, FundedRule, FundingMode, FundingRule},
            quote::{Collection, TaxCode},
        },
    };
    use uuid::Uuid;

    use super::{Offer, Uncharged, cohorts, rule_for, uncharged};

    fn rule(cohort: Cohort, mode: FundingMode, fee: i64) -> FundedRule {
        FundedRule {
            funding_rule_id: Uuid::from_u128(1).into(),
            rule: FundingRule {
                cohort,
                mode,
                item_numbers: vec!["10960".to_owned()],
                fee_cents: AudCents(fee),
                collection: Collection::Deposit,
                deposit_cents: AudCents(3_000),
                no_show_fee_cents: AudCents(20_000),
                tax_code: TaxCode::FreeMedical,
            },
            rebates: vec![(date(2026, 7, 1), AudCents(6_130)), (date(2027, 7, 1), AudCents(6_300))],
        }
    }

    fn plain() -> Offer {
        let appointment_type = AppointmentType {
            appointment_type_id: Uuid::from_u128(2).into(),
            name: "Initial consultation".to_owned(),
            duration_minutes: 45,
            price_cents: AudCents(12_000),
            bulk_billed: false,
            telehealth: false,
            audience: Audience::All,
            needs_acceptance: false,
            seats: None,
            home_visit: false,
        };
        let policy = CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5_000) };
        Offer::at_practice(appointment_type, policy)
    }

    #[test]
    fn the_narrowest_rule_that_fits_decides() {
        let private = rule(Cohort::Anyone, FundingMode::Private, 12_000);
        let medicare = rule(Cohort::Medicare, FundingMode::Private, 10_000);
        let concession = rule(Cohort::Concession, FundingMode::BulkBilled, 0);
        let rules = [private, medicare, concession];
        let fee = |cohort| rule_for(&rules, cohort).map(|funded| funded.rule.fee_cents.0);
        assert_eq!(fee(None), Some(12_000));
        assert_eq!(fee(Some(Cohort::Under16)), Some(12_000));
        assert_eq!(fee(Some(Cohort::Veteran)), Some(10_000));
        assert_eq!(fee(Some(Cohort::Concession)), Some(0));
        assert_eq!(rule_for(&rules[1..], None), None);
        assert_eq!(cohorts(&rules), [Cohort::Concession, Cohort::Medicare, Cohort::Anyone]);
        assert_eq!(cohorts(&rules[..1]), []);
    }

    #[test]
    fn the_rebate_is_that_of_the_day_of_the_visit() {
        let funded = rule(Cohort::Anyone, FundingMode::Private, 12_000);
        for (day, rebate) in [(date(2026, 6, 30), 0), (date(2027, 6, 30), 6_130), (date(2027, 7, 1), 6_300)] {
            assert_eq!(plain().by_rule(&funded, None, day, true).rebate_cents, AudCents(rebate), "{day}");
        }
    }

    #[test]
    fn no_fee_is_more_than_the_visit() {
        let funded = rule(Cohort::Anyone, FundingMode::Private, 4_000);
        let offer = plain().by_rule(&funded, None, date(2026, 12, 1), true);
        assert_eq!(offer.policy.late_fee_cents, AudCents(4_000));
        assert_eq!(offer.no_show_fee_cents, AudCents(4_000));
        assert_eq!(offer.deposit_cents, AudCents(3_000));
    }

    /// Health Insurance Act 1973 s 20A (C-52).
    #[test]
    fn what_is_bulk_billed_carries_no_charge_of_any_kind() {
        let funded = rule(Cohort::Anyone, FundingMode::BulkBilled, 12_000);
        let offer = plain().by_rule(&funded, None, date(2026, 12, 1), true);
        assert!(offer.appointment_type.bulk_billed);
        for cents in [
            offer.appointment_type.price_cents,
            offer.policy.late_fee_cents,
            offer.no_show_fee_cents,
            offer.deposit_cents,
            offer.rebate_cents,
        ] {
            assert_eq!(cents, AudCents::ZERO);
        }
        assert_eq!(offer.collection, Collection::AtPractice);
    }

    #[test]
    fn where_everything_eligible_is_bulk_billed_a_card_is_never_charged_for_it() {
        let private = rule(Cohort::Anyone, FundingMode::Private, 12_000);
        let cards = rule(Cohort::Medicare, FundingMode::BulkBilled, 0);
        let veterans = rule(Cohort::Veteran, FundingMode::Veterans, 12_000);
        let none: &[FundedRule] = &[];
        for rules in [none, std::slice::from_ref(&private)] {
            for (eligibility, expected) in [
                (Eligibility::Eligible, Some(Uncharged::Eligible)),
                (Eligibility::Unanswered, Some(Uncharged::Unanswered)),
                (Eligibility::NoItem, None),
                (Eligibility::NotEligible, None),
            ] {
                assert_eq!(uncharged(rules, None, eligibility), expected, "{eligibility:?}");
            }
        }
        let rules = [private, cards, veterans];
        assert_eq!(uncharged(&rules, None, Eligibility::Eligible), None, "they say that they have no card");
        assert_eq!(uncharged(&rules, Some(Cohort::Veteran), Eligibility::Eligible), None);
        assert_eq!(
            uncharged(&rules, Some(Cohort::Medicare), Eligibility::Eligible),
            Some(Uncharged::Eligible),
            "whatever the rule for them says"
        );
    }

    #[test]
    fn what_can_come_to_cost_something_charges() {
        assert!(plain().charges());
        let free = |late| {
            let mut offer = plain();
            offer.appointment_type.price_cents = AudCents::ZERO;
            let policy = CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(late) };
            Offer::at_practice(offer.appointment_type, policy)
        };
        assert!(!free(0).charges());
        assert!(free(5_000).charges());
        let bulk_billed = rule(Cohort::Anyone, FundingMode::BulkBilled, 12_000);
        assert!(!plain().by_rule(&bulk_billed, None, date(2026, 12, 1), true).charges());
    }

    #[test]
    fn what_is_too_little_for_a_card_is_paid_at_the_practice() {
        for (collection, fee, deposit, by_card) in [
            (Collection::AfterVisit, 50, 0, true),
            (Collection::AfterVisit, 49, 0, false),
            (Collection::Prepaid, 49, 0, false),
            (Collection::Deposit, 12_000, 50, true),
            (Collection::Deposit, 12_000, 49, false),
        ] {
            let mut funded = rule(Cohort::Anyone, FundingMode::Private, fee);
            funded.rule.collection = collection;
            funded.rule.deposit_cents = AudCents(deposit);
            let offer = plain().by_rule(&funded, None, date(2026, 12, 1), true);
            let expected = if by_card { collection } else { Collection::AtPractice };
            assert_eq!(offer.collection, expected, "{fee} {deposit}");
            assert_eq!(offer.needs_payment_step(), by_card, "{fee} {deposit}");
            assert_eq!(offer.appointment_type.price_cents, AudCents(fee));
        }
    }

    #[test]
    fn a_practice_that_cannot_collect_is_paid_there() {
        let funded = rule(Cohort::Anyone, FundingMode::Private, 12_000);
        let offer = plain().by_rule(&funded, None, date(2026, 12, 1), false);
        assert_eq!((offer.collection, offer.deposit_cents), (Collection::AtPractice, AudCents::ZERO));
        assert_eq!(offer.appointment_type.price_cents, AudCents(12_000));
    }
}
