//! `/practice/{organization_id}/money/statements`: a month of what the practice is owed, from the ledger alone.

use jiff::civil::Date;
use shared_types::{
    OrganizationId, Zone,
    payments::practice::{MONEY_STAFF, Statement},
};
use yew::prelude::*;

use super::{
    MoneyPageProps, money_pages,
    statement_view::{MonthChoice, StatementView},
};
use crate::{
    api::practice_money,
    browser,
    components::failed::Failed,
    forms::money_month::month_code,
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Statements";
const REST: &str = "/money/statements";

/// The page.
#[component]
pub fn StatementsPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Statements {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

#[component]
fn Statements(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let organization_id = desk.organization_id;
    let today = Zone::SYDNEY.date(browser::now());
    let month = use_state_eq(|| today.first_of_month());
    let on_month = {
        let month = month.setter();
        Callback::from(move |chosen: Date| month.set(chosen))
    };
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            <p class="no-print">{ "Months are those of Sydney, where the books are kept." }</p>
            <MonthChoice month={*month} {today} {on_month} />
            <OfMonth {organization_id} name={desk.name.clone()} month={*month} {today} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OfMonthProps {
    organization_id: OrganizationId,
    name: AttrValue,
    month: Date,
    today: Date,
}

#[component]
fn OfMonth(props: &OfMonthProps) -> Html {
    let OfMonthProps { organization_id, name, month, today } = props;
    let (version, on_again) = use_version();
    let path = practice_money::find_statement(*organization_id, &month_code(*month));
    match use_private_api::<Statement>(path, version) {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={desk_path(*organization_id, REST)} {on_again} /> }
        }
        Some(Ok(statement)) => html! { <StatementView name={name.clone()} {statement} today={*today} /> },
    }
}
