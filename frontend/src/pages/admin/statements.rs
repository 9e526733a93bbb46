//! `/admin/statements`: a month of the platform's accounts, from the ledger alone.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    Zone,
    payments::{platform::PlatformStatement, practice::AccountKind},
};
use yew::prelude::*;

use crate::{
    api::platform_money,
    browser,
    components::{failed::Failed, money_words::cause_words},
    forms::money_month::{month_code, month_words},
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::money::statement_view::{MonthChoice, print_button, still_open},
        support::ForSupport,
    },
};

const TITLE: &str = "Statements";
const PATH: &str = "/admin/statements";

/// The page.
#[component]
pub fn PlatformStatementsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Statements /></ForSupport> }
}

#[component]
fn Statements() -> Html {
    let today = Zone::SYDNEY.date(browser::now());
    let month = use_state_eq(|| today.first_of_month());
    let on_month = {
        let month = month.setter();
        Callback::from(move |chosen: Date| month.set(chosen))
    };
    html! {
        <div class="stack">
            <p class="no-print">{ "Months are those of Sydney, where the books are kept." }</p>
            <MonthChoice month={*month} {today} {on_month} />
            <OfMonth month={*month} {today} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OfMonthProps {
    month: Date,
    today: Date,
}

#[component]
fn OfMonth(props: &OfMonthProps) -> Html {
    let OfMonthProps { month, today } = props;
    let (version, on_again) = use_version();
    let path = platform_money::find_platform_statement(&month_code(*month));
    match use_private_api::<PlatformStatement>(path, version) {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(statement)) => html! { <PlatformStatementView {statement} today={*today} /> },
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PlatformStatementViewProps {
    pub statement: Rc<PlatformStatement>,
    pub today: Date,
}

/// Each kind of account before and after, and the sum of debits for each reason.
#[component]
pub fn PlatformStatementView(props: &PlatformStatementViewProps) -> Html {
    let PlatformStatementViewProps { statement, today } = props;
    html! {
        <section class="stack" aria-labelledby="statement-title">
            <h2 id="statement-title">{ format!("HelloMapper: {}", month_words(statement.from)) }</h2>
            { still_open(statement.until, *today) }
            <table class="table table--stack">
                <caption>{ "Accounts. Debits are above zero, credits below; practices’ accounts are summed." }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Account" }</th>
                        <th scope="col" class="money">{ "At the beginning" }</th>
                        <th scope="col" class="money">{ "At the end" }</th>
                    </tr>
                </thead>
                <tbody>
                    { for statement.balances.iter().map(|(kind, opening, closing)| html! {
                        <tr key={kind.code()}>
                            <th scope="row">{ account_words(*kind) }</th>
                            <td class="money" data-label="At the beginning">{ opening.to_string() }</td>
                            <td class="money" data-label="At the end">{ closing.to_string() }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
            if statement.sums.is_empty() {
                <p>{ "Nothing happened in this month." }</p>
            } else {
                <table class="table table--stack">
                    <caption>{ "What happened, by the debits of each kind" }</caption>
                    <thead>
                        <tr><th scope="col">{ "What" }</th><th scope="col" class="money">{ "Debits" }</th></tr>
                    </thead>
                    <tbody>
                        { for statement.sums.iter().map(|(cause, cents)| html! {
                            <tr key={cause.code()}>
                                <th scope="row">{ cause_words(*cause) }</th>
                                <td class="money" data-label="Debits">{ cents.to_string() }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            }
            { print_button() }
        </section>
    }
}

fn account_words(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Processor => "Money at the card processor",
        AccountKind::PracticeBalance => "Owed to practices",
        AccountKind::PlatformFees => "Our fees, without GST",
        AccountKind::GstPayable => "GST owed to the tax office",
        AccountKind::ProcessorFees => "Fees of the card processor",
        AccountKind::Chargebacks => "Kept by banks until they decide",
        AccountKind::Losses => "Losses that practices’ balances did not cover",
        AccountKind::PlatformBank => "Our bank",
        AccountKind::MedicareDue => "Owed to practices by Medicare",
        AccountKind::MedicarePaid => "Paid to practices by Medicare",
        AccountKind::MedicareBenefits => "Benefits that practices earned",
        AccountKind::Suspense => "Not explained yet",
    }
}
