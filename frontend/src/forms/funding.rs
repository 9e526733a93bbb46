//! A practice's rules for an appointment type while they are edited, as the browser's own fields write them.

use shared_types::{
    AudCents,
    payments::{
        funding::{Cohort, FundingMode, FundingRule},
        quote::{Collection, TaxCode},
    },
    problem::FieldError,
};

use super::hours::{dollars, read_dollars};

/// Sorts of patients in the order in which a practice sets rules for them.
const USUAL: [Cohort; 5] =
    [Cohort::Anyone, Cohort::Medicare, Cohort::Concession, Cohort::Under16, Cohort::Veteran];

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// Tells the rows apart while they are edited.
    pub id: u32,
    /// For whom.
    pub cohort: Cohort,
    /// Who pays.
    pub mode: FundingMode,
    /// Item numbers with spaces or commas between them.
    pub items: String,
    /// Dollars.
    pub fee: String,
    /// How it is collected.
    pub collection: Collection,
    /// Dollars.
    pub deposit: String,
    /// Dollars; none where it is empty.
    pub no_show_fee: String,
    /// How it is taxed.
    pub tax_code: TaxCode,
}

impl RuleRow {
    fn new(id: u32, cohort: Cohort) -> Self {
        Self {
            id,
            cohort,
            mode: FundingMode::Private,
            items: String::new(),
            fee: String::new(),
            collection: Collection::AtPractice,
            deposit: String::new(),
            no_show_fee: String::new(),
            tax_code: TaxCode::FreeHealth,
        }
    }

    fn of(id: u32, rule: &FundingRule) -> Self {
        let more_than_none =
            |cents: AudCents| if cents > AudCents::ZERO { dollars(cents) } else { String::new() };
        Self {
            id,
            cohort: rule.cohort,
            mode: rule.mode,
            items: rule.item_numbers.join(", "),
            fee: if rule.mode == FundingMode::BulkBilled { String::new() } else { dollars(rule.fee_cents) },
            collection: rule.collection,
            deposit: more_than_none(rule.deposit_cents),
            no_show_fee: more_than_none(rule.no_show_fee_cents),
            tax_code: rule.tax_code,
        }
    }

    /// The items one by one.
    pub fn item_numbers(&self) -> Vec<String> {
        item_numbers(&self.items)
    }

    /// As it is sent. What is bulk billed costs nothing of any kind, whatever was typed before.
    fn read(&self, nth: usize) -> Result<FundingRule, Vec<FieldError>> {
        let free = FundingRule {
            cohort: self.cohort,
            mode: self.mode,
            item_numbers: self.item_numbers(),
            fee_cents: AudCents::ZERO,
            collection: Collection::AtPractice,
            deposit_cents: AudCents::ZERO,
            no_show_fee_cents: AudCents::ZERO,
            tax_code: TaxCode::FreeMedical,
        };
        match self.mode {
            FundingMode::BulkBilled => return Ok(free),
            FundingMode::Private | FundingMode::Veterans => {}
        }
        let mut errors = Vec::new();
        let mut amount = |field: &str, text: &str, may_be_empty: bool| {
            if may_be_empty && text.trim().is_empty() {
                return AudCents::ZERO;
            }
            read_dollars(text).unwrap_or_else(|| {
                let detail = "Enter an amount in dollars, such as 95 or 95.50";
                errors.push(FieldError::new(format!("/rules/{nth}/{field}"), detail));
                AudCents::ZERO
            })
        };
        let fee_cents = amount("fee_cents", &self.fee, false);
        let deposit_cents = match self.collection {
            Collection::Deposit => amount("deposit_cents", &self.deposit, false),
            Collection::AtPractice | Collection::AfterVisit | Collection::Prepaid => AudCents::ZERO,
        };
        let no_show_fee_cents = amount("no_show_fee_cents", &self.no_show_fee, true);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(FundingRule {
            fee_cents,
            collection: self.collection,
            deposit_cents,
            no_show_fee_cents,
            tax_code: self.tax_code,
            ..free
        })
    }
}

/// Item numbers that stand in a row.
pub fn item_numbers(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c == ',' || c.is_whitespace());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether this can be the number of an item at all.
pub fn is_item_number(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The rules of an appointment type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FundingForm {
    next_id: u32,
    /// In the order in which they are shown and sent.
    pub rows: Vec<RuleRow>,
}

impl FundingForm {
    /// Rules as they stand.
    pub fn of(rules: &[FundingRule]) -> Self {
        let rows: Vec<_> = (0..).zip(rules).map(|(id, rule)| RuleRow::of(id, rule)).collect();
        Self { next_id: rows.iter().map(|row| row.id + 1).max().unwrap_or(0), rows }
    }

    /// For whom there is no rule yet.
    pub fn next_cohort(&self) -> Option<Cohort> {
        USUAL.into_iter().find(|cohort| self.rows.iter().all(|row| row.cohort != *cohort))
    }

    /// With a rule for those who have none, or as it is where everybody has one.
    pub fn with_another(mut self) -> Self {
        if let Some(cohort) = self.next_cohort() {
            self.rows.push(RuleRow::new(self.next_id, cohort));
            self.next_id += 1;
        }
        self
    }

    /// With a rule changed.
    pub fn with(mut self, row: RuleRow) -> Self {
        if let Some(old) = self.rows.iter_mut().find(|old| old.id == row.id) {
            *old = row;
        }
        self
    }

    /// Without a rule.
    pub fn without(mut self, id: u32) -> Self {
        self.rows.retain(|row| row.id != id);
        self
    }

    /// As they are sent.
    ///
    /// # Errors
    /// Amounts that cannot be read; the service looks at the rest.
    pub fn read(&self) -> Result<Vec<FundingRule>, Vec<FieldError>> {
        let (mut rules, mut errors) = (Vec::new(), Vec::new());
        for (nth, row) in self.rows.iter().enumerate() {
            match row.read(nth) {
                Ok(rule) => rules.push(rule),
                Err(wrong) => errors.extend(wrong),
            }
        }
        if errors.is_empty() { Ok(rules) } else { Err(errors) }
    }
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

    use super::{FundingForm, RuleRow, USUAL, is_item_number};

    fn one(change: impl FnOnce(RuleRow) -> RuleRow) -> FundingForm {
        let form = FundingForm::default().with_another();
        let row = change(form.rows[0].clone());
        form.with(row)
    }

    fn pointers(form: &FundingForm) -> Vec<String> {
        form.read().unwrap_err().into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn rules_come_back_as_they_were() {
        let rules = [
            FundingRule {
                cohort: Cohort::Anyone,
                mode: FundingMode::Private,
                item_numbers: vec!["23".to_owned(), "10990".to_owned()],
                fee_cents: AudCents(9_550),
                collection: Collection::Deposit,
                deposit_cents: AudCents(2_000),
                no_show_fee_cents: AudCents::ZERO,
                tax_code: TaxCode::FreeHealth,
            },
            FundingRule {
                cohort: Cohort::Medicare,
                mode: FundingMode::BulkBilled,
                item_numbers: vec!["23".to_owned()],
                fee_cents: AudCents::ZERO,
                collection: Collection::AtPractice,
                deposit_cents: AudCents::ZERO,
                no_show_fee_cents: AudCents::ZERO,
                tax_code: TaxCode::FreeMedical,
            },
        ];
        assert_eq!(FundingForm::of(&rules).read().unwrap(), rules);
    }

    #[test]
    fn what_is_bulk_billed_costs_nothing_whatever_was_typed_before() {
        let form = one(|row| RuleRow {
            mode: FundingMode::BulkBilled,
            items: " 23, 10990 ".to_owned(),
            fee: "95".to_owned(),
            collection: Collection::Prepaid,
            no_show_fee: "a lot".to_owned(),
            tax_code: TaxCode::Taxable,
            ..row
        });
        let rule = form.read().unwrap().remove(0);
        assert_eq!(rule.item_numbers, ["23", "10990"]);
        assert_eq!((rule.fee_cents, rule.no_show_fee_cents), (AudCents::ZERO, AudCents::ZERO));
        assert_eq!((rule.collection, rule.tax_code), (Collection::AtPractice, TaxCode::FreeMedical));
    }

    #[test]
    fn amounts_that_cannot_be_read_are_named_with_their_rule() {
        assert_eq!(pointers(&one(|row| row)), ["/rules/0/fee_cents"]);
        let deposit = one(|row| RuleRow { fee: "95".to_owned(), collection: Collection::Deposit, ..row });
        assert_eq!(pointers(&deposit), ["/rules/0/deposit_cents"]);
        let late = one(|row| RuleRow { fee: "95".to_owned(), no_show_fee: "half".to_owned(), ..row });
        assert_eq!(pointers(&late.with_another()), ["/rules/0/no_show_fee_cents", "/rules/1/fee_cents"]);
    }

    #[test]
    fn a_deposit_is_sent_only_where_one_is_taken() {
        let form = one(|row| RuleRow { fee: "95".to_owned(), deposit: "20".to_owned(), ..row });
        assert_eq!(form.read().unwrap()[0].deposit_cents, AudCents::ZERO);
    }

    #[test]
    fn another_rule_is_for_those_who_have_none() {
        let mut form = FundingForm::default();
        for cohort in USUAL {
            assert_eq!(form.next_cohort(), Some(cohort));
            form = form.with_another();
        }
        assert_eq!(form.next_cohort(), None);
        let fewer = form.clone().with_another().without(1);
        assert_eq!(fewer.next_cohort(), Some(Cohort::Medicare));
        let again = fewer.with_another();
        assert_eq!(again.rows.last().map(|row| row.id), Some(5), "an id is not used twice");
    }

    #[test]
    fn an_item_has_up_to_five_digits() {
        for (text, is) in [("23", true), ("75870", true), ("123456", false), ("23a", false), ("", false)] {
            assert_eq!(is_item_number(text), is, "{text}");
        }
    }
}
