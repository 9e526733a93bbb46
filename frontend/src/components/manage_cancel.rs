//! "Cancel this appointment?": what it costs and what happens, then three plain ways on.

use shared_types::{
    Problem,
    bookings::{Appointment, Cancelling},
};
use yew::prelude::*;

use super::{
    appointment_card::AppointmentCard,
    icon::Icon,
    manage_view::{ending_words, is_request},
    money_back::{CardMoney, money_back_words},
    notice::{Notice, NoticeKind},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ManageCancelProps {
    pub appointment: Appointment,
    pub busy: bool,
    #[prop_or_default]
    pub problem: Option<Problem>,
    pub on_cancel: Callback<()>,
    pub on_move: Callback<()>,
    pub on_keep: Callback<()>,
    /// Whether moving is not offered.
    #[prop_or_default]
    pub only_cancels: bool,
    /// What was paid for it.
    #[prop_or_default]
    pub money: CardMoney,
}

/// The question.
#[component]
pub fn ManageCancel(props: &ManageCancelProps) -> Html {
    let ManageCancelProps { appointment, busy, problem, .. } = props;
    let act = |callback: &Callback<()>| callback.reform(|_: MouseEvent| ());
    let possible = appointment.cancelling_now != Cancelling::NotPossible;
    let is_request = is_request(appointment);
    let (title, keep, act_words, did) = if is_request {
        ("Withdraw this request?", "Keep the request", "Withdraw the request", "withdrew")
    } else {
        ("Cancel this appointment?", "Keep the appointment", "Cancel the appointment", "cancelled")
    };
    html! {
        <>
            <div class="stack">
                <button type="button" class="button button--plain back-link" onclick={act(&props.on_keep)}>
                    <Icon name="chevron-left" />{ keep }
                </button>
                <h1 id="manage-title" tabindex="-1">{ title }</h1>
            </div>
            <AppointmentCard appointment={appointment.clone()} />
            <Notice kind={notice_kind(appointment.cancelling_now)}
                title={ending_words(appointment)}>
                <p class="optional">{ money(props) }</p>
                if possible {
                    <p>
                        { format!("The time goes to others straight away, and the practice sees that you {did}. ") }
                        { "This cannot be undone: " }
                        { "if you change your mind, you book again, and this time may be gone." }
                    </p>
                }
            </Notice>
            <div role="alert">
                if let Some(problem) = problem {
                    <Notice kind={NoticeKind::Danger} title={problem.title.clone()} announced=true>
                        <p>
                            { problem.detail.clone().unwrap_or_else(|| "The appointment stands.".to_owned()) }
                        </p>
                    </Notice>
                }
            </div>
            <div class="button-row">
                if possible {
                    <button type="button" class="button button--danger" aria-busy={busy.to_string()}
                        onclick={act(&props.on_cancel)}>
                        { if problem.is_some() { "Try again" } else { act_words } }
                    </button>
                }
                if possible && !props.only_cancels && !is_request {
                    <button type="button" class="button button--quiet" onclick={act(&props.on_move)}>
                        { "Move it instead" }
                    </button>
                }
                <button type="button" class="button button--plain" onclick={act(&props.on_keep)}>
                    { "Keep it" }
                </button>
            </div>
        </>
    }
}

/// What becomes of what was paid.
fn money(props: &ManageCancelProps) -> Option<String> {
    match props.appointment.cancelling_now {
        Cancelling::WithoutCharge => money_back_words(&props.money, None),
        Cancelling::LateFee { fee_cents } => money_back_words(&props.money, Some(fee_cents)),
        Cancelling::NotPossible => None,
    }
}

fn notice_kind(cancelling: Cancelling) -> NoticeKind {
    match cancelling {
        Cancelling::WithoutCharge => NoticeKind::Info,
        Cancelling::LateFee { .. } | Cancelling::NotPossible => NoticeKind::Soon,
    }
}
