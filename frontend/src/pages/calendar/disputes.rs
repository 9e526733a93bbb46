//! `/calendar/{organization_id}/disputes`: what patients dispute and the practice answers, and what it can dispute itself.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        dispute::{AnswerDispute, DisputeParty, DisputeStatus, OpenDispute, PracticeDispute},
        practice::CALENDAR_STAFF,
    },
    page::Page,
    personal::Personal,
    users::StaffRole,
};
use yew::prelude::*;

use crate::{
    api::{disputes, use_api_client},
    components::{
        dispute_view::{DisputeView, Reader, fee_words, noted_words},
        failed::Failed,
        times_rest::long_when,
    },
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::loading,
        dispute::words_form::WordsForm,
        hold::private_head,
        practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Disputes";
/// Who reads and answers them.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DisputesPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn DisputesPage(props: &DisputesPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Disputes {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/disputes"
            needs={STAFF} {render} />
    }
}

#[component]
fn Disputes(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let page =
        use_private_api::<Page<PracticeDispute>>(disputes::list_practice_disputes(organization_id), version);
    match page {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(organization_id, "/disputes")} {on_again} /> }
        }
        Some(Ok(page)) if page.items.is_empty() => html! { <p>{ "Nothing is disputed." }</p> },
        Some(Ok(page)) => html! {
            <ul class="stack" role="list">
                { for page.items.iter().map(|one| html! {
                    <Case key={one.appointment_id.to_string()} case={Rc::new(one.clone())} {organization_id}
                        on_changed={on_again.clone()} />
                }) }
            </ul>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CaseProps {
    case: Rc<PracticeDispute>,
    organization_id: OrganizationId,
    on_changed: Callback<()>,
}

#[component]
fn Case(props: &CaseProps) -> Html {
    let CaseProps { case, organization_id, on_changed } = props;
    let (client, act) = (use_api_client(), use_act());
    let (organization_id, appointment_id) = (*organization_id, case.appointment_id);
    let version = case.dispute.as_ref().map_or(case.version, |dispute| dispute.version);
    let answers = case.dispute.is_some();
    let on_words = {
        let (act, changed) = (act.clone(), on_changed.clone());
        Callback::from(move |text: Personal<String>| {
            let (client, changed) = (client.clone(), changed.clone());
            act.run(
                move || {
                    let (client, text) = (client.clone(), text.clone());
                    async move {
                        if answers {
                            let answer = AnswerDispute { version, text };
                            disputes::answer_for_practice(&client, organization_id, appointment_id, &answer)
                                .await
                        } else {
                            let dispute = OpenDispute { version, text };
                            disputes::dispute_absence(&client, organization_id, appointment_id, &dispute)
                                .await
                        }
                    }
                },
                move |_| changed.emit(()),
            );
        })
    };
    let zone = case.role.time_zone;
    let asked = case.dispute.as_ref().is_some_and(|dispute| {
        dispute.status == DisputeStatus::Open
            && dispute.opened_by == DisputeParty::Patient
            && dispute.answer.is_none()
    });
    let id = format!("words-{appointment_id}");
    html! {
        <li class="card stack">
            <h2>{ case.patient_name.expose() }</h2>
            <p>
                { format!("{}, with {}: {}.", long_when(case.start, zone), case.role.name, noted_words(case.noted)) }
            </p>
            if let Some(fee) = case.late_fee {
                <p>{ fee_words(fee) }</p>
            }
            if let Some(dispute) = &case.dispute {
                <DisputeView dispute={dispute.clone()} {zone} reader={Reader::Practice} />
            }
            if let Some(until) = case.until {
                <p>{ format!("The patient said so. You can dispute it until {}.", long_when(until, zone)) }</p>
            }
            if asked {
                <WordsForm {id} label="What happened" button="Answer" {act} {on_words} />
            } else if case.until.is_some() {
                <WordsForm {id} label="What happened" button="Dispute it" {act} {on_words} />
            }
        </li>
    }
}
