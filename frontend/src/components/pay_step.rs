//! The money of a booking that waits for it: what is taken now and what later, said before the processor's own page is opened in
//! the same window. No card number is ever typed here.

use std::rc::Rc;

use gloo_storage::{SessionStorage, Storage};
use shared_types::{
    AppointmentId, AudCents, BookingId, SavedCardId,
    bookings::{Appointment, AppointmentStatus, ConsentGiven, Quote},
    payments::{
        PaymentFailure,
        pay::{Checkout, RepairPayment, SavedCards, StartPayment},
        quote::{Collection, QuoteTerms},
    },
    users::ConsentText,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    consent_box::ConsentBox,
    money_words::card_words,
    notice::{Notice, NoticeKind},
    problem_view::ProblemView,
    select_field::SelectField,
    times_rest::long_when,
};
use crate::{
    api::{OwnBooking, money, payments, use_api_client},
    browser,
    forms::attempt::Attempt,
    hooks::{
        use_act, use_private_api,
        use_standing::{Standing, use_standing},
    },
};

/// Where the tab keeps which appointment a booking's payment was begun from; the processor leads back to the booking.
fn kept_as(booking_id: BookingId) -> String {
    format!("hm.paying.{booking_id}")
}

/// The appointment that a booking's payment was begun from in this tab.
pub fn begun_from(booking_id: BookingId) -> Option<AppointmentId> {
    SessionStorage::get(kept_as(booking_id)).ok()
}

/// Goes on at the processor, or to where it would lead back to when nothing is left to do there.
fn go_on(appointment: &Appointment, checkout: &Checkout) {
    // A full or forbidden storage costs the way back from the processor; the mail has another.
    let _ = SessionStorage::set(kept_as(appointment.booking_id), appointment.appointment_id);
    match &checkout.address {
        Some(address) => browser::load(address),
        None => browser::navigate(&format!("/booked/{}/payment", appointment.booking_id)),
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PayStepProps {
    pub appointment: Rc<Appointment>,
}

/// What is to be paid for a booking that is not made until then.
#[component]
pub fn PayStep(props: &PayStepProps) -> Html {
    let PayStepProps { appointment } = props;
    let (client, act, agreed) = (use_api_client(), use_act(), use_state_eq(|| false));
    let attempt = use_mut_ref(Attempt::default);
    let (chosen, standing) = (use_state_eq(|| None::<SavedCardId>), use_standing().standing);
    let text = use_private_api::<ConsentText>(payments::get_card_consent(), 0);
    let keeps = use_state_eq(|| false);
    let Some((quote, terms)) = priced(appointment) else { return Html::default() };
    if appointment.payment_failure.is_some() {
        // Another card is given where it says why the first was not charged.
        return Html::default();
    }
    // A card that is kept already is not kept once more.
    let keep_card = *keeps && chosen.is_none();
    // Only a card that is kept needs leave to, for this booking or for others too.
    let needed = terms.keeps_card() || keep_card;
    let text = text.filter(|_| needed);
    let ready = !needed || (*agreed && matches!(text, Some(Ok(_))));
    let onclick = {
        let (act, appointment) = (act.clone(), Rc::clone(appointment));
        let consent = text.clone().and_then(Result::ok).map(|text| given(&text));
        let start = StartPayment { quote: quote.clone(), consent, saved_card_id: *chosen, keep_card };
        move |_: MouseEvent| {
            let StartPayment { consent, saved_card_id, keep_card, .. } = &start;
            let what = format!("{} {consent:?} {saved_card_id:?} {keep_card}", start.quote.quote_id);
            let (client, start, attempt) = (client.clone(), start.clone(), Rc::clone(&attempt));
            let appointment = Rc::clone(&appointment);
            act.run(
                move || {
                    let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
                    let (client, start, attempt) = (client.clone(), start.clone(), Rc::clone(&attempt));
                    async move {
                        let answer = payments::start_payment(&client, &start, key).await;
                        attempt.borrow_mut().settle(answer.as_ref().err());
                        answer
                    }
                },
                move |checkout: Checkout| go_on(&appointment, &checkout),
            );
        }
    };
    let on_choose = {
        let set = chosen.setter();
        Callback::from(move |card| set.set(card))
    };
    let on_keep = {
        let set = keeps.setter();
        Callback::from(move |event: Event| {
            set.set(event.target_unchecked_into::<HtmlInputElement>().checked())
        })
    };
    html! {
        <section class="card stack" aria-labelledby="pay-title">
            <h2 id="pay-title">{ heading(terms) }</h2>
            <dl class="pairs pairs--tight">
                { for price_pairs(quote, terms).into_iter().map(|(term, words)| html! {
                    <key={term}><dt>{ term }</dt><dd>{ words }</dd></>
                }) }
            </dl>
            if let Some(until) = appointment.pay_until {
                <p>{ format!("Your time is kept until {}.", long_when(until, appointment.role.time_zone)) }</p>
            }
            <div class="optional">
                if let Standing::SignedIn(_) = standing {
                    <CardChoice chosen={*chosen} {on_choose} />
                    <div class="optional">
                        if chosen.is_none() {
                            <label class="check">
                                <input type="checkbox" id="keep-card" checked={*keeps} onchange={on_keep} />
                                <span>{ "Keep this card for my next bookings, too" }</span>
                            </label>
                        }
                    </div>
                }
            </div>
            <div class="optional">
                if let Some(words) = kept_words(terms) {
                    <p>{ words }</p>
                }
            </div>
            <div class="optional">
                { match text {
                    None => Html::default(),
                    Some(Ok(text)) => {
                        let set = agreed.setter();
                        let on_agree = Callback::from(move |ticked| set.set(ticked));
                        html! { <ConsentBox {text} agreed={*agreed} {on_agree} id="card-consent" /> }
                    }
                    Some(Err(problem)) => html! { <ProblemView {problem} /> },
                } }
            </div>
            <div class="optional">
                if let Some(problem) = act.problem.clone() {
                    <ProblemView {problem} />
                }
            </div>
            <div class="button-row">
                <button type="button" class="button" disabled={!ready} {onclick} aria-busy={act.busy.to_string()}>
                    { button_words(terms) }
                </button>
            </div>
            <p class="small muted">
                { "You go on to the page of our payment processor and come back here. Your card number is never " }
                { "shown to HelloMapper or to the practice, and every card costs the same." }
            </p>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CardChoiceProps {
    chosen: Option<SavedCardId>,
    on_choose: Callback<Option<SavedCardId>>,
}

/// A card that the reader keeps already, or another one; nothing where none is kept.
#[component]
fn CardChoice(props: &CardChoiceProps) -> Html {
    let CardChoiceProps { chosen, on_choose } = props;
    let cards = use_private_api::<SavedCards>(money::CARDS.to_owned(), 0);
    let Some(Ok(cards)) = cards.filter(|cards| cards.as_ref().is_ok_and(|cards| !cards.items.is_empty()))
    else {
        return Html::default();
    };
    html! { <CardSelect {cards} chosen={*chosen} on_choose={on_choose.clone()} /> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct CardSelectProps {
    pub cards: Rc<SavedCards>,
    pub chosen: Option<SavedCardId>,
    pub on_choose: Callback<Option<SavedCardId>>,
}

/// The same once it is known which ones there are.
#[component]
pub fn CardSelect(props: &CardSelectProps) -> Html {
    let CardSelectProps { cards, chosen, on_choose } = props;
    let another = (AttrValue::from(""), AttrValue::from("Another one"));
    let known = cards.items.iter().map(|card| {
        let words = card_words(&card.brand, card.last_four.expose());
        (AttrValue::from(card.saved_card_id.to_string()), AttrValue::from(words))
    });
    let options: Vec<_> = [another].into_iter().chain(known).collect();
    let value = chosen.map(|card| card.to_string()).unwrap_or_default();
    let onchange = on_choose.reform(|code: String| code.parse().ok());
    html! { <SelectField id="saved-card" label="Card" {options} {value} {onchange} /> }
}

/// Another card for a booking whose card said no, or what happened instead once the time for one is over.
#[component]
pub fn RepairStep(props: &PayStepProps) -> Html {
    let PayStepProps { appointment } = props;
    let (client, act, attempt) = (use_api_client(), use_act(), use_mut_ref(Attempt::default));
    let (chosen, standing) = (use_state_eq(|| None::<SavedCardId>), use_standing().standing);
    let Some(failure) = appointment.payment_failure else { return Html::default() };
    let Some(until) = appointment.repair_until else { return unpaid(failure) };
    let Some(booking) = OwnBooking::of(appointment) else { return Html::default() };
    let onclick = {
        let (act, appointment) = (act.clone(), Rc::clone(appointment));
        let saved_card_id = *chosen;
        move |_: MouseEvent| {
            let (client, booking, attempt) = (client.clone(), booking.clone(), Rc::clone(&attempt));
            let appointment = Rc::clone(&appointment);
            act.run(
                move || {
                    let what = format!("{} {saved_card_id:?}", booking.booking_id());
                    let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
                    let (client, booking, attempt) = (client.clone(), booking.clone(), Rc::clone(&attempt));
                    async move {
                        let repair = RepairPayment { saved_card_id };
                        let answer = payments::repair_payment(&client, &booking, repair, key).await;
                        attempt.borrow_mut().settle(answer.as_ref().err());
                        answer
                    }
                },
                move |checkout: Checkout| go_on(&appointment, &checkout),
            );
        }
    };
    let on_choose = {
        let set = chosen.setter();
        Callback::from(move |card| set.set(card))
    };
    let until = long_when(until, appointment.role.time_zone);
    let otherwise = if appointment.status == AppointmentStatus::AwaitingPayment {
        "nothing is booked, and nothing is charged"
    } else if appointment.status.is_upcoming() && !is_paid_when_booked(appointment) {
        "the appointment is cancelled, without charge"
    } else {
        "you settle it with the practice"
    };
    html! {
        <Notice kind={NoticeKind::Danger} title="Your card was not charged">
            <p>{ failure_words(failure) }</p>
            <p>{ format!("Give another card by {until}. Otherwise {otherwise}.") }</p>
            <div class="optional">
                if let Standing::SignedIn(_) = standing {
                    <CardChoice chosen={*chosen} {on_choose} />
                }
            </div>
            <div class="optional">
                if let Some(problem) = act.problem.clone() {
                    <ProblemView {problem} />
                }
            </div>
            <div class="button-row">
                <button type="button" class="button" {onclick} aria-busy={act.busy.to_string()}>
                    { if chosen.is_some() { "Use this card" } else { "Give another card" } }
                </button>
            </div>
        </Notice>
    }
}

/// Nobody gave another card in time.
fn unpaid(failure: PaymentFailure) -> Html {
    html! {
        <Notice kind={NoticeKind::Soon} title="Your card was not charged">
            <p>{ failure_words(failure) }</p>
            <p>{ "The time to give another card is over, and nothing more is charged here. You settle it with the practice." }</p>
        </Notice>
    }
}

/// Why a card was not charged.
pub fn failure_words(failure: PaymentFailure) -> &'static str {
    match failure {
        PaymentFailure::Declined => "The bank said no and gave no reason.",
        PaymentFailure::InsufficientFunds => "There was not enough money on the account.",
        PaymentFailure::ExpiredCard => "The card is out of date.",
        PaymentFailure::AuthenticationRequired => "The bank wants you to show that it is you.",
        PaymentFailure::NotFinished => "The payment was not finished.",
        PaymentFailure::HoldExpired => "The bank let go of the money before the visit.",
        PaymentFailure::ProcessorUnavailable => "Our payment processor did not answer. Nothing was charged.",
    }
}

/// Whether its money was taken when it was booked: what a card says no to afterwards is the rest of a higher price.
fn is_paid_when_booked(appointment: &Appointment) -> bool {
    priced(appointment).is_some_and(|(_, terms)| match terms.collection {
        Collection::Deposit | Collection::Prepaid => true,
        Collection::AfterVisit | Collection::AtPractice => false,
    })
}

fn priced(appointment: &Appointment) -> Option<(&Quote, &QuoteTerms)> {
    let quote = appointment.quote.as_ref()?;
    Some((quote, quote.terms.as_ref()?))
}

fn given(text: &ConsentText) -> ConsentGiven {
    ConsentGiven { text: text.text.clone(), version: text.version }
}

/// What a card that is given now may be charged later, how much at most and when; none where it is charged the price after the visit, which
/// is said beside the price, or nothing.
fn kept_words(terms: &QuoteTerms) -> Option<String> {
    let beyond = terms.fee_beyond();
    if beyond == AudCents::ZERO {
        return None;
    }
    let above = |fee: AudCents| fee > terms.due_now();
    let hours = terms.free_until_hours;
    let late = format!("if you cancel in the last {hours} hours, at the time of the visit");
    let no_show = "if you do not come, once the practice says so";
    let when = match (above(terms.late_fee_cents), above(terms.no_show_fee_cents)) {
        (true, true) => format!("{late}; or {no_show}"),
        (true, false) => late,
        (false, _) => no_show.to_owned(),
    };
    Some(format!(
        "Your card is kept for this booking, since a fee can be more than what you pay now. At most {beyond} more is charged to it: {when}. \
         It is kept for nothing else unless you ask for that."
    ))
}

fn heading(terms: &QuoteTerms) -> &'static str {
    match terms.collection {
        Collection::AfterVisit => "Give a card to finish your booking",
        Collection::Deposit => "Pay the deposit to finish your booking",
        Collection::Prepaid | Collection::AtPractice => "Pay to finish your booking",
    }
}

fn button_words(terms: &QuoteTerms) -> String {
    match terms.collection {
        Collection::AfterVisit => "Give a card".to_owned(),
        Collection::Deposit | Collection::Prepaid | Collection::AtPractice => {
            format!("Pay {}", terms.due_now())
        }
    }
}

/// Fee, rebate, gap, what is taken now and what later (C-53).
fn price_pairs(quote: &Quote, terms: &QuoteTerms) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("Price", terms.total_cents.to_string())];
    if quote.rebate_cents.0 > 0 {
        pairs.push(("Medicare pays back", quote.rebate_cents.to_string()));
        pairs.push(("You pay in the end", quote.gap_cents.to_string()));
    }
    match terms.collection {
        Collection::AfterVisit => {
            let words = "Nothing. Your card is charged after the visit. \
                         Up to six days before, the price may be held on it.";
            pairs.push(("Now", words.to_owned()));
        }
        Collection::Deposit => {
            pairs.push(("Now", terms.deposit_cents.to_string()));
            pairs.push(("At the practice", "The rest".to_owned()));
        }
        Collection::Prepaid | Collection::AtPractice => pairs.push(("Now", terms.due_now().to_string())),
    }
    if terms.late_fee_cents.0 > 0 {
        let hours = terms.free_until_hours;
        let words = format!("{} in the last {hours} hours", terms.late_fee_cents);
        pairs.push(("Cancelling late", words));
    }
    if terms.no_show_fee_cents.0 > 0 {
        pairs.push(("Not coming", terms.no_show_fee_cents.to_string()));
    }
    pairs
}
