//! What is being booked, beside every step: who, what, when, where, what it costs and what cancelling costs.

use jiff::Timestamp;
use shared_types::{
    bookings::{AppointmentType, BookedRole, CancellationPolicy, Quote},
    time,
};
use yew::prelude::*;

use super::{
    booking_words::{
        Pair, cost_words, minutes_words, no_show_words, policy_words, price_words, when_pair, where_pair,
    },
    provider_card::capitalised,
    reader_time::ReaderTime,
    together::together,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BookingSummaryProps {
    pub role: BookedRole,
    /// Once it is chosen.
    #[prop_or_default]
    pub appointment_type: Option<AppointmentType>,
    /// Once it is chosen: the start, and when "tomorrow" is counted from.
    #[prop_or_default]
    pub when: Option<(Timestamp, Timestamp)>,
    /// Once it was offered.
    #[prop_or_default]
    pub quote: Option<Quote>,
    /// Once it was offered.
    #[prop_or_default]
    pub policy: Option<CancellationPolicy>,
}

/// The summary that stays. On phones it is one line until somebody wants it all.
#[component]
pub fn BookingSummary(props: &BookingSummaryProps) -> Html {
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let (title, line) = brief(props);
    html! {
        <aside class="booking__aside" aria-labelledby="summary-title">
            <div class="card summary" data-open={open.to_string()}>
                <h2 id="summary-title">{ "Your appointment" }</h2>
                <div class="summary__brief js-only">
                    <p><strong>{ title }</strong><br />{ line }</p>
                    <button type="button" class="button button--plain summary__toggle" onclick={toggle}
                        aria-expanded={open.to_string()} aria-controls="summary-all">{ "Details" }</button>
                </div>
                <dl class="pairs pairs--tight" id="summary-all">
                    { for summary_pairs(props).into_iter().map(pair) }
                </dl>
                <div class="small muted">
                    if let Some((at, _)) = props.when.filter(|_| is_telehealth(props)) {
                        <ReaderTime zone={props.role.time_zone} {at} />
                    }
                </div>
            </div>
        </aside>
    }
}

/// The two lines of a phone: what is settled, and with whom for how much.
fn brief(props: &BookingSummaryProps) -> (String, String) {
    let zone = props.role.time_zone;
    let when = props.when.map(|(start, as_of)| capitalised(&time::when_words(start, as_of, zone)));
    let what = props.appointment_type.as_ref();
    let title = when.or_else(|| what.map(|of| of.name.clone())).unwrap_or_else(|| props.role.name.clone());
    let cost = what.map(|of| price_words(of.price_cents, of.bulk_billed));
    let line = [Some(props.role.name.clone()).filter(|name| *name != title), cost];
    (title, line.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// `<dt>` and `<dd>`.
pub fn pair((term, words, note): Pair) -> Html {
    let note = note.map(|note| together(&note)).unwrap_or_default();
    html! {
        <key={term}><dt>{ term }</dt><dd>{ together(&words) }{ " " }<span class="pair__note">{ note }</span></dd></>
    }
}

fn is_telehealth(props: &BookingSummaryProps) -> bool {
    props.appointment_type.as_ref().is_some_and(|of| of.telehealth)
}

fn summary_pairs(props: &BookingSummaryProps) -> Vec<Pair> {
    let (role, telehealth) = (&props.role, is_telehealth(props));
    let mut pairs = vec![("Who", role.name.clone(), role.profession_name.clone())];
    if let Some(appointment_type) = &props.appointment_type {
        pairs.push(("What", appointment_type.name.clone(), Some(minutes_words(appointment_type))));
    }
    if let Some((start, as_of)) = props.when {
        pairs.push(when_pair(start, as_of, role.time_zone, telehealth));
    }
    pairs.push(where_pair(role, props.appointment_type.as_ref()));
    if let Some(appointment_type) = &props.appointment_type {
        let (words, note) = cost_words(appointment_type, props.quote.as_ref());
        // What is collected, and when, is known once the time is held.
        let is_offered = props.quote.is_some() || appointment_type.bulk_billed;
        pairs.push(("Cost", words, note.filter(|_| is_offered)));
    }
    if let (Some(policy), Some((start, _))) = (&props.policy, props.when) {
        pairs.push(("Cancelling", policy_words(*policy, start, role.time_zone), None));
        pairs.extend(no_show_words(props.quote.as_ref()).map(|fee| ("Not coming", fee, None)));
    }
    pairs
}
