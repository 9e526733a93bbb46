//! `/practice/{organization_id}/money`: what changed the practice's balance, the latest first, and the ways to give money back, to ask
//! for more and to bulk bill instead.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    AudCents, OrganizationId, Zone,
    bookings::practice::CALENDAR_STAFF,
    page::Page,
    payments::practice::{BulkBillStatus, MONEY_STAFF, PostingCause, Transaction},
};
use yew::prelude::*;
use yew_router::hooks::use_location;

use super::{
    MoneyPageProps, ask_form::AskForm, bulk_bill_instead::BulkBillInstead, days_fields::DaysFields,
    higher_price::HigherPriceView, money_pages, refund_form::RefundForm, turning, visit_link::VisitLink,
};
use crate::{
    api::practice_money,
    browser,
    components::{
        failed::Failed,
        moment::Moment,
        money_words::cause_words,
        notice::{Notice, NoticeKind},
    },
    forms::money_days::DaysForm,
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Transactions";
const REST: &str = "/money";

/// The page.
#[component]
pub fn TransactionsPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Transactions {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

/// The days, and what happened on them. An address names a day where it leads to what happened on it.
#[component]
fn Transactions(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let opened = use_state_eq(|| DaysForm::open(&query, Zone::SYDNEY.date(browser::now())));
    let days = use_state_eq(|| opened.check().ok());
    let on_days = {
        let days = days.setter();
        Callback::from(move |chosen: (Date, Date)| days.set(Some(chosen)))
    };
    html! {
        <div class="stack">
            { money_pages(desk.organization_id, REST) }
            <DaysFields opened={(*opened).clone()} {on_days} />
            if let Some(days) = *days {
                <OfDays key={format!("{} {}", days.0, days.1)} desk={desk.clone()} {days} />
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OfDaysProps {
    desk: Desk,
    /// The first, and the one after the last.
    days: (Date, Date),
}

#[component]
fn OfDays(props: &OfDaysProps) -> Html {
    let OfDaysProps { desk, days } = props;
    let organization_id = desk.organization_id;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = practice_money::list_transactions(organization_id, *days, cursor.as_deref());
    let page = match use_private_api::<Page<Transaction>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> };
        }
        Some(Ok(page)) => page,
    };
    let reads_calendar = desk.roles.iter().any(|role| CALENDAR_STAFF.contains(role));
    let row = |one: &Transaction| {
        html! {
            <Row key={one.posting_id.to_string()} {organization_id} transaction={Rc::new(one.clone())}
                {reads_calendar} on_refunded={on_again.clone()} />
        }
    };
    html! {
        <div class="stack">
            <p>
                { "Amounts are what you get: the fee is taken off already. Days are those of Sydney, where the books are " }
                { "kept. What no card was charged for is under “Not paid”." }
            </p>
            <p><a href={practice_money::export_transactions(organization_id, *days)} download="transactions.csv">
                { "Download these days as a spreadsheet (CSV)" }
            </a></p>
            if page.items.is_empty() {
                <p>{ "Nothing happened on these days." }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            { turning(&cursor, page.next.as_ref()) }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    organization_id: OrganizationId,
    transaction: Rc<Transaction>,
    /// Whether the calendar is for them too.
    reads_calendar: bool,
    on_refunded: Callback<()>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { organization_id, transaction, reads_calendar, on_refunded } = props;
    let shows = use_state_eq(|| false);
    let onclick = {
        let shows = shows.clone();
        move |_: MouseEvent| shows.set(!*shows)
    };
    let asks = use_state_eq(|| false);
    let on_ask = {
        let asks = asks.clone();
        move |_: MouseEvent| asks.set(!*asks)
    };
    let taken_for = transaction.payment_id.filter(|_| transaction.cause == PostingCause::Capture);
    let refundable = taken_for.filter(|_| !is_given_back(transaction));
    html! {
        <li class="card stack">
            <p>
                <strong>{ cause_words(transaction.cause) }</strong>
                { format!(": {}. Balance {}. ", transaction.net_cents, transaction.balance_cents) }
                <Moment at={transaction.occurred_at} />
            </p>
            <p class="small muted">
                { format!("Before the fee {}, fee {}.", transaction.gross_cents, transaction.fee_cents) }
            </p>
            <div class="optional">
                if let Some((booking_id, visit)) = transaction.booking_id.zip(transaction.visit) {
                    <VisitLink organization_id={*organization_id} {booking_id} {visit} leads={*reads_calendar} />
                }
            </div>
            <div class="optional">
                if let Some(higher) = transaction.higher.clone() {
                    <HigherPriceView {higher} />
                }
            </div>
            <div class="optional">{ for still_owed(transaction) }</div>
            if let Some(payment_id) = refundable {
                <div class="button-row">
                    <button type="button" class="button button--plain" {onclick} aria-expanded={shows.to_string()}>
                        { "Give money back" }
                    </button>
                    <button type="button" class="button button--plain" onclick={on_ask} aria-expanded={asks.to_string()}>
                        { "Ask for more" }
                    </button>
                </div>
                <div class="optional">
                    if *shows {
                        <RefundForm organization_id={*organization_id} {payment_id} most={transaction.gross_cents}
                            on_refunded={on_refunded.clone()} />
                    }
                </div>
                <div class="optional">
                    if *asks {
                        <AskForm organization_id={*organization_id} {payment_id} paid={transaction.gross_cents} />
                    }
                </div>
            }
            <div class="optional">
                if let Some((payment_id, standing)) = taken_for.zip(transaction.bulk_billing) {
                    <BulkBillInstead organization_id={*organization_id} {payment_id} {standing}
                        on_changed={on_refunded.clone()} />
                }
            </div>
        </li>
    }
}

/// What the patient owes for it and no card was charged for, and what is owed to the patient.
fn still_owed(transaction: &Transaction) -> Vec<Html> {
    let mut owed = Vec::new();
    if transaction.fee_owed_cents > AudCents::ZERO {
        let title = format!("{} of the fee is not charged", transaction.fee_owed_cents);
        owed.push(html! {
            <Notice key="fee" kind={NoticeKind::Soon} {title}>
                <p>{ "The card that is kept is charged once it is due. Where it says no, its holder has a day for another one, and then you settle it with them." }</p>
            </Notice>
        });
    }
    if transaction.not_returned_cents > AudCents::ZERO {
        let title = format!("{} did not reach the patient", transaction.not_returned_cents);
        owed.push(html! {
            <Notice key="refund" kind={NoticeKind::Danger} {title}>
                <p>{ "The patient’s bank sent back what you gave back. It is with you again and owed to the patient, who was told: pay it in another way, or give it back once more." }</p>
            </Notice>
        });
    }
    owed
}

/// Whether all of it goes back anyway, since the visit is bulk billed instead.
fn is_given_back(transaction: &Transaction) -> bool {
    transaction.bulk_billing.is_some_and(|standing| match standing.status {
        BulkBillStatus::UnderWay | BulkBillStatus::Done => true,
        BulkBillStatus::Possible | BulkBillStatus::NotRefunded => false,
    })
}
