//! `/calendar/{organization_id}/waitlist`: who waits for the practice's people, in the order in which they are asked, what they
//! were asked about, and ending a place.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    OrganizationId, WaitlistEntryId, Zone,
    bookings::{
        practice::CALENDAR_STAFF,
        waitlist::{
            OfferMade, OfferStatus, PracticeWaiting, RemovalReason, RemoveFromWaitlist, WaitedFor,
            WaitlistStatus,
        },
    },
    page::Page,
    time,
    users::StaffRole,
};
use yew::prelude::*;

use crate::{
    api::{use_api_client, waitlist},
    components::{asked_first::their_priority_words, failed::Failed, select_field::SelectField},
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading, waitlist::place::wishes_words},
        hold::private_head,
        practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Waitlist";
/// Who reads it and ends places.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WaitlistPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn WaitlistPage(props: &WaitlistPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Waiting {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/waitlist"
            needs={STAFF} {render} />
    }
}

#[component]
fn Waiting(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let page =
        use_private_api::<Page<PracticeWaiting>>(waitlist::list_practice_waitlist(organization_id), version);
    match page {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(organization_id, "/waitlist")} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <div class="stack">
                <p>
                    { "When time frees up it is offered to the first whom it suits and who was not asked about it yet, and held " }
                    { "for them for half an hour. Whose appointment you cancelled or did not keep comes first. Nobody is asked " }
                    { "between 9 pm and 7 am. Names are shown of those who have been booked with you." }
                </p>
                <WaitingList items={Rc::new(page.items.clone())} {organization_id} on_changed={on_again} />
            </div>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct WaitingListProps {
    pub items: Rc<Vec<PracticeWaiting>>,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// Everybody who waits, in order.
#[component]
pub fn WaitingList(props: &WaitingListProps) -> Html {
    let WaitingListProps { items, organization_id, on_changed } = props;
    if items.is_empty() {
        return html! { <p>{ "Nobody waits for your practitioners." }</p> };
    }
    html! {
        <ol class="stack" role="list">
            { for items.iter().map(|waiting| html! {
                <Place key={waiting.waitlist_entry_id.to_string()} waiting={Rc::new(waiting.clone())}
                    organization_id={*organization_id} on_changed={on_changed.clone()} />
            }) }
        </ol>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PlaceProps {
    waiting: Rc<PracticeWaiting>,
    organization_id: OrganizationId,
    on_changed: Callback<()>,
}

#[component]
fn Place(props: &PlaceProps) -> Html {
    let PlaceProps { waiting, organization_id, on_changed } = props;
    let open = use_state_eq(|| false);
    let name = name_words(waiting);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let zone = waiting.with.first().map_or(Zone::SYDNEY, |with| with.time_zone);
    html! {
        <li class="card stack">
            <h2>{ format!("{}. {name}", waiting.position) }</h2>
            <p><strong>{ standing_words(waiting, zone) }</strong></p>
            <p>{ format!("Waits for {}.", names(&waiting.with)) }</p>
            <p>{ wishes_words(&waiting.wishes) }</p>
            <p class="small muted">
                { format!("Joined {}.", when(waiting.joined_at, waiting.as_of, zone)) }
            </p>
            if !waiting.offers.is_empty() {
                <details>
                    <summary>{ format!("Asked {}", times(waiting.offers.len())) }</summary>
                    <ul>{ for waiting.offers.iter().map(|offer| made(offer, waiting)) }</ul>
                </details>
            }
            <div class="button-row">
                <button type="button" class="button button--plain" onclick={toggle} aria-expanded={open.to_string()}>
                    { "Take off the waitlist" }<span class="visually-hidden">{ format!(": {name}") }</span>
                </button>
            </div>
            if *open {
                <RemoveForm entry_id={waiting.waitlist_entry_id} organization_id={*organization_id}
                    on_changed={on_changed.clone()} />
            }
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RemoveFormProps {
    entry_id: WaitlistEntryId,
    organization_id: OrganizationId,
    on_changed: Callback<()>,
}

/// Why, and the button that does it.
#[component]
fn RemoveForm(props: &RemoveFormProps) -> Html {
    let RemoveFormProps { entry_id, organization_id, on_changed } = props;
    let (client, act) = (use_api_client(), use_act());
    let reason = use_state_eq(|| RemovalReason::PatientAsked);
    let onchange = {
        let set = reason.setter();
        Callback::from(move |code: String| {
            set.set(RemovalReason::from_code(&code).unwrap_or(RemovalReason::Other))
        })
    };
    let remove = {
        let (act, entry_id, organization_id, reason, changed) =
            (act.clone(), *entry_id, *organization_id, *reason, on_changed.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            act.run(
                move || {
                    let client = client.clone();
                    let removal = RemoveFromWaitlist { reason };
                    async move {
                        waitlist::remove_from_waitlist(&client, organization_id, entry_id, &removal).await
                    }
                },
                move |()| changed.emit(()),
            );
        })
    };
    let options = RemovalReason::ALL
        .map(|reason| (AttrValue::from(reason.code()), AttrValue::from(reason_words(reason))));
    html! {
        <div class="stack">
            <SelectField id={format!("reason-{entry_id}")} label="Why" hint="They read it. A held time goes to the next one."
                options={options.to_vec()} value={reason.code()} {onchange} />
            <div class="button-row">
                <button type="button" class="button button--danger" onclick={remove} aria-busy={act.busy.to_string()}>
                    { "Take them off" }
                </button>
            </div>
            <Refused {act} />
        </div>
    }
}

fn reason_words(reason: RemovalReason) -> &'static str {
    match reason {
        RemovalReason::PatientAsked => "They asked for it",
        RemovalReason::Seen => "They have been seen meanwhile",
        RemovalReason::NotOffered => "We take nobody new for this",
        RemovalReason::Mistake => "They were on it by mistake",
        RemovalReason::Other => "Something else",
    }
}

fn name_words(waiting: &PracticeWaiting) -> String {
    waiting.name.as_ref().map_or_else(|| "Somebody new to you".to_owned(), |name| name.expose().clone())
}

fn names(with: &[WaitedFor]) -> String {
    with.iter().map(|with| with.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn when(at: Timestamp, as_of: Timestamp, zone: Zone) -> String {
    time::when_words(at, as_of, zone)
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// Where somebody stands, and why.
fn standing_words(waiting: &PracticeWaiting, zone: Zone) -> String {
    match waiting.status {
        WaitlistStatus::Offered => {
            match waiting.offers.iter().find(|offer| offer.status == OfferStatus::Open) {
                Some(offer) => {
                    let zone = with(offer, waiting).map_or(zone, |with| with.time_zone);
                    format!(
                        "{} is held for them until {}.",
                        when(offer.start, waiting.as_of, zone),
                        time::clock_words(zone.time(offer.expires_at))
                    )
                }
                None => "A time elsewhere is held for them.".to_owned(),
            }
        }
        WaitlistStatus::Waiting
        | WaitlistStatus::Booked
        | WaitlistStatus::Withdrawn
        | WaitlistStatus::Closed
        | WaitlistStatus::Removed => match waiting.position {
            1 => match waiting.priority {
                Some(priority) => format!("Asked first, {}.", their_priority_words(priority, zone)),
                None => "Asked first when a time frees up that suits them.".to_owned(),
            },
            position => format!("Asked after {} before them.", people(position.saturating_sub(1))),
        },
    }
}

fn people(count: i64) -> String {
    if count == 1 { "one".to_owned() } else { count.to_string() }
}

/// With whom somebody was asked about a time.
fn with<'a>(offer: &OfferMade, waiting: &'a PracticeWaiting) -> Option<&'a WaitedFor> {
    waiting.with.iter().find(|with| with.practitioner_role_id == offer.practitioner_role_id)
}

fn made(offer: &OfferMade, waiting: &PracticeWaiting) -> Html {
    let with = with(offer, waiting);
    let zone = with.map_or(Zone::SYDNEY, |with| with.time_zone);
    let name = with.map(|with| format!(" with {}", with.name)).unwrap_or_default();
    let became = match offer.status {
        OfferStatus::Open => "held for them",
        OfferStatus::Booked => "taken",
        OfferStatus::Declined => "let go, or declined here",
        OfferStatus::Lapsed => "not answered or paid for in time",
    };
    let words = format!("{}{name}: {became}", time::long_date(zone.date(offer.start)));
    html! {
        <li key={format!("{} {}", offer.practitioner_role_id, offer.start)}>
            { words }
            <span class="small muted">
                { format!(" {}, asked {}", time::clock_words(zone.time(offer.start)),
                    when(offer.offered_at, waiting.as_of, zone)) }
            </span>
        </li>
    }
}
