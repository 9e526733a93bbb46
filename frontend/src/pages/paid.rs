//! A booking's money on its own pages, for who holds the booking: what was paid and went back, and the receipts.

use std::rc::Rc;

use shared_types::{
    Problem,
    bookings::{Appointment, AppointmentStatus},
    page::Page,
    payments::{
        pay::{Invoice, PatientRefund, PaymentStanding},
        quote::QuoteTerms,
    },
};
use yew::{platform::spawn_local, prelude::*};

use super::higher_charge::HigherCharge;
use crate::{
    api::{OwnBooking, payments, use_api_client},
    browser,
    components::{
        icon::Icon, invoice_view::InvoiceView, payment_view::PaymentView, problem_view::ProblemView,
        refunds_view::RefundsView,
    },
    hooks::use_act,
};

#[derive(Clone, PartialEq, Properties)]
pub struct PaidProps {
    pub appointment: Rc<Appointment>,
}

/// What is read together.
struct Found {
    payment: PaymentStanding,
    documents: Page<Invoice>,
    refunds: Page<PatientRefund>,
}

/// Fetched when it is asked for, but for a higher price that waits for an answer; nothing where nothing is paid through us.
#[component]
pub fn Paid(props: &PaidProps) -> Html {
    let PaidProps { appointment } = props;
    let (client, act) = (use_api_client(), use_act());
    let found = use_state(|| None::<Rc<Found>>);
    let terms = appointment.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    // What was paid for and bulk billed afterwards has no price any more, and its receipts.
    let is_ours = terms.map_or(appointment.appointment_type.bulk_billed, QuoteTerms::needs_payment_step);
    let booking = OwnBooking::of(appointment).filter(|_| is_ours);
    let standing = use_state(|| None::<Rc<PaymentStanding>>);
    {
        // While the booking waits for its payment nobody can ask for more.
        let is_paid_for = appointment.status != AppointmentStatus::AwaitingPayment;
        let (client, booking, set) =
            (client.clone(), booking.clone().filter(|_| is_paid_for), standing.setter());
        use_effect_with(appointment.appointment_id, move |_| {
            if let Some(booking) = booking {
                spawn_local(async move {
                    set.set(payments::find_payment(&client, &booking).await.ok().map(Rc::new));
                });
            }
        });
    }
    let Some(booking) = booking else { return Html::default() };
    let on_agreed = {
        let found = found.setter();
        // What is shown has changed; it can be looked at again.
        Callback::from(move |()| found.set(None))
    };
    let asked = (*standing).clone().map(|payment| {
        html! { <HigherCharge {payment} booking={booking.clone()} {on_agreed} /> }
    });
    let onclick = {
        let (act, found) = (act.clone(), found.setter());
        move |_: MouseEvent| {
            let (client, booking, found) = (client.clone(), booking.clone(), found.clone());
            let send = move || {
                let (client, booking) = (client.clone(), booking.clone());
                async move {
                    let payment = payments::find_payment(&client, &booking).await?;
                    let documents = payments::list_own_invoices(&client, &booking).await?;
                    let refunds = payments::list_own_refunds(&client, &booking).await?;
                    Ok::<_, Problem>(Found { payment, documents, refunds })
                }
            };
            act.run(send, move |all| found.set(Some(Rc::new(all))));
        }
    };
    html! {
        <section class="card stack" aria-labelledby="paid-title">
            <h2 id="paid-title">{ "Payment" }</h2>
            <div class="optional">{ for asked }</div>
            <div class="optional">
                if let Some(found) = &*found {
                    <PaymentView payment={Rc::new(found.payment.clone())} />
                    if !found.refunds.items.is_empty() {
                        <h3>{ "What went back" }</h3>
                        <RefundsView refunds={found.refunds.items.clone()} />
                    }
                    { documents(&found.documents) }
                }
            </div>
            <div class="optional">
                if let Some(problem) = act.problem.clone() {
                    <ProblemView {problem} />
                }
            </div>
            <div class="button-row no-print">
                <button type="button" class="button button--quiet" {onclick} aria-busy={act.busy.to_string()}>
                    { if found.is_some() { "Look again" } else { "Show what was paid, with receipts" } }
                </button>
            </div>
        </section>
    }
}

fn documents(page: &Page<Invoice>) -> Html {
    if page.items.is_empty() {
        return html! { <p>{ "There is no receipt yet. It comes a minute after money was taken." }</p> };
    }
    let one = |invoice: &Invoice| {
        html! { <InvoiceView key={invoice.invoice_id.to_string()} invoice={Rc::new(invoice.clone())} /> }
    };
    html! {
        <div class="stack">
            { for page.items.iter().map(one) }
            <button type="button" class="button button--plain no-print js-only" onclick={|_: MouseEvent| browser::print()}>
                <Icon name="print" />{ "Print" }
            </button>
        </div>
    }
}
