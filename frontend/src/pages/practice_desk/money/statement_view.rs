//! A month of a practice's balance to read and to print, and the choice of the month.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{AudCents, payments::practice::Statement};
use yew::prelude::*;

use crate::{
    browser,
    components::{icon::Icon, money_words::cause_words, select_field::SelectField},
    forms::money_month::{month_code, month_words, months},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MonthChoiceProps {
    /// The one that is shown, by its first day.
    pub month: Date,
    pub today: Date,
    pub on_month: Callback<Date>,
}

/// The months of seven years.
#[component]
pub fn MonthChoice(props: &MonthChoiceProps) -> Html {
    let MonthChoiceProps { month, today, on_month } = props;
    let months = months(*today);
    let option = |one: &Date| (AttrValue::from(month_code(*one)), AttrValue::from(month_words(*one)));
    let options: Vec<_> = months.iter().map(option).collect();
    let onchange = {
        let on_month = on_month.clone();
        move |code: String| {
            if let Some(chosen) = months.iter().find(|one| month_code(**one) == code) {
                on_month.emit(*chosen);
            }
        }
    };
    html! {
        <div class="no-print">
            <SelectField id="month" label="Month" {options} value={month_code(*month)} {onchange} />
        </div>
    }
}

/// What is so of a month that is not over.
pub fn still_open(until: Date, today: Date) -> Html {
    if until <= today {
        return Html::default();
    }
    html! { <p>{ "This month is not over: its amounts can still change." }</p> }
}

/// Has the browser print the page.
pub fn print_button() -> Html {
    html! {
        <div class="button-row no-print">
            <button type="button" class="button button--quiet" onclick={|_: MouseEvent| browser::print()}>
                <Icon name="print" />{ "Print" }
            </button>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StatementViewProps {
    /// The practice.
    pub name: AttrValue,
    pub statement: Rc<Statement>,
    pub today: Date,
}

/// What was owed to the practice before and after, and the sum of each reason for which that changed.
#[component]
pub fn StatementView(props: &StatementViewProps) -> Html {
    let StatementViewProps { name, statement, today } = props;
    let line = |words: &'static str, cents: AudCents| {
        html! {
            <tr key={words}>
                <th scope="row">{ words }</th>
                <td class="money" data-label="Amount">{ cents.to_string() }</td>
            </tr>
        }
    };
    html! {
        <section class="stack" aria-labelledby="statement-title">
            <h2 id="statement-title">{ format!("{name}: {}", month_words(statement.from)) }</h2>
            { still_open(statement.until, *today) }
            <table class="table table--stack">
                <caption>{ "What HelloMapper owes you. Below zero, you owe." }</caption>
                <thead>
                    <tr><th scope="col">{ "What" }</th><th scope="col" class="money">{ "Amount" }</th></tr>
                </thead>
                <tbody>
                    { line("At the beginning of the month", statement.opening_cents) }
                    { for statement.sums.iter().map(|(cause, cents)| line(cause_words(*cause), *cents)) }
                    { line("At the end of the month", statement.closing_cents) }
                </tbody>
            </table>
            <div class="optional">
                if statement.sums.is_empty() {
                    <p>{ "Nothing happened in this month." }</p>
                }
            </div>
            { print_button() }
        </section>
    }
}
