//! One place on a waitlist: with whom, when it would suit, how many are asked before, and the time that is offered.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    Zone,
    bookings::waitlist::{RemovalReason, WaitedFor, WaitlistEntry, WaitlistOffer, WaitlistStatus, Wishes},
    time,
};
use yew::prelude::*;

use crate::{
    api::{bookings, use_api_client, waitlist},
    components::{
        asked_first::own_priority_words, booking_words::elsewhere_words, countdown::HoldBar,
        provider_card::capitalised, reader_time::ReaderTime,
    },
    forms::waiting::DAYS,
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct PlaceCardProps {
    pub entry: Rc<WaitlistEntry>,
    /// Who waits, where it is somebody whom one acts for.
    #[prop_or_default]
    pub patient_name: Option<AttrValue>,
    pub on_changed: Callback<()>,
}

/// The card.
#[component]
pub fn PlaceCard(props: &PlaceCardProps) -> Html {
    let entry = &props.entry;
    let (client, act) = (use_api_client(), use_act());
    let leave = {
        let (act, id, changed) = (act.clone(), entry.waitlist_entry_id, props.on_changed.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { waitlist::leave_waitlist(&client, id).await }
                },
                move |()| changed.emit(()),
            );
        })
    };
    let name = entry.with.first().map(|first| first.name.clone()).unwrap_or_default();
    let title = match &props.patient_name {
        Some(patient) => format!("{name}, for {patient}"),
        None => name,
    };
    let ended = ended_words(entry);
    html! {
        <li class="card stack">
            <h3>{ &title }</h3>
            <p>{ with_words(&entry.with) }</p>
            <p>{ wishes_words(&entry.wishes) }</p>
            if let Some(words) = ended {
                <p><strong>{ words }</strong></p>
            } else {
                <div class="optional">
                    if let Some(offer) = entry.offer {
                        <Offered entry={Rc::clone(entry)} {offer} on_changed={props.on_changed.clone()} />
                    } else {
                        <p>{ turn_words(entry) }</p>
                    }
                </div>
                <div class="button-row">
                    <button type="button" class="button button--plain" onclick={leave} aria-busy={act.busy.to_string()}>
                        { "Leave the waitlist" }<span class="visually-hidden">{ format!(" of {title}") }</span>
                    </button>
                </div>
                <Refused {act} />
            }
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OfferedProps {
    entry: Rc<WaitlistEntry>,
    offer: WaitlistOffer,
    on_changed: Callback<()>,
}

/// The time that is held, for how long, why it is offered, and what to do.
#[component]
fn Offered(props: &OfferedProps) -> Html {
    let OfferedProps { entry, offer, on_changed } = props;
    let (client, act) = (use_api_client(), use_act());
    let decline = {
        let (act, hold_id, changed) = (act.clone(), offer.hold_id, on_changed.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { bookings::release_hold(&client, hold_id).await }
                },
                move |()| changed.emit(()),
            );
        })
    };
    let whom = entry.with.iter().find(|with| with.practitioner_role_id == offer.practitioner_role_id);
    let Some(whom) = whom else { return Html::default() };
    let because = entry.priority.map(|priority| own_priority_words(priority, zone(entry)));
    let when = capitalised(&time::when_words(offer.start, entry.as_of, whom.time_zone));
    html! {
        <div class="stack">
            <HoldBar words={format!("{when} with {} is held for you.", whom.name)} expires_at={offer.expires_at}
                as_of={entry.as_of} on_over={on_changed.clone()} />
            <p>
                { offer_words(whom, offer.start) }{ " " }
                if whom.telehealth {
                    <ReaderTime zone={whom.time_zone} at={offer.start} />
                }
            </p>
            <p class="muted">{ reason_words(offer.passed, because) }</p>
            <div class="button-row">
                <a class="button" href={format!("/book/hold/{}", offer.hold_id)}>{ "Take it" }</a>
                <button type="button" class="button button--quiet" onclick={decline} aria-busy={act.busy.to_string()}>
                    { "Let it go" }
                </button>
            </div>
            <Refused {act} />
        </div>
    }
}

/// Where the time is that is held, and on whose clocks: it may be with another one than the first, elsewhere.
/// `At Harbour Practice, 12 Church Street. Tuesday 24 November 2026, Perth time.`
fn offer_words(whom: &WaitedFor, start: Timestamp) -> String {
    let zone = whom.time_zone;
    format!("{}. {}, {}.", place_words(whom), time::long_date(zone.date(start)), time::wall_words(zone))
}

/// Everybody it can be with, and where with the first one.
fn with_words(with: &[WaitedFor]) -> String {
    match with {
        [] => String::new(),
        [first] => place_words(first),
        [first, others @ ..] => {
            let others: Vec<_> = others.iter().map(|other| other_words(first, other)).collect();
            format!("{}. Or with {}.", place_words(first), others.join(", "))
        }
    }
}

/// `Cy Colleague`, and of which practice where it is not the first one's.
fn other_words(first: &WaitedFor, other: &WaitedFor) -> String {
    match &other.organization_name {
        Some(practice) if first.organization_name.as_ref() != Some(practice) => {
            format!("{} of {practice}", other.name)
        }
        Some(_) | None => other.name.clone(),
    }
}

/// `At Harbour Practice, 12 Church Street`, `By video or phone, Harbour Practice`.
fn place_words(with: &WaitedFor) -> String {
    match (elsewhere_words(with.telehealth, with.home_visit), &with.organization_name) {
        (Some(elsewhere), Some(practice)) => format!("{}, {practice}", capitalised(elsewhere)),
        (Some(elsewhere), None) => capitalised(elsewhere),
        (None, Some(practice)) => format!("At {practice}, {}", with.address),
        (None, None) => with.address.clone(),
    }
}

/// `Monday, Tuesday, from 9:00 am to 12:00 pm, until Wed 23 Dec`.
pub fn wishes_words(wishes: &Wishes) -> String {
    let days = (0_usize..).zip(DAYS).filter(|(day, _)| wishes.weekdays.bits() & (1 << day) != 0);
    let days: Vec<_> = days.map(|(_, (_, words))| words).collect();
    let days = if days.len() == DAYS.len() { "Any day".to_owned() } else { days.join(", ") };
    let (from, until) = (time::clock_words(wishes.from), time::clock_words(wishes.until));
    format!("{days}, starting from {from} to {until}, until {}", time::short_date(wishes.last))
}

/// Whose turn it is before.
fn turn_words(entry: &WaitlistEntry) -> String {
    let zone = zone(entry);
    match entry.status {
        WaitlistStatus::Offered => {
            "A time is held for them. Whoever joined the waitlist can take it, in their own account."
                .to_owned()
        }
        WaitlistStatus::Waiting
        | WaitlistStatus::Booked
        | WaitlistStatus::Withdrawn
        | WaitlistStatus::Closed
        | WaitlistStatus::Removed => match entry.ahead {
            0 => match entry.priority {
                Some(priority) => format!("You are asked first, {}.", own_priority_words(priority, zone)),
                None => "You are asked first when a time frees up that suits you.".to_owned(),
            },
            1 => "One person is asked before you.".to_owned(),
            ahead => format!("{ahead} people are asked before you."),
        },
    }
}

/// The zone of the first one's place.
fn zone(entry: &WaitlistEntry) -> Zone {
    entry.with.first().map_or(Zone::SYDNEY, |first| first.time_zone)
}

/// Why it is their turn.
fn reason_words(passed: i64, priority: Option<String>) -> String {
    let joined = match priority {
        Some(because) => format!("It is offered to you first, {because}"),
        None => "It is offered to you because, of all whom it suits, you joined first".to_owned(),
    };
    match passed {
        0 => format!("{joined}."),
        1 => format!("{joined}, after one who did not take it in the end."),
        passed => format!("{joined}, after {passed} who did not take it in the end."),
    }
}

/// What became of a place; none while somebody waits.
fn ended_words(entry: &WaitlistEntry) -> Option<&'static str> {
    match entry.status {
        WaitlistStatus::Waiting | WaitlistStatus::Offered => None,
        WaitlistStatus::Booked => Some("You took a time."),
        WaitlistStatus::Withdrawn => Some("You left it."),
        WaitlistStatus::Closed => Some("The last day that you gave is over."),
        WaitlistStatus::Removed => Some(match entry.removed_reason {
            Some(RemovalReason::PatientAsked) => "The practice took you off it, since you asked for that.",
            Some(RemovalReason::Seen) => "The practice took you off it: you have been seen meanwhile.",
            Some(RemovalReason::NotOffered) => "The practice took you off it: it takes nobody new for this.",
            Some(RemovalReason::Mistake) => "The practice took you off it: you were on it by mistake.",
            Some(RemovalReason::Other) | None => "The practice took you off it. Call it to hear why.",
        }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use shared_types::{
        AppointmentTypeId, PractitionerRoleId, Zone,
        bookings::{
            Weekdays,
            waitlist::{WaitedFor, Wishes},
        },
    };
    use uuid::Uuid;

    use super::{offer_words, reason_words, wishes_words, with_words};

    #[test]
    fn wishes_are_said_as_days_hours_and_an_end() {
        let wishes = |bits| Wishes {
            weekdays: Weekdays::from_bits(bits).unwrap(),
            from: time(9, 0, 0, 0),
            until: time(12, 30, 0, 0),
            first: date(2026, 11, 23),
            last: date(2026, 12, 21),
        };
        assert_eq!(
            wishes_words(&wishes(0b11)),
            "Monday, Tuesday, starting from 9:00 am to 12:30 pm, until Mon 21 Dec"
        );
        assert!(wishes_words(&wishes(0b111_1111)).starts_with("Any day, "));
    }

    fn priya() -> WaitedFor {
        WaitedFor {
            practitioner_role_id: PractitionerRoleId(Uuid::from_u128(1)),
            appointment_type_id: AppointmentTypeId(Uuid::from_u128(2)),
            name: "Priya Nairwood".to_owned(),
            organization_name: Some("Harbour Practice".to_owned()),
            slug: "priya-nairwood-1".to_owned(),
            address: "12 Church Street".to_owned(),
            telehealth: false,
            home_visit: false,
            time_zone: Zone::SYDNEY,
        }
    }

    #[test]
    fn what_is_held_is_said_where_it_is_and_on_whose_clocks() {
        // Six in the morning in Sydney and three in Perth, of the same Tuesday.
        let start = "2026-11-23T19:00:00Z".parse().unwrap();
        let perth = WaitedFor { time_zone: "Australia/Perth".parse().unwrap(), ..priya() };
        let day = "Tuesday 24 November 2026";
        assert_eq!(
            offer_words(&priya(), start),
            format!("At Harbour Practice, 12 Church Street. {day}, Sydney time.")
        );
        let by_video = WaitedFor { telehealth: true, ..perth.clone() };
        assert_eq!(
            offer_words(&by_video, start),
            format!("By video or phone, Harbour Practice. {day}, Perth time.")
        );
        let at_home = WaitedFor { home_visit: true, ..perth };
        let evening = "2026-11-23T14:00:00Z".parse().unwrap();
        assert_eq!(
            offer_words(&at_home, evening),
            "At your home, Harbour Practice. Monday 23 November 2026, Perth time.",
            "in Sydney it is Tuesday"
        );
    }

    #[test]
    fn nobody_is_sent_to_the_practice_for_what_is_elsewhere() {
        let first = priya();
        let words = |one: WaitedFor| with_words(&[one]);
        let other = WaitedFor { name: "Cy Colleague".to_owned(), ..first.clone() };
        let elsewhere = WaitedFor {
            name: "Bo Fields".to_owned(),
            organization_name: Some("Hill Practice".to_owned()),
            ..first.clone()
        };
        assert_eq!(
            with_words(&[first.clone(), other, elsewhere]),
            "At Harbour Practice, 12 Church Street. Or with Cy Colleague, Bo Fields of Hill Practice."
        );
        let by_video = WaitedFor { telehealth: true, ..first.clone() };
        assert_eq!(words(by_video.clone()), "By video or phone, Harbour Practice");
        let alone = WaitedFor { organization_name: None, ..by_video };
        assert_eq!(words(alone), "By video or phone");
        let at_home = WaitedFor { home_visit: true, ..first };
        assert_eq!(words(at_home), "At your home, Harbour Practice");
    }

    #[test]
    fn an_offer_says_who_was_asked_before() {
        assert!(reason_words(0, None).ends_with("you joined first."));
        assert!(reason_words(1, None).ends_with("joined first, after one who did not take it in the end."));
        assert!(reason_words(7, None).contains("after 7 who"));
        let because = Some("because the practice cancelled".to_owned());
        assert_eq!(reason_words(0, because), "It is offered to you first, because the practice cancelled.");
    }
}
