//! `/calendar/{organization_id}/disputes`: what patients dispute and the practice answers, and what it can dispute itself.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        dispute::{AnswerDispute, DisputeParty, DisputeStatus, Instead, OpenDispute, PracticeDispute},
        honour::HonourRate,
        practice::CALENDAR_STAFF,
    },
    page::Page,
    personal::Personal,
    users::StaffRole,
};
use yew::prelude::*;

use crate::{
    api::{bookings, disputes, use_api_client},
    browser,
    components::{
        dispute_view::{DisputeView, Reader, fee_words, noted_words},
        failed::Failed,
        times_rest::long_when,
    },
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        dispute::words_form::WordsForm,
        hold::private_head,
        honour_note,
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
    let on_changed = {
        let on_again = on_again.clone();
        Callback::from(move |()| {
            on_again.emit(());
            // The buttons have gone with what they did.
            browser::focus("main");
        })
    };
    let cases = match page {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(organization_id, "/disputes")} {on_again} /> }
        }
        Some(Ok(page)) if page.items.is_empty() => html! { <p>{ "Nothing is disputed." }</p> },
        Some(Ok(page)) => html! {
            <ul class="stack" role="list">
                { for page.items.iter().map(|one| html! {
                    <Case key={one.appointment_id.to_string()} case={Rc::new(one.clone())} {organization_id}
                        on_changed={on_changed.clone()} />
                }) }
            </ul>
        },
    };
    html! {
        <div class="stack">
            <div class="optional"><Kept {organization_id} /></div>
            <div>{ cases }</div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct KeptProps {
    organization_id: OrganizationId,
}

/// How many of its appointments the practice kept, as everybody reads it; nothing while it cannot be read.
#[component]
fn Kept(props: &KeptProps) -> Html {
    let rate = use_private_api::<HonourRate>(bookings::find_honour_rate(props.organization_id), 0);
    match rate {
        Some(Ok(rate)) => html! {
            <>
                { honour_note::note(*rate, "Your practice") }
                <p class="small muted">{ "Patients read this on your pages." }</p>
            </>
        },
        None | Some(Err(_)) => Html::default(),
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
                            let answer = AnswerDispute { version, text, agrees: false };
                            disputes::answer_for_practice(&client, organization_id, appointment_id, &answer)
                                .await
                        } else {
                            let dispute = OpenDispute { version, text, instead: None };
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
                <Agree case={Rc::clone(case)} {organization_id} on_changed={on_changed.clone()} />
            } else if case.until.is_some() {
                <WordsForm {id} label="What happened" button="Dispute it" {act} {on_words} />
            }
        </li>
    }
}

/// That the patient is right, which decides it: what is owed or was taken goes back. Pressed twice: first it says what it does.
#[component]
fn Agree(props: &CaseProps) -> Html {
    let CaseProps { case, organization_id, on_changed } = props;
    let (client, act) = (use_api_client(), use_act());
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let agree = {
        let (act, organization_id, appointment_id) = (act.clone(), *organization_id, case.appointment_id);
        let (changed, version) =
            (on_changed.clone(), case.dispute.as_ref().map_or(case.version, |dispute| dispute.version));
        Callback::from(move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move {
                        let answer = AnswerDispute { version, text: Personal::default(), agrees: true };
                        disputes::answer_for_practice(&client, organization_id, appointment_id, &answer).await
                    }
                },
                move |_| changed.emit(()),
            );
        })
    };
    html! {
        <div class="stack">
            <div class="button-row">
                <button type="button" class="button button--quiet" onclick={toggle} aria-expanded={open.to_string()}>
                    { "The patient is right" }
                    <span class="visually-hidden">{ format!(": {}", case.patient_name.expose()) }</span>
                </button>
            </div>
            if *open {
                <p>{ agree_words(case.dispute.as_ref().and_then(|dispute| dispute.instead)) }</p>
                <div class="button-row">
                    <button type="button" class="button" onclick={agree} aria-busy={act.busy.to_string()}>
                        { "Agree with the patient" }
                    </button>
                </div>
                <Refused {act} />
            }
        </div>
    }
}

/// What agreeing does.
fn agree_words(instead: Option<Instead>) -> &'static str {
    match instead {
        Some(Instead::NobodyThere | Instead::CalledOff) => {
            "The visit counts as not having taken place, and what was taken for it goes back. The patient is told."
        }
        Some(Instead::DidNotGo) => {
            "It is noted that the patient did not come. What was agreed about that counts, and the rest goes back. The patient is told."
        }
        None => "Nothing is owed for it, and a fee that was taken goes back. The patient is told.",
    }
}
