//! An appointment that its reader may change: look, move, cancel. It is behind a manage link, or where it was booked. The step is in
//! the address's query, so "back" goes a step back.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::bookings::Appointment;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    agreement::AgreementStep,
    choose_time::type_choice,
    dispute::DisputeSection,
    free_times::{FreeTimesOf, TimesSkeleton},
    own_visit::OwnVisit,
    paid::Paid,
};
use crate::{
    browser,
    components::{
        hold_notice::TimeGone,
        icon::Icon,
        manage_cancel::ManageCancel,
        manage_move::ManageMove,
        manage_view::{ManageView, is_changeable, is_request},
        pay_step::RepairStep,
        proposed_time::ProposedTime,
        time_button::{Chosen, TimeContext},
    },
    hooks::{
        use_card_money,
        use_manage::{Managing, use_manage},
    },
};

/// What the reader is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Look,
    Move,
    Cancel,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ManageOpenedProps {
    /// As it was when the page was opened.
    pub appointment: Rc<Appointment>,
    /// It is this now, by what was done here.
    #[prop_or_default]
    pub on_changed: Callback<Appointment>,
}

/// The appointment as it stands, and its two changes.
#[component]
pub fn ManageOpened(props: &ManageOpenedProps) -> Html {
    let managing = use_manage(Rc::clone(&props.appointment));
    let money = use_card_money(&managing.appointment);
    {
        let (first, on_changed) = (Rc::clone(&props.appointment), props.on_changed.clone());
        use_effect_with(Rc::clone(&managing.appointment), move |now| {
            if *now != first {
                on_changed.emit((**now).clone());
            }
        });
    }
    let location = use_location();
    let path = location.as_ref().map(|location| location.path().to_owned()).unwrap_or_default();
    let query = location.map(|location| location.query_str().to_owned()).unwrap_or_default();
    // A change that is done is looked at, whatever the address says, and so is what can no longer be changed.
    let is_open = is_changeable(&managing.appointment);
    let step = match managing.outcome {
        None if is_open && query.contains("step=move") && !is_request(&managing.appointment) => Step::Move,
        None if is_open && query.contains("step=cancel") => Step::Cancel,
        None | Some(_) => Step::Look,
    };
    use_effect_with((step, managing.outcome), |_| browser::focus("manage-title"));

    let go = |query: &'static str| {
        let (path, on_start) = (path.clone(), managing.on_start.clone());
        Callback::from(move |()| {
            on_start.emit(());
            browser::navigate(&format!("{path}{query}"));
        })
    };
    let appointment = (*managing.appointment).clone();
    match step {
        Step::Look => html! {
            <>
                <RepairStep appointment={Rc::clone(&managing.appointment)} />
                <ProposedTime appointment={Rc::clone(&managing.appointment)}
                    on_answered={managing.on_put.clone()} />
                <ManageView appointment={appointment.clone()} outcome={managing.outcome} on_move={go("?step=move")}
                    on_cancel={go("?step=cancel")} {money} />
                <OwnVisit appointment={Rc::clone(&managing.appointment)} on_changed={managing.on_put.clone()} />
                <div class="optional"><AgreementStep appointment={Rc::clone(&managing.appointment)} /></div>
                <div class="optional"><Paid appointment={Rc::clone(&managing.appointment)} /></div>
                <DisputeSection appointment_id={appointment.appointment_id} status={appointment.status}
                    zone={appointment.role.time_zone} />
            </>
        },
        Step::Cancel => html! {
            <ManageCancel {appointment} busy={managing.busy} problem={managing.problem.clone()}
                on_cancel={managing.on_cancel.clone()}
                on_move={go("?step=move")} on_keep={go("")} {money} />
        },
        Step::Move => html! { <MoveStep managing={managing.clone()} on_keep={go("")} /> },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct MoveStepProps {
    managing: Managing,
    on_keep: Callback<()>,
}

/// Other times, and the question once one is picked.
#[component]
fn MoveStep(props: &MoveStepProps) -> Html {
    let managing = &props.managing;
    let (appointment, role) = (&managing.appointment, &managing.appointment.role);
    let picked = use_state(|| None::<Timestamp>);
    let on_choose = {
        let (picked, on_start) = (picked.setter(), managing.on_start.clone());
        Callback::from(move |chosen: Chosen| {
            on_start.emit(());
            picked.set(Some(chosen.start));
        })
    };
    let on_other = {
        let picked = picked.setter();
        Callback::from(move |()| picked.set(None))
    };
    use_effect_with(*picked, |picked| {
        browser::focus(if picked.is_some() { "move-title" } else { "manage-title" });
    });
    let taken = managing.problem.as_ref().filter(|problem| problem.is("time-taken"));
    let type_id = appointment.appointment_type.appointment_type_id;
    let act = AttrValue::from(format!("Move to a time with {}", role.name));
    let gone = taken.map(|problem| {
        let context = TimeContext {
            role_id: role.practitioner_role_id,
            act: act.clone(),
            type_id,
            zone: role.time_zone,
            as_of: None,
            chosen: None,
            on_choose: Some(on_choose.clone()),
        };
        html! {
            <TimeGone title="That time has just gone" alternatives={problem.alternatives.clone()} {context}
                detail="Somebody else took it. Your old time is still yours. These are the nearest others:" />
        }
    });
    let content = match (*picked, &gone) {
        (Some(to), None) => html! {
            <ManageMove key="ask" appointment={(**appointment).clone()} {to} busy={managing.busy}
                problem={managing.problem.clone()} on_move={managing.on_move.reform(move |()| to)} {on_other} />
        },
        (None, _) | (_, Some(_)) => html! {
            <div key="times" class="card"><Suspense fallback={html! { <TimesSkeleton /> }}>
                <FreeTimesOf title={format!("Other times with {}", role.name)}
                    role_id={role.practitioner_role_id} {act}
                    types={Rc::from([type_choice(&appointment.appointment_type)])} first={type_id}
                    chosen={appointment.start} phone={role.phone.clone()} {on_choose} />
            </Suspense></div>
        },
    };
    let keep = props.on_keep.reform(|_: MouseEvent| ());
    html! {
        <>
            <div class="stack">
                <button type="button" class="button button--plain back-link" onclick={keep}>
                    <Icon name="chevron-left" />{ "Keep the time you have" }
                </button>
                <h1 id="manage-title" tabindex="-1">{ "Move to another time" }</h1>
                <p>{ "Your time stays yours until you confirm the new one. Moving costs nothing." }</p>
            </div>
            <div class="optional">{ gone }</div>
            { content }
        </>
    }
}
