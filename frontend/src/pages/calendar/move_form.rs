//! Moving an appointment by its fields: what a pull does in the grid, for everybody.

use std::rc::Rc;

use jiff::SignedDuration;
use shared_types::{bookings::practice::PracticeRoles, problem::FieldError};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::role_choice::RoleChoice;
use crate::{
    calendar::{
        sheet::{Entry, instant_at, minute_of},
        words::told_of,
    },
    components::when_fields::WhenFields,
    forms::when::WhenForm,
    hooks::use_reschedule::Change,
};

#[derive(Clone, PartialEq, Properties)]
pub struct MoveFormProps {
    pub entry: Entry,
    pub roles: Rc<PracticeRoles>,
    pub on_change: Callback<Change>,
}

/// The form. Times are those on the wall of the place that it is moved to.
#[component]
pub fn MoveForm(props: &MoveFormProps) -> Html {
    let MoveFormProps { entry, roles, on_change } = props;
    let appointment = &entry.appointment;
    let form = use_state_eq(|| {
        let minutes = appointment.end.duration_since(appointment.start).as_mins();
        let minute = minute_of(appointment.start, entry.zone);
        WhenForm::of(Some(entry.date()), Some(minute), i32::try_from(minutes).ok())
    });
    let role_id = use_state_eq(|| appointment.practitioner_role_id);
    let (fit_in, asked) = (use_state_eq(|| false), use_state_eq(|| false));
    let errors = use_state_eq(Vec::<FieldError>::new);
    // Most appointments stay where they are: the fields are made once somebody wants them.
    let wanted = use_state_eq(|| false);
    let ontoggle = {
        let wanted = wanted.setter();
        move |_: Event| wanted.set(true)
    };
    let onsubmit = {
        let (form, errors) = (form.clone(), errors.setter());
        let (appointment, roles, on_change) = (Rc::clone(appointment), Rc::clone(roles), on_change.clone());
        let (role_id, fit_in, patient_asked) = (*role_id, *fit_in, *asked);
        move |event: SubmitEvent| {
            event.prevent_default();
            let when = match form.read() {
                Ok(when) => when,
                Err(wrong) => return errors.set(wrong),
            };
            errors.set(Vec::new());
            let role = roles.items.iter().find(|role| role.practitioner_role_id == role_id);
            let Some(role) = role else { return };
            let start = instant_at(when.date, when.minute, role.time_zone);
            on_change.emit(Change {
                before: Rc::clone(&appointment),
                role_id,
                start,
                end: start + SignedDuration::from_mins(when.minutes.into()),
                fit_in,
                patient_asked,
                undoes: false,
            });
        }
    };
    let on_fit = {
        let fit_in = fit_in.setter();
        move |event: Event| fit_in.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    let on_asked = {
        let asked = asked.setter();
        move |event: Event| asked.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    let (set_form, set_role) = (form.setter(), role_id.setter());
    html! {
        <details class="move" {ontoggle}>
            <summary>{ "Move it or change its length" }</summary>
            if *wanted {
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <p class="small muted">
                        { told_of(appointment, "The patient is told of the new time.", "the new time.") }
                        { " What was agreed at booking stays." }
                    </p>
                    <WhenFields id="move" form={(*form).clone()} errors={(*errors).clone()}
                        on_form={move |to| set_form.set(to)} />
                    if roles.items.len() > 1 {
                        <RoleChoice id="move-who" label="With" roles={Rc::clone(roles)} chosen={*role_id}
                            on_role={move |to| set_role.set(to)} />
                    }
                    <label class="check">
                        <input type="checkbox" checked={*fit_in} onchange={on_fit} />
                        <span>{ "Fit it in, even where something else is booked." }</span>
                    </label>
                    <label class="check">
                        <input type="checkbox" checked={*asked} onchange={on_asked} />
                        <span>{ "The patient asked for it. A time that you change on your own counts as not kept." }</span>
                    </label>
                    <div class="button-row"><button type="submit" class="button">{ "Move it" }</button></div>
                </form>
            }
        </details>
    }
}
