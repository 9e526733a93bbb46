//! Another time that a practice proposes for an appointment: what it is, the answer, and what stands after it. The same wherever an
//! appointment is shown to whoever may answer: behind its link, after booking, and in the account's list.

use std::rc::Rc;

use shared_types::{
    Problem,
    bookings::{
        Appointment,
        proposal::{AnswerProposal, Proposed},
    },
};
use yew::prelude::*;

use super::{
    notice::{Notice, NoticeKind},
    times_rest::long_when,
};
use crate::{
    api::{bookings, use_api_client},
    browser,
    hooks::use_act,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ProposedTimeProps {
    pub appointment: Rc<Appointment>,
    /// The appointment is this now: a later link of the chain where somebody agreed.
    pub on_answered: Callback<Appointment>,
}

/// What is proposed, with its two answers; then what came of it. Nothing where nothing is proposed.
#[component]
pub fn ProposedTime(props: &ProposedTimeProps) -> Html {
    let ProposedTimeProps { appointment, on_answered } = props;
    let (client, act, look) = (use_api_client(), use_act(), use_act());
    let agreed = use_state_eq(|| None::<bool>);
    let notice = use_node_ref();
    let ended = act.problem.clone().filter(|problem| problem.is("proposal-ended"));
    {
        // The buttons have gone with the answer.
        let notice = notice.clone();
        use_effect_with((*agreed, ended.is_some()), move |(agreed, ended)| {
            if agreed.is_some() || *ended {
                browser::focus_node(&notice);
            }
        });
    }
    let id = appointment.appointment_id;
    if let Some(problem) = ended {
        let on_look = {
            let (client, act, look, on_answered) = (client, act, look.clone(), on_answered.clone());
            Callback::from(move |()| {
                let client = client.clone();
                let send = move || {
                    let client = client.clone();
                    async move { client.get(&bookings::get_appointment(id)).await.read::<Appointment>() }
                };
                let (act, on_answered) = (act.clone(), on_answered.clone());
                look.run(send, move |now: Appointment| {
                    act.forget();
                    on_answered.emit(now);
                    // The button has gone with what it did.
                    browser::focus("main");
                });
            })
        };
        return html! {
            <div class="stack">
                <EndedNotice {problem} busy={look.busy} {on_look} node_ref={notice} />
                { refused(look.problem.as_ref()) }
            </div>
        };
    }
    if let Some(agreed) = *agreed {
        return html! { <AnsweredNotice appointment={Rc::clone(appointment)} {agreed} node_ref={notice} /> };
    }
    let Some(proposed) = appointment.proposed else { return Html::default() };
    let on_answer = {
        let (act, agreed, on_answered) = (act.clone(), agreed.setter(), on_answered.clone());
        Callback::from(move |agree: bool| {
            let (client, answer) =
                (client.clone(), AnswerProposal { proposal_id: proposed.proposal_id, agree });
            let send = move || {
                let client = client.clone();
                async move { bookings::answer_proposal(&client, id, answer).await }
            };
            let (agreed, on_answered) = (agreed.clone(), on_answered.clone());
            act.run(send, move |now: Appointment| {
                agreed.set(Some(agree));
                on_answered.emit(now);
            });
        })
    };
    html! {
        <div class="stack">
            <ProposedNotice appointment={Rc::clone(appointment)} {proposed} busy={act.busy} {on_answer} />
            { refused(act.problem.as_ref()) }
        </div>
    }
}

/// Why something else did not work. The pages of an account say it with a way to sign in, which those of a booking do without.
fn refused(problem: Option<&Problem>) -> Html {
    let words = problem.map(|problem| {
        html! {
            <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                <p>{ problem.detail.clone().unwrap_or_else(|| "Nothing was changed.".to_owned()) }</p>
            </Notice>
        }
    });
    html! { <div class="optional">{ words }</div> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ProposedNoticeProps {
    pub appointment: Rc<Appointment>,
    pub proposed: Proposed,
    /// Whether an answer is on its way.
    pub busy: bool,
    /// Agrees, or keeps what there is.
    pub on_answer: Callback<bool>,
}

/// The time that is proposed, beside the one that stands.
#[component]
pub fn ProposedNotice(props: &ProposedNoticeProps) -> Html {
    let ProposedNoticeProps { appointment, proposed, busy, on_answer } = props;
    let (role, zone) = (&appointment.role, appointment.role.time_zone);
    let who = role.organization_name.as_ref().unwrap_or(&role.name);
    let (agree, keep) = (on_answer.reform(|_: MouseEvent| true), on_answer.reform(|_: MouseEvent| false));
    html! {
        <Notice kind={NoticeKind::Soon} icon="calendar" title={format!("{who} proposes another time")}>
            <p>
                <strong>{ long_when(proposed.start, zone) }</strong>
                { format!(" instead of {}, with {}.", long_when(appointment.start, zone), role.name) }
            </p>
            <p>
                { "Your appointment stays as it is until you agree, and the new time is kept for you meanwhile. " }
                { format!("You can answer until {}; ", long_when(proposed.answer_until, zone)) }
                { "after that everything stays as it is." }
            </p>
            <div class="button-row">
                <button type="button" class="button" onclick={agree} aria-busy={busy.to_string()}>
                    { "Agree to the new time" }
                </button>
                <button type="button" class="button button--quiet" onclick={keep} aria-busy={busy.to_string()}>
                    { "Keep what I have" }
                </button>
            </div>
        </Notice>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct AnsweredNoticeProps {
    /// As it stands after the answer.
    pub appointment: Rc<Appointment>,
    /// Whether the answer was to take the new time.
    pub agreed: bool,
    #[prop_or_default]
    pub node_ref: NodeRef,
}

/// What stands now.
#[component]
pub fn AnsweredNotice(props: &AnsweredNoticeProps) -> Html {
    let AnsweredNoticeProps { appointment, agreed, node_ref } = props;
    let when = long_when(appointment.start, appointment.role.time_zone);
    let (title, words) = if *agreed {
        let hint = &appointment.email_hint;
        (
            format!("Moved to {when}"),
            format!("We are sending the new details to {hint}. The old time has been let go."),
        )
    } else {
        (
            format!("Your appointment stays on {when}"),
            "Nothing has changed. The other time has been let go.".to_owned(),
        )
    };
    html! {
        <Notice kind={NoticeKind::Success} {title} node_ref={node_ref.clone()}><p>{ words }</p></Notice>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct EndedNoticeProps {
    /// Why it can no longer be answered.
    pub problem: Problem,
    /// Whether the appointment is being read again.
    pub busy: bool,
    pub on_look: Callback<()>,
    #[prop_or_default]
    pub node_ref: NodeRef,
}

/// The time is no longer proposed: why, and the way to how the appointment stands.
#[component]
pub fn EndedNotice(props: &EndedNoticeProps) -> Html {
    let EndedNoticeProps { problem, busy, on_look, node_ref } = props;
    html! {
        <Notice kind={NoticeKind::Soon} title={problem.title.clone()} alert=true node_ref={node_ref.clone()}>
            <p>{ problem.detail.clone().unwrap_or_default() }</p>
            <div class="button-row">
                <button type="button" class="button button--quiet" onclick={on_look.reform(|_: MouseEvent| ())}
                    aria-busy={busy.to_string()}>{ "Show how it stands now" }</button>
            </div>
        </Notice>
    }
}
