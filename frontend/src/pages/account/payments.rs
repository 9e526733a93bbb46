//! `/account/payments`: what somebody paid, with the receipts, and what went back.

use std::rc::Rc;

use shared_types::{
    BookingId,
    page::Page,
    payments::pay::{Invoice, PatientRefund, PaymentStanding},
    users::Me,
};
use yew::prelude::*;

use super::{OnlySignedIn, back_to_account, fetched};
use crate::{
    api::money,
    components::{invoice_view::InvoiceView, payment_view::PaymentView, refunds_view::RefundsView},
    hooks::{use_head, use_private_api, use_version},
    pages::{higher_charge::HigherCharge, hold::private_head},
};

const PATH: &str = "/account/payments";
const TITLE: &str = "Payments and receipts";

/// The page.
#[component]
pub fn PaymentsPage() -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|_: Rc<Me>| html! { <Payments /> });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}

#[component]
fn Payments() -> Html {
    let (version, again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let page = use_private_api::<Page<PaymentStanding>>(money::list_my_payments(cursor.as_deref()), version);
    let content = fetched(page, PATH, &again, |page| {
        let older = page.next.clone().map(|next| {
            let set = cursor.setter();
            let onclick = move |_: MouseEvent| set.set(Some(next.clone()));
            html! { <button type="button" class="button button--quiet" {onclick}>{ "Older ones" }</button> }
        });
        let newest = cursor.is_some().then(|| {
            let set = cursor.setter();
            let onclick = move |_: MouseEvent| set.set(None);
            html! { <button type="button" class="button button--plain" {onclick}>{ "The latest" }</button> }
        });
        html! {
            <>
                if page.items.is_empty() {
                    <p>{ "You have paid nothing by card yet. What you pay at a practice’s desk is not shown here." }</p>
                }
                <ul class="stack" role="list">
                    { for page.items.iter().map(|one| html! {
                        <Payment key={one.payment_id.to_string()} payment={Rc::new(one.clone())} on_agreed={again.clone()} />
                    }) }
                </ul>
                <div class="button-row">{ for older }{ for newest }</div>
            </>
        }
    });
    html! {
        <>
            <p><a href="/account/cards">{ "Your saved cards" }</a></p>
            { content }
            { back_to_account() }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PaymentProps {
    payment: Rc<PaymentStanding>,
    on_agreed: Callback<()>,
}

/// One payment; its documents, and what went back of it, are fetched when they are asked for.
#[component]
fn Payment(props: &PaymentProps) -> Html {
    let PaymentProps { payment, on_agreed } = props;
    let shows = use_state_eq(|| false);
    let onclick = {
        let shows = shows.clone();
        move |_: MouseEvent| shows.set(!*shows)
    };
    let shows_refunds = use_state_eq(|| false);
    let on_refunds = {
        let shows_refunds = shows_refunds.clone();
        move |_: MouseEvent| shows_refunds.set(!*shows_refunds)
    };
    html! {
        <li class="card stack">
            <PaymentView payment={Rc::clone(payment)} />
            <div class="optional">
                <HigherCharge payment={Rc::clone(payment)} on_agreed={on_agreed.clone()} />
            </div>
            <div class="button-row">
                <button type="button" class="button button--quiet" {onclick} aria-expanded={shows.to_string()}>
                    { "Receipts" }
                </button>
                <button type="button" class="button button--quiet" onclick={on_refunds}
                    aria-expanded={shows_refunds.to_string()}>
                    { "What went back" }
                </button>
            </div>
            <div class="optional">
                if *shows {
                    <Documents booking_id={payment.booking_id} />
                }
            </div>
            <div class="optional">
                if *shows_refunds {
                    <Refunds booking_id={payment.booking_id} />
                }
            </div>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DocumentsProps {
    booking_id: BookingId,
}

#[component]
fn Documents(props: &DocumentsProps) -> Html {
    let (version, again) = use_version();
    let booking_id = props.booking_id;
    let page = use_private_api::<Page<Invoice>>(money::list_invoices(booking_id), version);
    fetched(page, PATH, &again, |page| {
        if page.items.is_empty() {
            return html! { <p>{ "There are none yet. They come a minute after money was taken." }</p> };
        }
        let one = |invoice: &Invoice| {
            let file = money::print_invoice(booking_id, invoice.invoice_id);
            html! {
                <InvoiceView key={invoice.invoice_id.to_string()} invoice={Rc::new(invoice.clone())} {file} />
            }
        };
        html! { <div class="stack">{ for page.items.iter().map(one) }</div> }
    })
}

#[component]
fn Refunds(props: &DocumentsProps) -> Html {
    let (version, again) = use_version();
    let page = use_private_api::<Page<PatientRefund>>(money::list_refunds(props.booking_id), version);
    fetched(page, PATH, &again, |page| html! { <RefundsView refunds={page.items.clone()} /> })
}
