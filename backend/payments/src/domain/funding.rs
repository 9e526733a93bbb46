//! What a practice may say of who pays for an appointment type.

use std::collections::BTreeSet;

use shared_types::{
    AudCents,
    payments::{
        eligibility::reaches_cards,
        funding::{Cohort, FundingMode, FundingRule},
        quote::{Collection, TaxCode},
        rules::CHARGED_AT_LEAST,
    },
    problem::FieldError,
};

/// The most items that are claimed for one visit.
const MOST_ITEMS: usize = 14;
/// No single visit costs more than this; a typing mistake does.
const HIGHEST_FEE: AudCents = AudCents(10_000_000);

/// What is wrong with rules, one entry for each. Which items are in force, the schedule says.
pub fn check(rules: &[FundingRule]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut cohorts = BTreeSet::new();
    for (nth, rule) in rules.iter().enumerate() {
        let mut wrong = |field: &str, detail: &str| {
            errors.push(FieldError::new(format!("/rules/{nth}/{field}"), detail));
        };
        if !cohorts.insert(rule.cohort) {
            wrong("cohort", "There is a rule for these patients already");
        }
        if rule.item_numbers.len() > MOST_ITEMS {
            wrong("item_numbers", "At most 14 items are claimed for one visit");
        }
        if !(AudCents::ZERO..=HIGHEST_FEE).contains(&rule.fee_cents) {
            wrong("fee_cents", "Enter a fee from $0 to $100,000");
        }
        if !(AudCents::ZERO..=rule.fee_cents.max(AudCents::ZERO)).contains(&rule.no_show_fee_cents) {
            wrong("no_show_fee_cents", "The fee for not coming is at most the fee for the visit");
        }
        let has_deposit = rule.deposit_cents > AudCents::ZERO;
        if has_deposit != (rule.collection == Collection::Deposit)
            || !(AudCents::ZERO..=rule.fee_cents.max(AudCents::ZERO)).contains(&rule.deposit_cents)
        {
            wrong(
                "deposit_cents",
                "A deposit is more than nothing and at most the fee, and belongs to collecting one",
            );
        }
        if rule.collection != Collection::AtPractice {
            let too_little = |cents: AudCents| AudCents::ZERO < cents && cents < CHARGED_AT_LEAST;
            for (field, cents) in [
                ("fee_cents", rule.fee_cents),
                ("deposit_cents", rule.deposit_cents),
                ("no_show_fee_cents", rule.no_show_fee_cents),
            ] {
                if too_little(cents) {
                    wrong(field, "A card is charged $0.50 or more");
                }
            }
        }
        match rule.mode {
            FundingMode::BulkBilled => check_bulk_billed(rule, wrong),
            FundingMode::Private | FundingMode::Veterans => {}
        }
    }
    errors
}

/// C-52: nothing of any kind is asked of the patient.
fn check_bulk_billed(rule: &FundingRule, mut wrong: impl FnMut(&str, &str)) {
    if rule.item_numbers.is_empty() {
        wrong("item_numbers", "Name the items that are bulk billed");
    }
    if rule.fee_cents != AudCents::ZERO || rule.no_show_fee_cents != AudCents::ZERO {
        wrong("fee_cents", "What is bulk billed costs the patient nothing, and not coming to it neither");
    }
    if rule.collection != Collection::AtPractice {
        wrong("collection", "Nothing is collected for what is bulk billed");
    }
    if rule.tax_code != TaxCode::FreeMedical {
        wrong("tax_code", "What is bulk billed is a medical service, and GST-free");
    }
}

/// What is wrong with rules that name items where no item is said to apply.
pub fn check_no_item(rules: &[FundingRule]) -> Vec<FieldError> {
    let named = rules.iter().enumerate().filter(|(_, rule)| !rule.item_numbers.is_empty());
    let wrong = |(nth, _): (usize, &FundingRule)| {
        let detail = "Name no item here, or do not say that no Medicare item applies";
        FieldError::new(format!("/rules/{nth}/item_numbers"), detail)
    };
    named.map(wrong).collect()
}

/// Whether these rules of a type charge somebody with a Medicare card. None where there is no rule that such a person comes under for
/// certain, so that the type's own price counts for them.
pub fn charge_cards(rules: &[FundingRule]) -> Option<bool> {
    if rules.iter().any(|rule| rule.charges() && reaches_cards(rule.cohort, rules)) {
        return Some(true);
    }
    let has_anyone = rules.iter().any(|rule| rule.cohort == Cohort::Anyone);
    (has_anyone || !reaches_cards(Cohort::Anyone, rules)).then_some(false)
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::{
            funding::{Cohort, FundingMode, FundingRule},
            quote::{Collection, TaxCode},
        },
    };

    use super::{charge_cards, check, check_no_item};

    fn rule(cohort: Cohort, mode: FundingMode) -> FundingRule {
        let fee = if mode == FundingMode::BulkBilled { 0 } else { 8_500 };
        FundingRule {
            cohort,
            mode,
            item_numbers: vec!["23".to_owned()],
            fee_cents: AudCents(fee),
            collection: Collection::AtPractice,
            deposit_cents: AudCents::ZERO,
            no_show_fee_cents: AudCents::ZERO,
            tax_code: TaxCode::FreeMedical,
        }
    }

    fn pointers(rule: FundingRule) -> Vec<String> {
        check(&[rule]).into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn what_is_bulk_billed_costs_nothing_of_any_kind() {
        let bulk = rule(Cohort::Medicare, FundingMode::BulkBilled);
        assert_eq!(pointers(bulk.clone()), [""; 0]);
        let fee = FundingRule { fee_cents: AudCents(1), ..bulk.clone() };
        assert_eq!(pointers(fee), ["/rules/0/fee_cents"]);
        let prepaid = FundingRule { collection: Collection::Prepaid, ..bulk.clone() };
        assert_eq!(pointers(prepaid), ["/rules/0/collection"]);
        let nothing_named = FundingRule { item_numbers: Vec::new(), ..bulk };
        assert_eq!(pointers(nothing_named), ["/rules/0/item_numbers"]);
    }

    #[test]
    fn a_deposit_is_part_of_the_fee() {
        let private = rule(Cohort::Anyone, FundingMode::Private);
        let with = |deposit, collection| FundingRule {
            deposit_cents: AudCents(deposit),
            collection,
            ..private.clone()
        };
        assert_eq!(pointers(with(2_000, Collection::Deposit)), [""; 0]);
        for wrong in [
            with(0, Collection::Deposit),
            with(8_501, Collection::Deposit),
            with(2_000, Collection::Prepaid),
            with(-1, Collection::AtPractice),
        ] {
            assert_eq!(pointers(wrong), ["/rules/0/deposit_cents"]);
        }
    }

    #[test]
    fn a_card_is_charged_half_a_dollar_or_more() {
        let private = rule(Cohort::Anyone, FundingMode::Private);
        let with = |fee, no_show, collection| FundingRule {
            fee_cents: AudCents(fee),
            no_show_fee_cents: AudCents(no_show),
            collection,
            ..private.clone()
        };
        for fits in [
            with(50, 50, Collection::AfterVisit),
            with(0, 0, Collection::Prepaid),
            with(49, 49, Collection::AtPractice),
        ] {
            assert_eq!(pointers(fits), [""; 0]);
        }
        assert_eq!(pointers(with(49, 0, Collection::Prepaid)), ["/rules/0/fee_cents"]);
        assert_eq!(pointers(with(8_500, 49, Collection::AfterVisit)), ["/rules/0/no_show_fee_cents"]);
        let deposit = FundingRule { deposit_cents: AudCents(49), collection: Collection::Deposit, ..private };
        assert_eq!(pointers(deposit), ["/rules/0/deposit_cents"]);
    }

    #[test]
    fn each_sort_of_patient_has_one_rule() {
        let twice = [rule(Cohort::Anyone, FundingMode::Private), rule(Cohort::Anyone, FundingMode::Private)];
        assert_eq!(check(&twice)[0].pointer, "/rules/1/cohort");
    }

    #[test]
    fn who_has_a_card_is_not_charged_where_cards_are_bulk_billed() {
        let anyone = rule(Cohort::Anyone, FundingMode::Private);
        assert_eq!(charge_cards(std::slice::from_ref(&anyone)), Some(true));
        let both = [rule(Cohort::Medicare, FundingMode::BulkBilled), anyone.clone()];
        assert_eq!(charge_cards(&both), Some(false));
        let children = [both[0].clone(), both[1].clone(), rule(Cohort::Under16, FundingMode::Private)];
        assert_eq!(charge_cards(&children), Some(true));
        // It is a charge whatever it names and whatever it is called.
        let unnamed = FundingRule { item_numbers: Vec::new(), ..anyone.clone() };
        assert_eq!(charge_cards(&[unnamed]), Some(true));
        assert_eq!(charge_cards(&[FundingRule { mode: FundingMode::Veterans, ..anyone }]), Some(true));
    }

    #[test]
    fn who_comes_under_no_rule_pays_the_types_own_price() {
        assert_eq!(charge_cards(&[]), None);
        assert_eq!(charge_cards(&[rule(Cohort::Concession, FundingMode::BulkBilled)]), None);
        assert_eq!(charge_cards(&[rule(Cohort::Medicare, FundingMode::BulkBilled)]), Some(false));
        assert_eq!(charge_cards(&[rule(Cohort::Anyone, FundingMode::BulkBilled)]), Some(false));
    }

    #[test]
    fn no_item_applies_only_where_none_is_named() {
        let named = rule(Cohort::Anyone, FundingMode::Private);
        let unnamed =
            FundingRule { item_numbers: Vec::new(), ..rule(Cohort::Veteran, FundingMode::Veterans) };
        let errors = check_no_item(&[unnamed, named]);
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/rules/1/item_numbers"]);
    }
}
