//! The links of a reminder. One says that the patient will come and shows nothing; the other asks for proof, and then whether to
//! cancel. Looking at either changes nothing, since mail programs look, too: it takes a press.

use std::rc::Rc;

use shared_types::bookings::{AnswerReminder, Appointment};
use yew::prelude::*;

use super::hold::private_head;
use crate::{
    api::{bookings, use_api_client},
    browser,
    components::{
        manage_cancel::ManageCancel,
        manage_view::{ManageView, Outcome},
        notice::{Notice, NoticeKind},
        problem_view::ProblemView,
    },
    hooks::{use_act, use_card_money, use_head, use_manage::use_manage},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AttendPageProps {
    pub token: String,
}

/// "I will come", as one button.
#[component]
pub fn AttendPage(props: &AttendPageProps) -> Html {
    use_head(private_head("Your reminder"));
    let client = use_api_client();
    let act = use_act();
    let done = use_state_eq(|| false);
    let onclick = {
        let (act, done, token) = (act.clone(), done.setter(), props.token.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, token, done) = (client.clone(), token.clone(), done.clone());
            let send = move || {
                let (client, answer) = (client.clone(), AnswerReminder { token: token.clone() });
                async move { bookings::answer_reminder(&client, &answer).await }
            };
            act.run(send, move |()| done.set(true));
        })
    };
    let dead = act.problem.as_ref().is_some_and(|problem| problem.status == 404);
    let other = act.problem.clone().filter(|_| !dead);
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">
            <h1>{ "Will you come?" }</h1>
            <p class="no-js-only">{ "This page needs JavaScript. Turn it on, or call the practice." }</p>
            <div role="status">
                if *done {
                    <Notice kind={NoticeKind::Success} title="The practice knows that you will come" announced=true>
                        <p>{ "You get no more reminders of this appointment. If something comes up, please say so early." }</p>
                    </Notice>
                }
                if dead { { dead_link() } }
            </div>
            <div class="optional">
                if let Some(problem) = other { <ProblemView {problem} /> }
            </div>
            <div class="optional">
                if !*done && !dead {
                    <p>
                        { "One press tells the practice that you will come to the appointment that the reminder is about. " }
                        { "To keep it private, this page does not show which that is." }
                    </p>
                    <div class="button-row">
                        <button class="button" type="button" {onclick} aria-busy={act.busy.to_string()}>
                            { "I will come" }
                        </button>
                    </div>
                }
            </div>
        </div></main>
    }
}

fn dead_link() -> Html {
    html! {
        <Notice kind={NoticeKind::Soon} title="This link does not work any more" announced=true>
            <p>
                { "It works until the appointment begins, and only while it is at the time that the reminder said. The newest " }
                { "message about the appointment says how it stands." }
            </p>
        </Notice>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct CancelOpenedProps {
    /// As the link gave it.
    pub appointment: Rc<Appointment>,
}

/// Behind the other link's gate: whether to cancel, with what that costs, and nothing else.
#[component]
pub fn CancelOpened(props: &CancelOpenedProps) -> Html {
    let managing = use_manage(Rc::clone(&props.appointment));
    let money = use_card_money(&managing.appointment);
    let kept = use_state_eq(|| false);
    use_effect_with((managing.outcome, *kept), |_| browser::focus("manage-title"));
    let on_keep = {
        let kept = kept.setter();
        Callback::from(move |()| kept.set(true))
    };
    let appointment = (*managing.appointment).clone();
    match (managing.outcome, *kept) {
        (Some(Outcome::Cancelled), _) => html! {
            <ManageView {appointment} outcome={managing.outcome} on_move={Callback::noop()}
                on_cancel={Callback::noop()} {money} />
        },
        (None | Some(Outcome::ChangedElsewhere | Outcome::Moved), true) => html! {
            <div class="stack">
                <h1 id="manage-title" tabindex="-1">{ "Nothing was cancelled" }</h1>
                <p>{ "Your appointment stands as it is. To move it, use the link in our first message about it." }</p>
            </div>
        },
        (changed, false) => html! {
            <>
                <div role="status">
                    if changed.is_some() {
                        <Notice kind={NoticeKind::Soon} title="It changed while this page was open" announced=true>
                            <p>{ "Nothing was done. This is how the appointment stands now." }</p>
                        </Notice>
                    }
                </div>
                <ManageCancel {appointment} busy={managing.busy} problem={managing.problem.clone()}
                    on_cancel={managing.on_cancel.clone()} on_move={Callback::noop()} {on_keep} only_cancels=true
                    {money} />
            </>
        },
    }
}
