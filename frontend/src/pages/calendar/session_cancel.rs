//! Cancelling a group session for everybody in it: what it does is said before, and what it did after.

use std::rc::Rc;

use shared_types::{
    BookingId, OrganizationId,
    bookings::practice::{
        CalendarAppointment, CancelSession, ChangeReason, PracticeCalendar, SessionCancelled,
    },
};
use yew::prelude::*;

use super::{aside::TITLE_ID, to_call::ToCall};
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    calendar::{sessions::Session, words::reason_words},
    components::select_field::SelectField,
    forms::attempt::Attempt,
    hooks::{use_act, use_brought_into_view},
    pages::account::Refused,
};

/// The id of the field that asks why.
const WHY_ID: &str = "session-why";
const BUTTON: &str = "Cancel for everyone";

#[derive(Clone, PartialEq, Properties)]
pub struct SessionCancelProps {
    pub session: Rc<Session>,
    pub organization_id: OrganizationId,
    /// Where those are found who cannot be written to.
    pub calendar: Rc<PracticeCalendar>,
    pub on_put: Callback<CalendarAppointment>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
struct Done {
    cancelled: usize,
    left: usize,
    to_call: Vec<BookingId>,
}

impl Done {
    fn of(reply: &SessionCancelled) -> Self {
        let untold = reply.cancelled.iter().filter(|one| !one.reachable.is_told());
        Self {
            cancelled: reply.cancelled.len(),
            left: reply.left.len(),
            to_call: untold.map(|one| one.booking_id).collect(),
        }
    }
}

/// The button, and the form that it opens; where nobody is left whom it reaches, only what came of it.
#[component]
pub fn SessionCancel(props: &SessionCancelProps) -> Html {
    let SessionCancelProps { session, calendar, .. } = props;
    let done = use_state_eq(|| None::<Done>);
    let on_done = {
        let done = done.setter();
        Callback::from(move |reply: Done| done.set(Some(reply)))
    };
    let said = done.as_ref().map(|done| {
        html! {
            <>
                <p>{ done_words(done.cancelled, done.left) }</p>
                { untold(calendar, &done.to_call) }
            </>
        }
    });
    html! {
        <>
            <div role="status">{ said.unwrap_or_default() }</div>
            <div class="optional">
                if session.id().is_some() && !session.cancellable().is_empty() {
                    <CancelForm of={props.clone()} {on_done} />
                }
            </div>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CancelFormProps {
    of: SessionCancelProps,
    on_done: Callback<Done>,
}

#[component]
fn CancelForm(props: &CancelFormProps) -> Html {
    let CancelFormProps { of, on_done } = props;
    let SessionCancelProps { session, organization_id, calendar, on_put } = of;
    let (client, act, attempt) = (use_api_client(), use_act(), use_mut_ref(Attempt::default));
    let (open, reason) = (use_state_eq(|| false), use_state_eq(|| None::<ChangeReason>));
    let form = use_brought_into_view(*open);
    // How often it was asked for without a reason.
    let lacking = use_state_eq(|| 0_u32);
    use_effect_with(*lacking, |lacking| {
        if *lacking > 0 {
            browser::focus(WHY_ID);
        }
    });
    let reached = session.cancellable();
    let onsubmit = {
        let (act, organization_id, session_id) = (act.clone(), *organization_id, session.id());
        let (on_put, on_done, reason, lacking) = (on_put.clone(), on_done.clone(), *reason, lacking.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(session_id) = session_id else { return };
            let Some(reason) = reason else { return lacking.set(*lacking + 1) };
            let (client, attempt) = (client.clone(), Rc::clone(&attempt));
            let send = move || {
                let what = format!("{session_id} {}", reason.code());
                let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
                let (client, attempt) = (client.clone(), Rc::clone(&attempt));
                async move {
                    let wanted = CancelSession { reason };
                    let answer =
                        calendar_api::cancel_session(&client, organization_id, session_id, wanted, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer
                }
            };
            let (on_put, on_done) = (on_put.clone(), on_done.clone());
            act.run(send, move |reply: SessionCancelled| {
                on_done.emit(Done::of(&reply));
                for appointment in reply.cancelled {
                    on_put.emit(appointment);
                }
                // The button has gone with what it did.
                browser::focus(TITLE_ID);
            });
        }
    };
    let toggle = {
        let (open, lacking) = (open.clone(), lacking.setter());
        move |_: MouseEvent| {
            open.set(!*open);
            lacking.set(0);
        }
    };
    let onchange = {
        let reason = reason.setter();
        Callback::from(move |code: String| reason.set(ChangeReason::from_code(&code)))
    };
    let unsaid = [(AttrValue::from(""), AttrValue::from("Choose why"))];
    let reasons =
        ChangeReason::OF_PRACTICES.map(|reason| (reason.code().into(), reason_words(reason).into()));
    let lacks = *lacking > 0 && reason.is_none();
    let to_call: Vec<_> = reached
        .iter()
        .filter(|entry| !entry.appointment.reachable.is_told())
        .map(|entry| entry.booking_id())
        .collect();
    html! {
        <div class="act">
            <button type="button" class="button button--quiet" onclick={toggle.clone()}
                aria-expanded={(*open).to_string()}>{ BUTTON }</button>
            <p class="small muted">{ effect_words(reached.len(), session.kept()) }</p>
            { untold(calendar, &to_call) }
            if *open {
                <form ref={form} class="act__form" novalidate=true method="post" {onsubmit}>
                    <SelectField id={WHY_ID} label="Why" hint="Nothing about health. The patients read it."
                        options={unsaid.into_iter().chain(reasons).collect::<Vec<_>>()}
                        error={lacks.then_some(AttrValue::Static("Choose why"))}
                        value={reason.map_or("", ChangeReason::code)} {onchange} />
                    <div class="button-row">
                        <button type="submit" class="button button--danger" aria-busy={act.busy.to_string()}>
                            { BUTTON }
                        </button>
                        <button type="button" class="button button--plain" onclick={toggle}>{ "Leave it" }</button>
                    </div>
                </form>
                <Refused act={act.clone()} />
            }
        </div>
    }
}

/// Whom the desk tells itself.
fn untold(calendar: &Rc<PracticeCalendar>, bookings: &[BookingId]) -> Html {
    if bookings.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <p class="small">{ "Nothing that we write reaches these. Tell them yourself:" }</p>
            <ToCall calendar={Rc::clone(calendar)} bookings={bookings.to_vec()} />
        </>
    }
}

/// `1 appointment is`, `5 appointments are`.
fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 appointment {one}") } else { format!("{count} appointments {several}") }
}

/// What it does: to how many, whom it leaves, and what becomes of the time.
fn effect_words(reached: usize, kept: usize) -> String {
    let cancelled = counted(reached, "is cancelled", "are cancelled");
    let who = format!(
        "{cancelled}. Nobody pays anything for that, whenever it is, and all who can be written to are told why."
    );
    let rest = if kept == 0 {
        "The time is then free for other bookings, as after any cancellation, unless the practitioner is not available.".to_owned()
    } else {
        let stay = counted(kept, "stays", "stay");
        format!(
            "{stay} as booked, of those who have arrived or whose visit is over, and nobody else gets a seat."
        )
    };
    format!("{who} {rest}")
}

/// What it did.
fn done_words(cancelled: usize, left: usize) -> String {
    let done = counted(cancelled, "was cancelled", "were cancelled");
    if left == 0 {
        return format!("{done}.");
    }
    let stay = counted(left, "was", "were");
    format!("{done}. {stay} left as booked: those patients have arrived, or their visit is over.")
}

#[cfg(test)]
mod tests {
    use super::{done_words, effect_words};

    #[test]
    fn what_it_does_is_said_before_and_what_it_did_after() {
        let before = effect_words(5, 0);
        assert!(before.starts_with("5 appointments are cancelled. Nobody pays anything"), "{before}");
        assert!(before.contains("free for other bookings, as after any cancellation"), "{before}");
        let before = effect_words(1, 2);
        assert!(before.starts_with("1 appointment is cancelled."), "{before}");
        assert!(
            before.contains("2 appointments stay as booked") && before.contains("nobody else"),
            "{before}"
        );
        assert_eq!(done_words(2, 0), "2 appointments were cancelled.");
        assert_eq!(
            done_words(4, 1),
            "4 appointments were cancelled. 1 appointment was left as booked: those patients have arrived, or their \
             visit is over."
        );
    }
}
