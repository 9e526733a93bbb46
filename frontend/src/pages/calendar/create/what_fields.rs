//! With whom, what and when: the fields.

use std::rc::Rc;

use shared_types::{
    bookings::{practice::PracticeRoles, series::Every},
    problem::FieldError,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::what::{What, role_of};
use crate::{
    components::{
        booking_words::price_words,
        field::Field,
        select_field::SelectField,
        type_select::{TypeChoice, TypeSelect},
        when_fields::WhenFields,
    },
    forms::series::RepeatForm,
    pages::calendar::role_choice::RoleChoice,
};

/// With whom, what, when.
pub(super) fn what_fields(
    what: &UseStateHandle<What>,
    roles: &Rc<PracticeRoles>,
    wrong: &[FieldError],
) -> Html {
    let Some(role) = role_of(roles, what.role_id) else { return Html::default() };
    let types = role.appointment_types.iter().map(|one| TypeChoice {
        type_id: one.appointment_type_id,
        words: format!(
            "{}, {} min, {}",
            one.name,
            one.duration_minutes,
            price_words(one.price_cents, one.bulk_billed)
        )
        .into(),
    });
    let types: Rc<[TypeChoice]> = types.collect();
    let on_role = {
        let (what, roles) = (what.clone(), Rc::clone(roles));
        move |role_id| what.set(what.with_role(role_id, &roles))
    };
    let on_type = {
        let (what, roles) = (what.clone(), Rc::clone(roles));
        move |type_id| what.set(what.with_type(type_id, &roles))
    };
    let on_form = {
        let what = what.clone();
        move |form| what.set(what.at(form))
    };
    let on_fit = {
        let what = what.clone();
        move |event: Event| {
            let fit_in = event.target_unchecked_into::<HtmlInputElement>().checked();
            what.set(What { fit_in, ..(*what).clone() });
        }
    };
    html! {
        <>
            <RoleChoice key="role" id="new-who" label="With" roles={Rc::clone(roles)} chosen={what.role_id} {on_role} />
            <div key="type">
                if let Some(chosen) = what.type_id {
                    <TypeSelect key={what.role_id.to_string()} {types} {chosen} onchange={on_type} />
                } else {
                    <p>{ "They offer no appointment types yet. Add one under “Appointment types”." }</p>
                }
            </div>
            <WhenFields key="when" id="new" form={what.when.clone()} errors={wrong.to_vec()} {on_form} />
            <div key="fit">
                <label class="check">
                    <input type="checkbox" checked={what.fit_in} onchange={on_fit}
                        aria-describedby={what.walk_in.then_some("new-fit-why")} />
                    <span>{ "Fit it in, even where something else is booked." }</span>
                </label>
                if what.walk_in {
                    <p id="new-fit-why" class="small muted">
                        { "Ticked because they are here now: somebody else may have this time already." }
                    </p>
                }
            </div>
            <div key="repeat" class="field-group">
                if !what.walk_in {
                    { repeat_fields(what, wrong) }
                }
            </div>
        </>
    }
}

/// Whether it comes back, and how often.
fn repeat_fields(what: &UseStateHandle<What>, wrong: &[FieldError]) -> Html {
    let with = |change: fn(RepeatForm, String) -> RepeatForm| {
        let what = what.clone();
        Callback::from(move |text: String| {
            what.set(What { repeat: change(what.repeat.clone(), text), ..(*what).clone() });
        })
    };
    let once = [("", "Once")];
    let options = once.into_iter().chain(Every::ALL.map(every_option));
    let options: Vec<_> =
        options.map(|(code, words)| (AttrValue::from(code), AttrValue::from(words))).collect();
    let value = what.repeat.every.map_or("", |every| every_option(every).0);
    let error = wrong.iter().find(|error| error.pointer == "/visits");
    html! {
        <>
            <SelectField id="new-every" label="How often" {options} {value}
                hint="Visits of a series last as long as their type says, and are fitted in nowhere."
                onchange={with(|form, code| RepeatForm {
                    every: Every::ALL.into_iter().find(|every| every_option(*every).0 == code),
                    ..form
                })} />
            <div class="optional">
                if what.repeat.every.is_some() {
                    <Field id="new-visits" label="Visits" width="input--s" inputmode="numeric" maxlength="2"
                        value={what.repeat.visits.clone()}
                        error={error.map(|error| AttrValue::from(error.detail.clone()))}
                        oninput={with(|form, visits| RepeatForm { visits, ..form })} />
                }
            </div>
        </>
    }
}

fn every_option(every: Every) -> (&'static str, &'static str) {
    match every {
        Every::Week => ("week", "Every week"),
        Every::Fortnight => ("fortnight", "Every fortnight"),
    }
}
