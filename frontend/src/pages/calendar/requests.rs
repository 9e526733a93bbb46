//! `/calendar/{organization_id}/requests`: the times that patients ask for and that the practice answers first, to be accepted or
//! declined.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        practice::{ActName, CALENDAR_STAFF},
        requests::WaitingRequest,
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

const TITLE: &str = "Requests to answer";
/// Who reads and answers them.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;
/// What is offered here; another time is proposed in the calendar.
const ACTS: &[ActName] = &[ActName::Accept, ActName::Decline];

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RequestsPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn RequestsPage(props: &RequestsPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Requests {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/requests"
            needs={STAFF} {render} />
    }
}

#[component]
fn Requests(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let page = use_private_api::<Page<WaitingRequest>>(calendar_api::list_requests(organization_id), version);
    match page {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(organization_id, "/requests")} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <RequestList items={Rc::new(page.items.clone())} {organization_id} on_changed={on_again} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct RequestListProps {
    pub items: Rc<Vec<WaitingRequest>>,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// Those that wait, the one to answer soonest first.
#[component]
pub fn RequestList(props: &RequestListProps) -> Html {
    let RequestListProps { items, organization_id, on_changed } = props;
    let card = |request: &WaitingRequest| {
        let until = long_when(request.answer_by, request.time_zone);
        html! {
            <VisitCard
                key={format!("{} {}", request.appointment.appointment_id, request.appointment.version)}
                appointment={Rc::new(request.appointment.clone())} practitioner_name={request.practitioner_name.clone()}
                time_zone={request.time_zone} acts={ACTS} organization_id={*organization_id}
                on_changed={on_changed.clone()}>
                <p><strong>{ format!("Answer by {until}.") }</strong></p>
            </VisitCard>
        }
    };
    html! {
        <section class="stack" aria-labelledby={TITLE_ID}>
            <h2 id={TITLE_ID} tabindex="-1">{ format!("Waiting for your answer: {}", items.len()) }</h2>
            if items.is_empty() {
                <p>{ "Nobody waits for an answer." }</p>
            } else {
                <p>
                    { "The one to answer soonest comes first. Each time is kept until then: a request that nobody answers ends by " }
                    { "itself, and counts as one that the practice did not keep." }
                </p>
                <ul class="stack" role="list">{ for items.iter().map(card) }</ul>
            }
        </section>
    }
}
