//! Booking a time at the desk, for somebody who is there or on the telephone.

use std::{collections::BTreeMap, rc::Rc};

use jiff::{SignedDuration, civil::Date};
use shared_types::{
    AppointmentTypeId, BookingId, OrganizationId, PractitionerRoleId,
    bookings::{
        practice::{CalendarAppointment, CreateAppointment, PracticeCalendar, PracticeRole, PracticeRoles},
        series::{CheckSeries, Every},
    },
    problem::FieldError,
    providers::Place,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    role_choice::RoleChoice,
    series::{Asked, SeriesChoice},
};
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    calendar::sheet::{in_the_way, instant_at},
    components::{
        birth_fields::BirthFields,
        booking_words::price_words,
        field::Field,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
        select_field::SelectField,
        type_select::{TypeChoice, TypeSelect},
        visit_fields::VisitFields,
        when_fields::WhenFields,
    },
    forms::{
        attempt::Attempt,
        desk_patient::{desk_patient, own_pointers},
        party::{PartyAction, PartyForm},
        series::RepeatForm,
        visit::{LOCALITY, localities},
        when::{When, WhenForm, wall_time},
    },
    hooks::{use_act, use_places},
    pages::account::Refused,
};

/// What is known of a new appointment before anybody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft {
    /// With whom.
    pub role_id: PractitionerRoleId,
    /// On which day.
    pub date: Option<Date>,
    /// At which minute of it.
    pub minute: Option<i32>,
    /// How long, where that was drawn.
    pub minutes: Option<i32>,
}

#[derive(Clone, PartialEq, Properties)]
pub struct CreateProps {
    pub draft: Draft,
    pub organization_id: OrganizationId,
    pub roles: Rc<PracticeRoles>,
    /// To say who is in the way.
    pub calendar: Option<Rc<PracticeCalendar>>,
    pub today: Date,
    pub on_put: Callback<CalendarAppointment>,
    /// Wants to see what was booked.
    pub on_open: Callback<BookingId>,
}

/// When and what, as far as chosen.
#[derive(Clone, Debug, PartialEq)]
struct What {
    role_id: PractitionerRoleId,
    type_id: Option<AppointmentTypeId>,
    when: WhenForm,
    /// Whether the length follows the type.
    usual_length: bool,
    fit_in: bool,
    repeat: RepeatForm,
}

impl What {
    fn of(draft: &Draft, roles: &PracticeRoles) -> Self {
        let first = role_of(roles, draft.role_id).and_then(|role| role.appointment_types.first());
        let usual = first.map(|one| i32::from(one.duration_minutes));
        Self {
            role_id: draft.role_id,
            type_id: first.map(|one| one.appointment_type_id),
            when: WhenForm::of(draft.date, draft.minute, draft.minutes.or(usual)),
            usual_length: draft.minutes.is_none(),
            fit_in: false,
            repeat: RepeatForm::default(),
        }
    }

    /// The series that it is the first visit of, where it is one.
    fn series(&self, date: Date) -> Result<Option<CheckSeries>, FieldError> {
        let (Some(appointment_type_id), Some(time)) = (self.type_id, wall_time(&self.when.time)) else {
            return Ok(None);
        };
        let series = self.repeat.read()?.map(|(every, visits)| CheckSeries {
            practitioner_role_id: self.role_id,
            appointment_type_id,
            date,
            time,
            every,
            visits,
        });
        Ok(series)
    }

    /// With somebody else, whose types are others.
    fn with_role(&self, role_id: PractitionerRoleId, roles: &PracticeRoles) -> Self {
        let new = Self { role_id, type_id: None, ..self.clone() };
        let first = role_of(roles, role_id).and_then(|role| role.appointment_types.first());
        match first {
            Some(first) => new.with_type(first.appointment_type_id, roles),
            None => new,
        }
    }

    fn with_type(&self, type_id: AppointmentTypeId, roles: &PracticeRoles) -> Self {
        let types = role_of(roles, self.role_id).map(|role| &role.appointment_types[..]).unwrap_or_default();
        let of = types.iter().find(|one| one.appointment_type_id == type_id).filter(|_| self.usual_length);
        let minutes = of.map_or_else(|| self.when.minutes.clone(), |of| of.duration_minutes.to_string());
        let when = WhenForm { minutes, ..self.when.clone() };
        Self { type_id: Some(type_id), when, ..self.clone() }
    }

    /// Whether the chosen type is a home visit.
    fn is_home_visit(&self, roles: &PracticeRoles) -> bool {
        let types = role_of(roles, self.role_id).map(|role| &role.appointment_types[..]).unwrap_or_default();
        types.iter().any(|one| Some(one.appointment_type_id) == self.type_id && one.home_visit)
    }

    fn at(&self, when: WhenForm) -> Self {
        let usual_length = self.usual_length && when.minutes == self.when.minutes;
        Self { when, usual_length, ..self.clone() }
    }
}

fn role_of(roles: &PracticeRoles, role_id: PractitionerRoleId) -> Option<&PracticeRole> {
    roles.items.iter().find(|role| role.practitioner_role_id == role_id)
}

/// The form. Another time that is drawn meanwhile changes when, and nothing that was typed about the patient.
#[component]
pub fn Create(props: &CreateProps) -> Html {
    let CreateProps { draft, organization_id, roles, calendar, today, on_put, on_open } = props;
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let party = use_reducer_eq(PartyForm::default);
    let what = use_state_eq(|| What::of(draft, roles));
    let wrong = use_state_eq(Vec::<FieldError>::new);
    let asked = use_state_eq(|| None::<Rc<Asked>>);
    let asks_where = what.is_home_visit(roles);
    // Nothing is asked for while the box is not there.
    let places = use_places(if asks_where { party.visit.place.clone() } else { String::new() });
    {
        let (what, roles) = (what.setter(), Rc::clone(roles));
        use_effect_with(*draft, move |draft| what.set(What::of(draft, &roles)));
    }
    let onsubmit = {
        let (act, party, what, wrong) = (act.clone(), party.clone(), what.clone(), wrong.setter());
        let (roles, organization_id, today) = (Rc::clone(roles), *organization_id, *today);
        let (on_put, on_open, asked) = (on_put.clone(), on_open.clone(), asked.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            asked.set(None);
            let (when, patient) = (what.when.read(), desk_patient(&party, today, asks_where));
            wrong.set(when.as_ref().err().cloned().unwrap_or_default());
            party.dispatch(PartyAction::Judge(patient.as_ref().err().cloned().unwrap_or_default()));
            let (Ok(when), Ok(patient), Some(type_id)) = (when, patient, what.type_id) else { return };
            match what.series(when.date) {
                Ok(None) => {}
                Ok(Some(check)) => {
                    act.forget();
                    return asked.set(Some(Rc::new(Asked { check, patient })));
                }
                Err(error) => return wrong.set(vec![error]),
            }
            let Some(role) = role_of(&roles, what.role_id) else { return };
            let start = instant_at(when.date, when.minute, role.time_zone);
            let appointment = CreateAppointment {
                practitioner_role_id: what.role_id,
                appointment_type_id: type_id,
                start,
                end: (!what.usual_length).then(|| start + SignedDuration::from_mins(when.minutes.into())),
                fit_in: what.fit_in,
                patient,
            };
            let (client, attempt) = (client.clone(), Rc::clone(&attempt));
            let send = move || {
                let (client, appointment, attempt) =
                    (client.clone(), appointment.clone(), Rc::clone(&attempt));
                let sent = serde_json::to_string(&appointment).unwrap_or_default();
                let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                async move {
                    let made =
                        calendar_api::create_appointment(&client, organization_id, &appointment, key).await;
                    attempt.borrow_mut().settle(made.as_ref().err());
                    made
                }
            };
            let (on_put, on_open) = (on_put.clone(), on_open.clone());
            act.run(send, move |made: CalendarAppointment| {
                let booking_id = made.booking_id;
                on_put.emit(made);
                on_open.emit(booking_id);
            });
        }
    };
    let taken = act.problem.as_ref().is_some_and(|problem| problem.is("time-taken"));
    let names = calendar.as_deref().filter(|_| taken).map(|calendar| in_way(&what, roles, calendar));
    let refused = act.problem.as_ref().filter(|problem| problem.is("invalid"));
    let said = refused.map(|problem| own_pointers(problem.errors.clone())).unwrap_or_default();
    let errors = by_field(party.errors.iter().chain(&said));
    let words = if what.repeat.every.is_some() { "Look at every visit" } else { "Book it" };
    let on_back = {
        let asked = asked.setter();
        Callback::from(move |()| {
            asked.set(None);
            browser::focus("new-date");
        })
    };
    html! {
        <div class="stack">
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <ErrorSummary judged={party.judged} errors={party.errors.clone()} />
                { what_fields(&what, roles, &wrong) }
                { patient_fields(&party, &errors) }
                <div class="optional">
                    if asks_where {
                        { visit_fields(&party, localities(places), &errors) }
                    }
                </div>
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Booking…" } else { words } }
                    </button>
                </div>
            </form>
            if taken {
                <Notice kind={NoticeKind::Soon} title="That time is taken" alert=true>
                    <p>{ taken_words(names.unwrap_or_default()) }</p>
                </Notice>
            } else {
                <Refused act={act.clone()} beside={BESIDE} />
            }
            <div class="optional">
                if let Some(asked) = &*asked {
                    // Another series begins anew: nothing that was agreed to counts for it.
                    <SeriesChoice key={format!("{:?}", asked.check)} asked={Rc::clone(asked)}
                        organization_id={*organization_id} on_put={on_put.clone()} on_open={on_open.clone()} {on_back} />
                }
            </div>
        </div>
    }
}

/// The fields that say themselves what is wrong with them.
const BESIDE: &[&str] = &[
    "/patient/name",
    "/patient/preferred_name",
    "/patient/date_of_birth",
    "/patient/email",
    "/patient/mobile",
    "/patient/visit/street",
    "/patient/visit/locality",
];

fn by_field<'a>(errors: impl Iterator<Item = &'a FieldError>) -> BTreeMap<String, AttrValue> {
    errors.map(|error| (error.pointer.clone(), AttrValue::from(error.detail.clone()))).collect()
}

fn in_way(what: &What, roles: &PracticeRoles, calendar: &PracticeCalendar) -> Vec<String> {
    let (Ok(When { date, minute, minutes }), Some(role)) = (what.when.read(), role_of(roles, what.role_id))
    else {
        return Vec::new();
    };
    let start = instant_at(date, minute, role.time_zone);
    in_the_way(calendar, what.role_id, (start, start + SignedDuration::from_mins(minutes.into())), None)
}

fn taken_words(names: Vec<String>) -> String {
    let who = match &names[..] {
        [] => "Something else is booked then.".to_owned(),
        names => format!("It is taken by {}.", names.join(" and ")),
    };
    format!("{who} Nothing was booked. Choose another time, or tick the box to fit it in beside.")
}

/// With whom, what, when.
fn what_fields(what: &UseStateHandle<What>, roles: &Rc<PracticeRoles>, wrong: &[FieldError]) -> Html {
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
            <label key="fit" class="check">
                <input type="checkbox" checked={what.fit_in} onchange={on_fit} />
                <span>{ "Fit it in, even where something else is booked." }</span>
            </label>
            <div key="repeat" class="field-group">{ repeat_fields(what, wrong) }</div>
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

/// Who comes.
fn patient_fields(party: &UseReducerHandle<PartyForm>, errors: &BTreeMap<String, AttrValue>) -> Html {
    let error = |pointer: &str| errors.get(pointer).cloned();
    let dispatcher = party.dispatcher();
    let on = Callback::from(move |action: PartyAction| dispatcher.dispatch(action));
    html! {
        <fieldset class="fieldset">
            <legend>{ "Who comes" }</legend>
            <Field id="name" label="Full name" hint="As on the Medicare card, if there is one." autocomplete="off"
                maxlength="120" value={party.name.clone()} error={error("/name")} oninput={on.reform(PartyAction::Name)} />
            <Field id="preferred_name" label="Called" optional=true autocomplete="off" maxlength="60"
                value={party.preferred_name.clone()} error={error("/preferred_name")}
                oninput={on.reform(PartyAction::PreferredName)} />
            <BirthFields born={party.born.clone()} error={error("/date_of_birth")}
                oninput={on.reform(|(part, text)| PartyAction::Born(part, text))} />
            <Field id="mobile" label="Mobile" optional=true kind="tel" autocomplete="off" maxlength="30" width="input--m"
                value={party.mobile.clone()} error={error("/mobile")} oninput={on.reform(PartyAction::Mobile)} />
            <Field id="email" label="E-mail" optional=true kind="email" autocomplete="off" maxlength="254"
                hint="With an address they get the same letters as anybody who books." value={party.email.clone()}
                error={error("/email")} oninput={on.reform(PartyAction::Email)} />
        </fieldset>
    }
}

/// Where a home visit goes.
fn visit_fields(
    party: &UseReducerHandle<PartyForm>,
    places: Vec<Place>,
    errors: &BTreeMap<String, AttrValue>,
) -> Html {
    let dispatcher = party.dispatcher();
    let on_form = Callback::from(move |visit| dispatcher.dispatch(PartyAction::Visit(visit)));
    html! {
        <VisitFields form={party.visit.clone()} {places} {on_form}
            street_error={errors.get("/visit/street").cloned()} place_error={errors.get(LOCALITY).cloned()} />
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        Zone,
        bookings::practice::{PracticeRole, PracticeRoles},
    };

    use super::{Draft, What, taken_words};
    use crate::calendar::sample::{appointment, role_id};

    fn roles() -> PracticeRoles {
        let first = appointment(1, "2026-11-24T22:15:00Z", 45).appointment_type;
        let mut second = first.clone();
        second.appointment_type_id = "00000000-0000-7000-8000-000000000052".parse().unwrap();
        second.duration_minutes = 20;
        let role = PracticeRole {
            practitioner_role_id: role_id(),
            name: "Priya Nairwood".to_owned(),
            profession_name: None,
            address: "12 Church Street".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
            schedule_version: Some(1),
            may_edit: true,
            appointment_types: vec![first, second],
        };
        PracticeRoles { items: vec![role], as_of: "2026-11-22T22:00:00Z".parse().unwrap() }
    }

    fn draft(minutes: Option<i32>) -> Draft {
        Draft { role_id: role_id(), date: Some(date(2026, 11, 25)), minute: Some(555), minutes }
    }

    #[test]
    fn a_length_follows_the_type_until_somebody_says_otherwise() {
        let roles = roles();
        let second = roles.items[0].appointment_types[1].appointment_type_id;
        let what = What::of(&draft(None), &roles);
        assert_eq!(what.when.minutes, "45");
        assert_eq!(what.with_type(second, &roles).when.minutes, "20");
        let mut longer = what.when.clone();
        longer.minutes = "60".to_owned();
        assert_eq!(what.at(longer).with_type(second, &roles).when.minutes, "60");
        assert_eq!(What::of(&draft(Some(30)), &roles).with_type(second, &roles).when.minutes, "30");
    }

    #[test]
    fn whoever_is_in_the_way_is_named() {
        assert!(
            taken_words(vec!["Bo Lee".to_owned()]).starts_with("It is taken by Bo Lee. Nothing was booked.")
        );
        assert!(taken_words(Vec::new()).starts_with("Something else"));
    }
}
