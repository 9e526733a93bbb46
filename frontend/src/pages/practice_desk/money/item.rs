//! An item of the Medicare Benefits Schedule, looked up while its number is typed.

use shared_types::payments::funding::ScheduleItem;
use yew::prelude::*;

use crate::{
    api::funding as funding_api,
    forms::funding::{is_item_number, item_numbers},
    hooks::{use_private_api_if, use_rested},
};

/// How much of an item's description is shown; some have pages.
const SHOWN: usize = 160;

#[derive(Clone, PartialEq, Properties)]
pub struct ItemsProps {
    /// Item numbers in a row, as they are typed.
    pub text: AttrValue,
}

/// What the schedule says of each.
#[component]
pub fn Items(props: &ItemsProps) -> Html {
    let text = use_rested(props.text.clone());
    let mut numbers = item_numbers(&text);
    numbers.sort();
    numbers.dedup();
    html! {
        <ul class="small" role="list" aria-live="polite">
            { for numbers.iter().map(|number| html! { <Item key={number.clone()} number={number.clone()} /> }) }
        </ul>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ItemProps {
    number: AttrValue,
}

#[component]
fn Item(props: &ItemProps) -> Html {
    let number = &props.number;
    let path = is_item_number(number).then(|| funding_api::find_item(number));
    let can_be = path.is_some();
    let words = match use_private_api_if::<ScheduleItem>(path, 0) {
        Some(Ok(item)) => item_words(&item),
        Some(Err(problem)) if problem.status == 404 => {
            format!("{number}: the schedule has no such item today.")
        }
        Some(Err(_)) => format!("{number}: it could not be looked up."),
        None if can_be => format!("{number}: looking it up…"),
        None => format!("{number}: an item has up to five digits."),
    };
    html! { <li>{ words }</li> }
}

/// `23: Professional attendance … Schedule fee $43.90, Medicare pays $43.90.`
pub fn item_words(item: &ScheduleItem) -> String {
    let description = shortened(&item.description);
    let fee = match (item.schedule_fee_cents, item.benefit_cents, &item.derived_fee) {
        (Some(fee), Some(benefit), _) => format!("Schedule fee {fee}, Medicare pays {benefit}."),
        (Some(fee), None, _) => format!("Schedule fee {fee}."),
        (None, _, Some(rule)) => format!("Its fee goes by a rule: {}.", rule.trim_end_matches('.')),
        (None, _, None) => "Its fee goes by a rule.".to_owned(),
    };
    format!("{}: {description} {fee}", item.item_number)
}

/// The beginning, cut between words.
fn shortened(text: &str) -> String {
    let words = text.split_whitespace();
    let mut short = String::new();
    for word in words {
        if short.chars().count() + word.chars().count() >= SHOWN {
            return format!("{short} …");
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    if !short.is_empty() && !short.ends_with('.') {
        short.push('.');
    }
    short
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        AudCents,
        payments::funding::{FeeType, ScheduleItem},
    };

    use super::{SHOWN, item_words};

    fn item() -> ScheduleItem {
        ScheduleItem {
            item_number: "23".to_owned(),
            description: "Professional attendance by a general practitioner".to_owned(),
            fee_type: FeeType::Fixed,
            schedule_fee_cents: Some(AudCents(4_390)),
            derived_fee: None,
            benefit_cents: Some(AudCents(4_390)),
            effective_from: date(2026, 7, 1),
            effective_until: None,
        }
    }

    #[test]
    fn an_item_says_what_it_is_for_and_what_medicare_pays() {
        assert_eq!(
            item_words(&item()),
            "23: Professional attendance by a general practitioner. Schedule fee $43.90, Medicare pays $43.90."
        );
    }

    #[test]
    fn a_fee_that_is_a_rule_is_told_as_one() {
        let derived = ScheduleItem {
            fee_type: FeeType::Derived,
            schedule_fee_cents: None,
            derived_fee: Some("The fee for item 3, plus $30.".to_owned()),
            benefit_cents: None,
            ..item()
        };
        assert!(item_words(&derived).ends_with("Its fee goes by a rule: The fee for item 3, plus $30."));
    }

    #[test]
    fn a_description_of_pages_is_cut_between_words() {
        let long = ScheduleItem { description: "attendance ".repeat(200), ..item() };
        let words = item_words(&long);
        assert!(words.contains("attendance … Schedule fee") && words.chars().count() < SHOWN + 80, "{words}");
    }
}
