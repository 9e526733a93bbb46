//! `/practice/{organization_id}/assignments`: a practice's bulk-bill agreements: who has not answered, who agreed, and the copies that have
//! to be there when somebody asks for them.

mod record;

use shared_types::{
    AssignmentId, OrganizationId, Zone,
    page::Page,
    payments::{
        assignment::{Assignment, AssignmentKind, AssignmentStatus},
        claim::{CLAIM_STAFF, STANDING},
    },
    time::long_date,
};
use yew::prelude::*;

pub use self::record::{RecordForm, RecordFormProps};
use super::{Desk, DeskProps, ForStaff, desk_path, money::turning};
use crate::{
    api::{claims, use_api_client},
    components::{failed::Failed, problem_view::ProblemView, select_field::SelectField},
    hooks::{use_head, use_keyed, use_private_api, use_version},
    pages::{account::loading, calendar::agreement::AskForAgreement, hold::private_head},
};

const TITLE: &str = "Bulk-bill agreements";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AssignmentsPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn AssignmentsPage(props: &AssignmentsPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Assignments {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest="/assignments" needs={CLAIM_STAFF} {render} />
    }
}

#[component]
fn Assignments(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let status = use_state_eq(|| None::<AssignmentStatus>);
    let cursor = use_state_eq(|| None::<String>);
    let path = claims::list_assignments(organization_id, *status, cursor.as_deref());
    let page = use_private_api::<Page<Assignment>>(path, version);
    let onchange = {
        let (status, cursor) = (status.setter(), cursor.setter());
        Callback::from(move |code: String| {
            cursor.set(None);
            status.set(AssignmentStatus::from_code(&code));
        })
    };
    let every = (AttrValue::from(""), AttrValue::from("All of them"));
    let states =
        AssignmentStatus::ALL.map(|status| (AttrValue::from(status.code()), status_words(status).into()));
    let options: Vec<_> = [every].into_iter().chain(states).collect();
    let list = match page {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(organization_id, "/assignments");
            html! { <Failed {problem} {here} on_again={on_again.clone()} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <AssignmentList items={page.items.clone()} on_changed={on_again.clone()} />
                { turning(&cursor, page.next.as_ref()) }
            </>
        },
    };
    html! {
        <div class="stack">
            <p class="small muted">{ STANDING }</p>
            <p>{ "A claim is lodged only once the patient has agreed. Each agreement is kept for two years." }</p>
            <SelectField id="status" label="Which agreements" hint="The latest come first." {options}
                value={status.map_or("", AssignmentStatus::code)} {onchange} />
            <div class="optional">{ list }</div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct AssignmentListProps {
    pub items: Vec<Assignment>,
    pub on_changed: Callback<()>,
}

/// The list. What was agreed to elsewhere is written down for one at a time, and one patient at a time is asked for every visit.
#[component]
pub fn AssignmentList(props: &AssignmentListProps) -> Html {
    let recording = use_state_eq(|| None::<AssignmentId>);
    let asking = use_state_eq(|| None::<AssignmentId>);
    if props.items.is_empty() {
        return html! {
            <p>{ "There are none. Patients of bulk-billed visits are asked once a visit is confirmed and the practitioner’s provider number is known." }</p>
        };
    }
    let items = props.items.iter().map(|assignment| {
        let id = assignment.assignment_id;
        let records = *recording == Some(id);
        let on_record = {
            let set = recording.setter();
            move |_: MouseEvent| set.set((!records).then_some(id))
        };
        let asks = *asking == Some(id);
        let on_ask = {
            let set = asking.setter();
            move |_: MouseEvent| set.set((!asks).then_some(id))
        };
        html! {
            <AssignmentCard key={id.to_string()} assignment={assignment.clone()} {records} {on_record} {asks} {on_ask}
                on_changed={props.on_changed.clone()} />
        }
    });
    html! { <ul class="stack" role="list">{ for items }</ul> }
}

#[derive(Clone, PartialEq, Properties)]
struct AssignmentCardProps {
    assignment: Assignment,
    /// What was agreed to elsewhere is being written down.
    records: bool,
    on_record: Callback<MouseEvent>,
    /// The visit's patient is being asked for every visit.
    asks: bool,
    on_ask: Callback<MouseEvent>,
    on_changed: Callback<()>,
}

#[component]
fn AssignmentCard(props: &AssignmentCardProps) -> Html {
    let client = use_api_client();
    let keyed = use_keyed();
    let act = &keyed.act;
    let (of, document) = (&props.assignment, &props.assignment.document);
    let (organization_id, id) = (of.organization_id, of.assignment_id);
    let on_void = {
        let (keyed, on_changed) = (keyed.clone(), props.on_changed.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move |(), key: String| {
                let client = client.clone();
                async move { claims::void_assignment(&client, organization_id, id, key).await }
            };
            keyed.run((), send, move |_: Assignment| on_changed.emit(()));
        })
    };
    let title_id = format!("assignment-{id}");
    let receipt = claims::assignment_receipt(organization_id, id);
    html! {
        <li><article class="card stack" aria-labelledby={title_id.clone()}>
            <h2 id={title_id}>{ document.patient_name.expose() }</h2>
            <p>{ format!("{}, {}{}", kind_words(of.kind), long_date(document.service_from), until_words(of)) }</p>
            <p>{ format!("With {} ({})", document.professional_name, document.provider_number) }</p>
            <p><strong>{ status_words(of.status) }</strong>{ agreed_words(of) }</p>
            <div role="alert">
                if let Some(problem) = act.problem.clone() { <ProblemView {problem} /> }
            </div>
            <div class="button-row">
                <a class="button button--quiet" href={receipt} target="_blank" rel="noopener">
                    { "The copy" }<span class="visually-hidden">{ " (opens in a new tab)" }</span>
                </a>
                if of.status.next().contains(&AssignmentStatus::Assigned) {
                    <button class="button button--plain" type="button" onclick={props.on_record.clone()}
                        aria-expanded={props.records.to_string()}>
                        { "It was agreed to on paper or by word of mouth" }
                        <span class="visually-hidden">{ format!(": {}", document.patient_name.expose()) }</span>
                    </button>
                }
                if of.booking_id.is_some() {
                    <button class="button button--plain" type="button" onclick={props.on_ask.clone()}
                        aria-expanded={props.asks.to_string()}>
                        { "Ask for every visit" }
                        <span class="visually-hidden">{ format!(": {}", document.patient_name.expose()) }</span>
                    </button>
                }
                if of.status.next().contains(&AssignmentStatus::Void) {
                    <button class="button button--plain" type="button" onclick={on_void}
                        aria-busy={act.busy.to_string()}>{ "It was made by mistake" }</button>
                }
            </div>
            <div class="optional">
                if props.records && of.status.next().contains(&AssignmentStatus::Assigned) {
                    <RecordForm assignment={of.clone()} on_changed={props.on_changed.clone()} />
                }
            </div>
            <div class="optional">
                if let (true, Some(booking_id)) = (props.asks, of.booking_id) {
                    <AskForAgreement {booking_id} {organization_id} is_over={false} every=true />
                }
            </div>
        </article></li>
    }
}

fn agreed_words(of: &Assignment) -> String {
    let day = of.assigned_at.map(|at| long_date(Zone::SYDNEY.date(at)));
    day.map_or_else(String::new, |day| format!(" on {day}"))
}

/// The last day of one for every visit.
fn until_words(of: &Assignment) -> String {
    of.expires_on.map_or_else(String::new, |last| format!(" to {}", long_date(last)))
}

fn kind_words(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre => "Before the visit",
        AssignmentKind::Post => "After the visit, for its items",
        AssignmentKind::Enduring => "For every visit",
    }
}

fn status_words(status: AssignmentStatus) -> &'static str {
    match status {
        AssignmentStatus::Offered => "Not answered yet",
        AssignmentStatus::DeliveryFailed => "The letter did not arrive",
        AssignmentStatus::Expired => "Not answered in time",
        AssignmentStatus::Declined => "Not agreed to",
        AssignmentStatus::Assigned => "Agreed to",
        AssignmentStatus::Withdrawn => "Withdrawn by the patient",
        AssignmentStatus::Superseded => "Another one has taken its place",
        AssignmentStatus::Void => "Void",
        AssignmentStatus::ReliedOn => "Agreed to, and claimed on",
    }
}
