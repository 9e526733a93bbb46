//! What became of moving something: refused and put back, with who is in the way, or done, with ten seconds to take it back.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use shared_types::{
    Problem, Zone,
    bookings::practice::{CalendarAppointment, PracticeCalendar, PracticeRole, PracticeRoles},
};
use yew::prelude::*;

use super::grid_row::entry_ids;
use crate::{
    browser::{
        self,
        pointing::{self, Focus},
    },
    calendar::sheet::in_the_way,
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
        times_rest::long_when,
    },
    hooks::use_reschedule::{Change, Changed, Reschedule},
    pages::account::Refused,
};

/// How long it can be taken back by one press, in milliseconds.
const UNDO_FOR: u32 = 10_000;

#[derive(Clone, PartialEq, Properties)]
pub struct MoveOutcomeProps {
    pub reschedule: Reschedule,
    /// Of the whole practice: to whom something is moved need not be shown.
    pub roles: Rc<PracticeRoles>,
    pub calendar: Option<Rc<PracticeCalendar>>,
    /// Where to come back to after signing in.
    pub here: AttrValue,
    pub on_again: Callback<()>,
    /// Another toast.
    #[prop_or_default]
    pub children: Html,
}

/// The notice above the calendar, and the toast.
#[component]
pub fn MoveOutcome(props: &MoveOutcomeProps) -> Html {
    let MoveOutcomeProps { reschedule, roles, calendar, here, on_again, children } = props;
    let refused = match &reschedule.refused {
        Some(_) if reschedule.act.busy => Html::default(),
        Some((change, problem)) => refused(reschedule, change, problem, calendar.as_deref(), here, on_again),
        None => Html::default(),
    };
    html! {
        <>
            <div key="refused" class="optional">{ refused }</div>
            <div key="toast" class="toasts" role="status" aria-live="polite">
                if let Some(changed) = &reschedule.changed {
                    <Toast key={format!("{} {}", changed.after.appointment_id, changed.after.version)}
                        changed={changed.clone()} zone={zone_of(roles, &changed.after)}
                        on_undo={reschedule.on_change.clone()} on_gone={reschedule.on_settled.clone()} />
                }
                { children.clone() }
            </div>
        </>
    }
}

fn zone_of(roles: &PracticeRoles, appointment: &CalendarAppointment) -> Zone {
    let of = |role: &&PracticeRole| role.practitioner_role_id == appointment.practitioner_role_id;
    roles.items.iter().find(of).map_or(Zone::SYDNEY, |role| role.time_zone)
}

/// It is back where it was: why, and what can be done about it.
fn refused(
    reschedule: &Reschedule,
    change: &Change,
    problem: &Problem,
    calendar: Option<&PracticeCalendar>,
    here: &AttrValue,
    on_again: &Callback<()>,
) -> Html {
    if problem.is("time-taken") {
        let names = calendar.map_or_else(Vec::new, |calendar| {
            in_the_way(calendar, change.role_id, (change.start, change.end), Some(change.before.booking_id))
        });
        let fit_in = {
            let change = Change { fit_in: true, ..change.clone() };
            reschedule.on_change.reform(move |_: MouseEvent| change.clone())
        };
        return html! {
            <Notice kind={NoticeKind::Soon} title="That time is taken" alert=true>
                <p>{ conflict_words(change.before.patient.name.expose(), &names) }</p>
                <div class="button-row">
                    <button type="button" class="button button--quiet"
                        onclick={reschedule.on_forget.reform(|_: MouseEvent| ())}>{ "Leave it where it is" }</button>
                    <button type="button" class="button button--plain" onclick={fit_in}>{ "Fit it in beside" }</button>
                </div>
            </Notice>
        };
    }
    if problem.is("stale-version") || problem.is("wrong-state") {
        let again = {
            let (on_again, on_forget) = (on_again.clone(), reschedule.on_forget.clone());
            move |_: MouseEvent| {
                on_forget.emit(());
                on_again.emit(());
            }
        };
        return html! {
            <Notice kind={NoticeKind::Soon} title="Somebody else was quicker" alert=true>
                <p>{ "It has changed meanwhile. Nothing was moved by you; load the calendar again to see it." }</p>
                <div class="button-row">
                    <button type="button" class="button" onclick={again}>{ "Load again" }</button>
                </div>
            </Notice>
        };
    }
    // Trying again would not help: another practitioner would.
    if problem.is("listing-suspended") {
        return html! {
            <Notice kind={NoticeKind::Soon} title={problem.title.clone()} alert=true>
                <p>{ problem.detail.clone().unwrap_or_default() }</p>
                <div class="button-row">
                    <button type="button" class="button button--quiet"
                        onclick={reschedule.on_forget.reform(|_: MouseEvent| ())}>{ "Leave it where it is" }</button>
                </div>
            </Notice>
        };
    }
    if reschedule.act.wants_sign_in() {
        return html! { <Refused act={reschedule.act.clone()} /> };
    }
    let act = reschedule.act.clone();
    html! {
        <Failed problem={problem.clone()} here={here.clone()} on_again={Callback::from(move |()| act.again())} />
    }
}

/// `Bo Lee has that time. Ada Nguyen is back where they were.`
fn conflict_words(who: &str, names: &[String]) -> String {
    match names {
        [] => format!("Something else is booked then. {who} stays where it was."),
        [one] => format!("It is taken by {one}. {who} stays where it was."),
        names => format!("It is taken by {}. {who} stays where it was.", names.join(" and ")),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ToastProps {
    changed: Changed,
    zone: Zone,
    on_undo: Callback<Change>,
    on_gone: Callback<()>,
}

/// It is done, and can be taken back for ten seconds.
#[component]
fn Toast(props: &ToastProps) -> Html {
    let ToastProps { changed, zone, on_undo, on_gone } = props;
    {
        let (taken_back, [entry, part]) = (changed.undo.is_none(), entry_ids(changed.after.booking_id));
        use_effect_with((), move |()| {
            if taken_back {
                focus_if_lost(&[entry.as_str(), part.as_str(), "main"]);
            }
        });
    }
    let name = changed.after.patient.name.expose();
    let when = long_when(changed.after.start, *zone);
    let undo = changed.undo.clone().map(|change| {
        let onclick = on_undo.reform(move |_: MouseEvent| change.clone());
        html! { <button key="undo" type="button" class="button button--plain" {onclick}>{ "Undo" }</button> }
    });
    let words = if changed.undo.is_some() {
        format!("{name} is at {when}.")
    } else {
        format!("{name} is back at {when}.")
    };
    html! { <ToastFrame on_gone={on_gone.clone()}><p key="words">{ words }</p>{ for undo }</ToastFrame> }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ToastFrameProps {
    /// Whether an answer is out: until it is there nothing goes.
    #[prop_or_default]
    pub busy: bool,
    pub on_gone: Callback<()>,
    pub children: Html,
}

/// What is around a toast. It goes by itself, but takes no button away from under the focus or the mouse (WCAG 2.2, criterion
/// 2.2.1): once they have gone on, its time begins anew.
#[component]
pub(super) fn ToastFrame(props: &ToastFrameProps) -> Html {
    let ToastFrameProps { busy, on_gone, children } = props;
    let (pointed_at, focused) = (use_state_eq(|| false), use_state_eq(|| false));
    {
        let on_gone = on_gone.clone();
        use_effect_with(*busy || *pointed_at || *focused, move |stays| {
            let timeout = (!*stays).then(|| Timeout::new(UNDO_FOR, move || on_gone.emit(())));
            move || drop(timeout)
        });
    }
    let (over, out) = (pointed_at.setter(), pointed_at.setter());
    let (here, gone) = (focused.setter(), focused.setter());
    html! {
        <div class="toast" onmouseover={move |_: MouseEvent| over.set(true)}
            onmouseout={move |_: MouseEvent| out.set(false)} onfocusin={move |_: FocusEvent| here.set(true)}
            onfocusout={move |_: FocusEvent| gone.set(false)}>
            { children.clone() }
        </div>
    }
}

/// Gives the focus to the first of these that is on the page, where the button that had it has gone with what it did.
pub(super) fn focus_if_lost(ids: &[&str]) {
    if !pointing::is_nowhere() {
        return;
    }
    if let Some(to) = ids.iter().find_map(|id| browser::element(id)) {
        pointing::hand_focus(&to, Focus::Stay);
    }
}

#[cfg(test)]
mod tests {
    use super::conflict_words;

    #[test]
    fn a_conflict_says_with_whom() {
        let names = ["Bo Lee".to_owned(), "Cy Tran".to_owned()];
        assert_eq!(conflict_words("Ada", &names[..1]), "It is taken by Bo Lee. Ada stays where it was.");
        assert!(conflict_words("Ada", &names).contains("Bo Lee and Cy Tran"));
        assert!(conflict_words("Ada", &[]).starts_with("Something else"));
    }
}
