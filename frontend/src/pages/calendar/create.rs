//! Booking a time at the desk, for somebody who is there or on the telephone.

mod check_in;
mod patient_fields;
pub mod texts_tick;
mod what;
mod what_fields;

use std::{collections::BTreeMap, rc::Rc};

use jiff::{SignedDuration, Timestamp, civil::Date};
use shared_types::{
    BookingId, OrganizationId, PractitionerRoleId,
    bookings::practice::{
        CalendarAppointment, CreateAppointment, PracticeCalendar, PracticeRole, PracticeRoles,
    },
    problem::FieldError,
};
use yew::prelude::*;

use self::{
    check_in::{Made, check_in},
    patient_fields::{patient_fields, visit_fields},
    what::{What, role_of},
    what_fields::what_fields,
};
use super::{
    series::{Asked, SeriesChoice},
    time_off::{NotAvailable, TimeOff},
};
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    calendar::sheet::{in_the_way, instant_at, minute_of},
    components::{
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
    },
    forms::{
        attempt::Attempt,
        desk_patient::{desk_patient, own_pointers},
        party::{PartyAction, PartyForm},
        visit::localities,
        when::When,
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
    /// Whether somebody is there who has no appointment: they are fitted in, and checked in with it.
    pub walk_in: bool,
}

impl Draft {
    /// Somebody is there now: from the last five minutes of the place's clock on.
    pub fn walk_in(role: &PracticeRole, now: Timestamp) -> Self {
        let minute = minute_of(now, role.time_zone);
        Self {
            role_id: role.practitioner_role_id,
            date: Some(role.time_zone.date(now)),
            minute: Some(minute - minute % 5),
            minutes: None,
            walk_in: true,
        }
    }
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
    /// The time was taken off instead.
    pub on_time_off: Callback<TimeOff>,
    /// Who is there is booked, and could not be checked in.
    pub on_not_checked_in: Callback<BookingId>,
}

/// The form. Another time that is drawn meanwhile changes when, and nothing that was typed about the patient.
#[component]
pub fn Create(props: &CreateProps) -> Html {
    let CreateProps { draft, organization_id, roles, calendar, today, on_put, on_open, on_time_off, .. } =
        props;
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
    let taken = act.problem.as_ref().is_some_and(|problem| problem.is("time-taken"));
    {
        let act = act.clone();
        use_effect_with((*what).clone(), move |_| {
            // Of another time nothing is known yet.
            if taken {
                act.forget();
            }
        });
    }
    let onsubmit = {
        let (act, party, what, wrong) = (act.clone(), party.clone(), what.clone(), wrong.setter());
        let (roles, organization_id, today) = (Rc::clone(roles), *organization_id, *today);
        let (on_put, on_open, asked) = (on_put.clone(), on_open.clone(), asked.setter());
        let on_not_checked_in = props.on_not_checked_in.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            asked.set(None);
            // What the last try said is not true of this one; while that is out, there is nothing to forget.
            if act.problem.is_some() {
                act.forget();
            }
            let (when, patient) = (what.when.read(), desk_patient(&party, today, asks_where));
            wrong.set(when.as_ref().err().cloned().unwrap_or_default());
            party.dispatch(PartyAction::Judge(patient.as_ref().err().cloned().unwrap_or_default()));
            let (Ok(when), Ok(patient), Some(type_id)) = (when, patient, what.type_id) else { return };
            match what.series(when.date) {
                Ok(None) => {}
                Ok(Some(check)) => return asked.set(Some(Rc::new(Asked { check, patient }))),
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
            let (client, attempt, walk_in) = (client.clone(), Rc::clone(&attempt), what.walk_in);
            let send = move || {
                let (client, appointment, attempt) =
                    (client.clone(), appointment.clone(), Rc::clone(&attempt));
                let sent = serde_json::to_string(&appointment).unwrap_or_default();
                let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                async move {
                    let made =
                        calendar_api::create_appointment(&client, organization_id, &appointment, key).await;
                    attempt.borrow_mut().settle(made.as_ref().err());
                    match made {
                        Ok(made) if walk_in => Ok(check_in(&client, organization_id, made).await),
                        made => made.map(Made::Done),
                    }
                }
            };
            let (on_put, on_open) = (on_put.clone(), on_open.clone());
            let on_not_checked_in = on_not_checked_in.clone();
            act.run(send, move |made: Made| {
                let (made, tell) = match made {
                    Made::Done(made) => (made, &on_open),
                    Made::NotCheckedIn(made) => (made, &on_not_checked_in),
                };
                let booking_id = made.booking_id;
                on_put.emit(made);
                tell.emit(booking_id);
            });
        }
    };
    let names = calendar.as_deref().filter(|_| taken).map(|calendar| in_way(&what, roles, calendar));
    let refused = act.problem.as_ref().filter(|problem| problem.is("invalid"));
    let said = refused.map(|problem| own_pointers(problem.errors.clone())).unwrap_or_default();
    let errors = by_field(party.errors.iter().chain(&said));
    let words = match (what.repeat.every, what.walk_in) {
        (Some(_), _) => "Look at every visit",
        (None, true) => "Book and check in",
        (None, false) => "Book it",
    };
    let on_back = {
        let asked = asked.setter();
        Callback::from(move |()| {
            asked.set(None);
            browser::focus("new-date");
        })
    };
    html! {
        <div class="stack">
            <div class="optional">
                if let Some(role) = role_of(roles, what.role_id).filter(|role| role.may_edit && !what.walk_in) {
                    <NotAvailable organization_id={*organization_id} role_id={role.practitioner_role_id}
                        name={role.name.clone()} when={what.when.clone()} today={*today} on_taken={on_time_off.clone()} />
                }
            </div>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <ErrorSummary judged={party.judged} errors={linked(&wrong, &party.errors)} />
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
                if let Some(asked) = asked.as_ref().filter(|asked| asked.is_typed(&what, &party, (*today, asks_where))) {
                    // Another series begins anew: nothing that was agreed to counts for it.
                    <SeriesChoice key={format!("{:?}", asked.check)} asked={Rc::clone(asked)}
                        organization_id={*organization_id} on_put={on_put.clone()} on_open={on_open.clone()} {on_back} />
                }
            </div>
        </div>
    }
}

impl Asked {
    /// Whether the form still says so: nobody books what was corrected since.
    fn is_typed(&self, what: &What, party: &PartyForm, (today, asks_where): (Date, bool)) -> bool {
        let series = what.when.read().ok().and_then(|when| what.series(when.date).ok().flatten());
        let patient = desk_patient(party, today, asks_where).ok();
        (series.as_ref(), patient.as_ref()) == (Some(&self.check), Some(&self.patient))
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

/// What is wrong in the order of the page, by the ids of the fields.
fn linked(when: &[FieldError], party: &[FieldError]) -> Vec<FieldError> {
    let when = when.iter().map(|error| {
        FieldError::new(format!("/new-{}", error.pointer.trim_start_matches('/')), error.detail.clone())
    });
    when.chain(party.iter().cloned()).collect()
}

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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::bookings::series::Every;

    use super::{Asked, FieldError, What, desk_patient, linked, taken_words};
    use crate::{
        calendar::sample::{appointment, role_id},
        forms::{
            birth_date::BirthDate,
            party::{PartyForm, input_id},
            series::RepeatForm,
            when::WhenForm,
        },
    };

    #[test]
    fn a_start_that_is_missing_is_in_the_summary_and_leads_to_its_field() {
        let when = WhenForm { date: "2026-11-24".to_owned(), time: String::new(), minutes: "30".to_owned() };
        let errors = linked(&when.read().unwrap_err(), &[FieldError::new("/name", "Enter a name")]);
        let ids: Vec<_> = errors.iter().map(|error| input_id(&error.pointer)).collect();
        assert_eq!(ids, ["new-time", "name"]);
    }

    #[test]
    fn a_series_is_booked_as_it_was_looked_at_or_not_at_all() {
        let (today, first) = (date(2026, 11, 23), date(2026, 11, 25));
        let of = appointment(1, "2026-11-24T23:00:00Z", 45).appointment_type;
        let what = What {
            role_id: role_id(),
            type_id: Some(of.appointment_type_id),
            when: WhenForm::of(Some(first), Some(600), Some(45)),
            usual_length: true,
            fit_in: false,
            repeat: RepeatForm { every: Some(Every::Week), visits: "3".to_owned() },
            walk_in: false,
        };
        let born = BirthDate { day: "1".to_owned(), month: "1".to_owned(), year: "1950".to_owned() };
        let party = PartyForm { name: "Bo Lee".to_owned(), born, ..PartyForm::default() };
        let patient = desk_patient(&party, today, false).unwrap();
        let asked = Asked { check: what.series(first).unwrap().unwrap(), patient };
        let is_typed = |what: &What, party: &PartyForm| asked.is_typed(what, party, (today, false));
        assert!(is_typed(&what, &party));
        for name in ["Bo Leigh", ""] {
            assert!(!is_typed(&what, &PartyForm { name: name.to_owned(), ..party.clone() }), "{name}");
        }
        let later = WhenForm::of(Some(first), Some(660), Some(45));
        assert!(!is_typed(&What { when: later, ..what }, &party));
    }

    #[test]
    fn whoever_is_in_the_way_is_named() {
        assert!(
            taken_words(vec!["Bo Lee".to_owned()]).starts_with("It is taken by Bo Lee. Nothing was booked.")
        );
        assert!(taken_words(Vec::new()).starts_with("Something else"));
    }
}
