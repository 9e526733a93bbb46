//! `/calendar/{organization_id}/unmarked`: the visits that nobody marked, to be marked as having taken place or not, and those that
//! count as having taken place because nobody did.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        practice::{ActName, CALENDAR_STAFF},
        unmarked::{Presumed, UnmarkedVisit},
    },
    page::Page,
    users::StaffRole,
};
use yew::prelude::*;

use super::{aside::TITLE_ID, visit_card::VisitCard};
use crate::{
    api::calendar as calendar_api,
    components::{failed::Failed, times_rest::long_when},
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
const ACTS: &[ActName] = &[
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
            let presumed = visit.presumed.map(|presumed| presumed_words(presumed, visit, *organization_id));
            html! {
                <VisitCard key={format!("{} {}", visit.appointment.appointment_id, visit.appointment.version)}
                    appointment={Rc::new(visit.appointment.clone())} practitioner_name={visit.practitioner_name.clone()}
                    time_zone={visit.time_zone} acts={ACTS} organization_id={*organization_id}
                    on_changed={on_changed.clone()}>
                    { presumed.unwrap_or_default() }
                </VisitCard>
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
                        { "place, and a patient who gave us an address is told." }
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
