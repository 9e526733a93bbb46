//! What is being booked, beside every step: who, what, when, where, what it costs and what cancelling costs.
//! Also the words for money and cancelling, which are the same wherever they appear.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents, Zone,
    bookings::{AppointmentType, BookedRole, CancellationPolicy, Cancelling, Quote},
    time,
};
use yew::prelude::*;

use super::{provider_card::capitalised, times_rest::long_when};

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

/// A term, its words, and a smaller line below them.
pub type Pair = (&'static str, String, Option<String>);

/// `<dt>` and `<dd>`.
pub fn pair((term, words, note): Pair) -> Html {
    html! { <key={term}><dt>{ term }</dt><dd>{ words }{ " " }<span class="note">{ note }</span></dd></> }
}

fn summary_pairs(props: &BookingSummaryProps) -> Vec<Pair> {
    let role = &props.role;
    let mut pairs = vec![("Who", role.name.clone(), role.profession_name.clone())];
    if let Some(appointment_type) = &props.appointment_type {
        pairs.push(("What", appointment_type.name.clone(), Some(minutes_words(appointment_type))));
    }
    if let Some((start, as_of)) = props.when {
        pairs.push(when_pair(start, as_of, role.time_zone));
    }
    pairs.push(where_pair(role, props.appointment_type.as_ref().is_some_and(|of| of.telehealth)));
    if let Some(appointment_type) = &props.appointment_type {
        let (words, note) = cost_words(appointment_type, props.quote.as_ref());
        pairs.push(("Cost", words, note));
    }
    if let (Some(policy), Some((start, _))) = (&props.policy, props.when) {
        pairs.push(("Cancelling", policy_words(*policy, start, role.time_zone), None));
    }
    pairs
}

/// `Tomorrow 9:15 am`, and the date in full.
pub fn when_pair(start: Timestamp, as_of: Timestamp, zone: Zone) -> Pair {
    let near = capitalised(&time::when_words(start, as_of, zone));
    ("When", near, Some(time::long_date(zone.date(start))))
}

/// The practice and its address; no address for a visit by video or phone.
pub fn where_pair(role: &BookedRole, telehealth: bool) -> Pair {
    let practice = role.organization_name.clone();
    if telehealth {
        return ("Where", "By video or phone".to_owned(), practice);
    }
    match practice {
        Some(practice) => ("Where", practice, Some(role.address.clone())),
        None => ("Where", role.address.clone(), None),
    }
}

/// `45 minutes`, `30 minutes, by video or phone`.
pub fn minutes_words(appointment_type: &AppointmentType) -> String {
    let minutes = appointment_type.duration_minutes;
    let channel = if appointment_type.telehealth { ", by video or phone" } else { "" };
    format!("{minutes} minutes{channel}")
}

/// What one pays, never called "free".
pub fn price_words(price: AudCents, bulk_billed: bool) -> String {
    if bulk_billed { "No out-of-pocket cost".to_owned() } else { price.to_string() }
}

/// The price, and what Medicare does about it.
pub fn cost_words(appointment_type: &AppointmentType, quote: Option<&Quote>) -> (String, Option<String>) {
    if appointment_type.bulk_billed {
        return (price_words(AudCents::ZERO, true), Some("Bulk billed: Medicare pays all of it.".to_owned()));
    }
    match quote {
        Some(quote) if quote.rebate_cents > AudCents::ZERO => (
            quote.fee_cents.to_string(),
            Some(format!(
                "Medicare pays back {}, so {} stays with you.",
                quote.rebate_cents, quote.gap_cents
            )),
        ),
        Some(quote) => (quote.fee_cents.to_string(), Some("You pay at the practice.".to_owned())),
        None => (appointment_type.price_cents.to_string(), Some("You pay at the practice.".to_owned())),
    }
}

/// What cancelling will cost, said before anything is booked.
pub fn policy_words(policy: CancellationPolicy, start: Timestamp, zone: Zone) -> String {
    if policy.late_fee_cents <= AudCents::ZERO {
        return "Costs nothing, up to the start.".to_owned();
    }
    let cut_off = start - SignedDuration::from_hours(i64::from(policy.free_until_hours));
    format!("Costs nothing until {}. After that {}.", long_when(cut_off, zone), policy.late_fee_cents)
}

/// What cancelling now would mean, said before the button.
pub fn cancelling_words(cancelling: Cancelling) -> String {
    match cancelling {
        Cancelling::WithoutCharge => "Cancelling now costs nothing.".to_owned(),
        Cancelling::LateFee { fee_cents } => format!(
            "Cancelling now costs {fee_cents}, because it is so close to the start. You pay it only if nobody else \
             takes the time."
        ),
        Cancelling::NotPossible => "It is too late to cancel here. Call the practice.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{AudCents, Zone, bookings::CancellationPolicy};

    use super::{policy_words, price_words};

    #[test]
    fn cancelling_names_the_moment_it_begins_to_cost() {
        let policy = CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4000) };
        let start = "2026-11-24T22:15:00Z".parse().unwrap();
        let words = policy_words(policy, start, Zone::SYDNEY);
        assert_eq!(words, "Costs nothing until Tuesday 24 November, 9:15 am. After that $40.");
        let policy = CancellationPolicy { late_fee_cents: AudCents::ZERO, ..policy };
        assert_eq!(policy_words(policy, start, Zone::SYDNEY), "Costs nothing, up to the start.");
    }

    #[test]
    fn nothing_to_pay_is_never_called_free() {
        assert_eq!(price_words(AudCents::ZERO, true), "No out-of-pocket cost");
        assert_eq!(price_words(AudCents(8500), false), "$85");
    }
}
