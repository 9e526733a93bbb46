//! "Move to this time?": the old and the new, and what happens to the old one, before the button.

use jiff::Timestamp;
use shared_types::{Problem, bookings::Appointment};
use yew::prelude::*;

use super::{
    notice::{Notice, NoticeKind},
    times_rest::long_when,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ManageMoveProps {
    pub appointment: Appointment,
    /// The new start.
    pub to: Timestamp,
    pub busy: bool,
    #[prop_or_default]
    pub problem: Option<Problem>,
    pub on_move: Callback<()>,
    /// Looks at the times again.
    pub on_other: Callback<()>,
}

/// The question.
#[component]
pub fn ManageMove(props: &ManageMoveProps) -> Html {
    let ManageMoveProps { appointment, to, busy, problem, .. } = props;
    let zone = appointment.role.time_zone;
    let act = |callback: &Callback<()>| callback.reform(|_: MouseEvent| ());
    html! {
        <section class="stack" aria-labelledby="move-title">
            <h2 id="move-title" tabindex="-1">{ format!("Move to {}?", long_when(*to, zone)) }</h2>
            <dl class="pairs pairs--ruled">
                <dt>{ "From" }</dt><dd>{ long_when(appointment.start, zone) }</dd>
                <dt>{ "To" }</dt><dd><strong>{ long_when(*to, zone) }</strong></dd>
            </dl>
            <Notice title="Moving costs nothing">
                <p>
                    { "The old time goes to others straight away, so moving back works only while it is " }
                    { "still there. " }
                    { "We send you the new details by e-mail. The practice sees the new time." }
                </p>
            </Notice>
            <div role="alert">
                if let Some(problem) = problem {
                    <Notice kind={NoticeKind::Danger} title={problem.title.clone()} announced=true>
                        <p>
                            { problem.detail.clone().unwrap_or_else(|| "Your old time is still yours.".to_owned()) }
                        </p>
                    </Notice>
                }
            </div>
            <div class="button-row">
                <button type="button" class="button" aria-busy={busy.to_string()}
                    onclick={act(&props.on_move)}>
                    { if problem.is_some() { "Try again to move" } else { "Move the appointment" } }
                </button>
                <button type="button" class="button button--quiet" onclick={act(&props.on_other)}>
                    { "Look at other times" }
                </button>
            </div>
        </section>
    }
}
