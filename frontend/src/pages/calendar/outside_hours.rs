//! What is booked outside of somebody's hours: as they are, and as they are about to be set. Nothing is moved by either; each line
//! leads to the calendar, where it can be.

use std::rc::Rc;

use shared_types::{
    OrganizationId, Problem, Zone,
    bookings::schedule::{OutsideHours, OutsideVisit},
};
use yew::prelude::*;

use crate::{
    browser,
    calendar::{
        view::query_of_booking,
        words::{name_words, status_words},
    },
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
        times_rest::long_when,
    },
    pages::practice_desk::calendar_path,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct OutsideNowProps {
    /// What was read; none while it is on its way.
    pub outside: Option<Result<Rc<OutsideHours>, Problem>>,
    pub organization_id: OrganizationId,
    pub zone: Zone,
    /// Where to come back to after signing in.
    pub here: AttrValue,
    pub on_again: Callback<()>,
}

/// What lies outside of the hours as they are.
#[component]
pub fn OutsideNow(props: &OutsideNowProps) -> Html {
    let OutsideNowProps { outside, organization_id, zone, here, on_again } = props;
    let outside = match outside {
        None => {
            return html! { <p class="small muted" role="status">{ "Looking for what is booked outside of these hours…" }</p> };
        }
        Some(Err(problem)) => {
            return html! { <Failed problem={problem.clone()} here={here.clone()} on_again={on_again.clone()} /> };
        }
        Some(Ok(outside)) => outside,
    };
    let title = match outside.count {
        0 => {
            return html! { <p class="small muted">{ "Everything that is booked lies within these hours." }</p> };
        }
        1 => "1 appointment lies outside of these hours".to_owned(),
        count => format!("{count} appointments lie outside of these hours"),
    };
    html! {
        <Notice kind={NoticeKind::Soon} {title}>
            <p>
                { "Nothing was moved or cancelled. Each stands as it is: open it to move it, or to propose another time to its " }
                { "patient. Otherwise it is kept." }
            </p>
            { visits(outside, *organization_id, *zone, false) }
        </Notice>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WouldLieProps {
    /// What would lie outside; there is something.
    pub outside: Rc<OutsideHours>,
    pub organization_id: OrganizationId,
    pub zone: Zone,
    pub busy: bool,
    /// Saves them all the same.
    pub on_save: Callback<()>,
    /// Goes on editing.
    pub on_leave: Callback<()>,
}

/// What would lie outside of the hours in the form, before they are saved. It takes the focus when it appears.
#[component]
pub fn WouldLie(props: &WouldLieProps) -> Html {
    let WouldLieProps { outside, organization_id, zone, busy, on_save, on_leave } = props;
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        use_effect_with(Rc::clone(outside), move |_| browser::focus_node(&notice));
    }
    let title = match outside.count {
        1 => "Not saved yet: 1 appointment would lie outside of these hours".to_owned(),
        count => format!("Not saved yet: {count} appointments would lie outside of these hours"),
    };
    html! {
        <Notice kind={NoticeKind::Soon} {title} node_ref={notice}>
            <p>
                { "Saving moves and cancels nothing. Each stays as it is until somebody moves it, proposes another time to its " }
                { "patient, or cancels it." }
            </p>
            { visits(outside, *organization_id, *zone, true) }
            <div class="button-row">
                <button type="button" class="button" aria-busy={busy.to_string()}
                    onclick={on_save.reform(|_: MouseEvent| ())}>
                    { if *busy { "Saving…" } else { "Save all the same" } }
                </button>
                <button type="button" class="button button--quiet" onclick={on_leave.reform(|_: MouseEvent| ())}>
                    { "Go on editing" }
                </button>
            </div>
        </Notice>
    }
}

/// The list. What leads away from a form that is not saved opens beside it.
fn visits(outside: &OutsideHours, organization_id: OrganizationId, zone: Zone, beside: bool) -> Html {
    let more = usize::try_from(outside.count).unwrap_or(usize::MAX).saturating_sub(outside.items.len());
    let item = |visit: &OutsideVisit| {
        let one = &visit.appointment;
        let href = calendar_path(organization_id, &query_of_booking(zone.date(one.start), visit.booking_id));
        let (state, ..) = status_words(one.status);
        html! {
            <li key={one.appointment_id.to_string()}>
                <a {href} target={beside.then_some("_blank")} rel={beside.then_some("noopener")}>
                    { format!("{}, {}", long_when(one.start, zone), who(visit)) }
                    if beside {
                        <span class="visually-hidden">{ " (opens in a new tab)" }</span>
                    }
                </a>
                { format!(", {}, {state}", one.appointment_type_name) }
            </li>
        }
    };
    html! {
        <>
            <ul>{ for outside.items.iter().map(item) }</ul>
            if more > 0 {
                <p>{ format!("And {more} more after these.") }</p>
            }
        </>
    }
}

/// As the calendar names them.
fn who(visit: &OutsideVisit) -> String {
    if visit.name.expose().is_empty() {
        return "an appointment".to_owned();
    }
    name_words(&visit.name, visit.preferred_name.as_ref())
}
