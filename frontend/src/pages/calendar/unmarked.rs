//! `/calendar/{organization_id}/unmarked`: the visits that nobody marked, to be marked as having taken place or not, and those that
//! count as having taken place because nobody did.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        practice::{ActName, CALENDAR_STAFF, CalendarAppointment},
        unmarked::{Presumed, UnmarkedVisit},
    },
    page::Page,
    users::StaffRole,
};
use yew::prelude::*;

use super::{act_form::ActForm, aside::TITLE_ID};
use crate::{
    api::calendar as calendar_api,
    calendar::{
        view::query_of_booking,
        words::{patient_words, status_words},
    },
    components::{failed::Failed, icon::Icon, times_rest::long_when},
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Visits to mark";
/// Who reads and marks them.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;
/// What is offered here; the rest is in the calendar.
const ACTS: [ActName; 5] = [
    ActName::TookPlace,
    ActName::Complete,
    ActName::NoShow,
    ActName::PractitionerAbsent,
    ActName::UndoCompletion,
];

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct UnmarkedPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn UnmarkedPage(props: &UnmarkedPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Unmarked {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/unmarked"
            needs={STAFF} {render} />
    }
}

#[component]
fn Unmarked(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let page = use_private_api::<Page<UnmarkedVisit>>(calendar_api::list_unmarked(organization_id), version);
    match page {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(organization_id, "/unmarked")} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <UnmarkedLists items={Rc::new(page.items.clone())} {organization_id} on_changed={on_again} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct UnmarkedListsProps {
    pub items: Rc<Vec<UnmarkedVisit>>,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// Those to mark, and those that count as having taken place.
#[component]
pub fn UnmarkedLists(props: &UnmarkedListsProps) -> Html {
    let UnmarkedListsProps { items, organization_id, on_changed } = props;
    let list = |presumed: bool| {
        let of = items.iter().filter(move |visit| visit.presumed.is_some() == presumed);
        of.map(|visit| {
            html! {
                <Visit key={format!("{} {}", visit.appointment.appointment_id, visit.appointment.version)}
                    visit={Rc::new(visit.clone())} organization_id={*organization_id} on_changed={on_changed.clone()} />
            }
        })
        .collect::<Vec<_>>()
    };
    let (to_mark, presumed) = (list(false), list(true));
    html! {
        <div class="stack">
            <section class="stack" aria-labelledby={TITLE_ID}>
                <h2 id={TITLE_ID} tabindex="-1">{ format!("To mark: {}", to_mark.len()) }</h2>
                if to_mark.is_empty() {
                    <p>{ "Every visit that began two hours ago or earlier is marked." }</p>
                } else {
                    <p>
                        { "These began two hours ago or earlier. Fourteen hours after its start a visit counts as having taken " }
                        { "place, and the patient is told." }
                    </p>
                    <ul class="stack" role="list">{ for to_mark }</ul>
                }
            </section>
            <section class="stack" aria-labelledby="presumed-title">
                <h2 id="presumed-title">{ "Counted as having taken place in the last 7 days" }</h2>
                if presumed.is_empty() {
                    <p>{ "None: somebody marked each of them." }</p>
                } else {
                    <p>
                        { "Nobody marked these, so they count as having taken place. The patient has 7 days to say that one did not." }
                    </p>
                    <ul class="stack" role="list">{ for presumed }</ul>
                }
            </section>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct VisitProps {
    visit: Rc<UnmarkedVisit>,
    organization_id: OrganizationId,
    on_changed: Callback<()>,
}

#[component]
fn Visit(props: &VisitProps) -> Html {
    let VisitProps { visit, organization_id, on_changed } = props;
    let appointment = Rc::new(visit.appointment.clone());
    let on_put = on_changed.reform(|_: CalendarAppointment| ());
    let zone = visit.time_zone;
    let query = query_of_booking(zone.date(appointment.start), appointment.booking_id);
    let (state, icon, badge) = status_words(appointment.status);
    let acts = ACTS.into_iter().filter(|act| appointment.acts.contains(act));
    let act = |act: ActName| {
        html! {
            <ActForm key={format!("{act:?}")} {act} appointment={Rc::clone(&appointment)}
                organization_id={*organization_id} on_put={on_put.clone()}
                within={format!("-{}", appointment.appointment_id)} about={patient_words(&appointment)} />
        }
    };
    html! {
        <li class="card stack">
            <h3>{ patient_words(&appointment) }</h3>
            <p>
                { format!("{}, with {}: {}.", long_when(appointment.start, zone), visit.practitioner_name,
                    appointment.appointment_type.name) }
            </p>
            <p><span class={classes!("badge", badge)}><Icon name={icon} />{ state }</span></p>
            if let Some(presumed) = visit.presumed {
                { presumed_words(presumed, visit, *organization_id) }
            }
            <ul class="acts" role="list">{ for acts.map(act) }</ul>
            <p>
                <a href={calendar_path(*organization_id, &query)}>
                    { "Open it in the calendar" }
                    <span class="visually-hidden">{ format!(": {}", patient_words(&appointment)) }</span>
                </a>
            </p>
        </li>
    }
}

/// Since when it counts, and what its patient says or may say.
fn presumed_words(presumed: Presumed, visit: &UnmarkedVisit, organization_id: OrganizationId) -> Html {
    let at = |instant| long_when(instant, visit.time_zone);
    if presumed.disputed {
        return html! {
            <p>
                <strong>{ "The patient says that it did not take place. " }</strong>
                <a href={calendar_path(organization_id, "/disputes")}>{ "Answer the dispute" }</a>
            </p>
        };
    }
    html! {
        <p>
            { format!("Counts as having taken place since {}. The patient can dispute it until {}.", at(presumed.at),
                at(presumed.dispute_by)) }
        </p>
    }
}
