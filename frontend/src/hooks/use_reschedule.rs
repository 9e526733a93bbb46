//! Moving an appointment, changing its length, giving it to somebody else: shown at once, put back when it is refused, and
//! taken back when somebody thinks better of it.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    OrganizationId, PractitionerRoleId, Problem,
    bookings::practice::{CalendarAppointment, RescheduleAppointment},
};
use yew::prelude::*;

use super::{Act, use_act};
use crate::{
    api::{calendar, use_api_client},
    browser,
    forms::attempt::Attempt,
};

/// An appointment as it was, and what is wanted of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// As it was.
    pub before: Rc<CalendarAppointment>,
    /// With whom from now on.
    pub role_id: PractitionerRoleId,
    /// The new start.
    pub start: Timestamp,
    /// The new end.
    pub end: Timestamp,
    /// Fits it in beside what is there already.
    pub fit_in: bool,
    /// Whether the patient asked for it.
    pub patient_asked: bool,
    /// Whether it takes an earlier change back.
    pub undoes: bool,
}

impl Change {
    /// As it will be, if nothing is in the way. Until that is known, nothing else can be done with it.
    fn hoped_for(&self) -> CalendarAppointment {
        CalendarAppointment {
            practitioner_role_id: self.role_id,
            start: self.start,
            end: self.end,
            takes: self.before.takes.map(|_| (self.start, self.end)),
            // Of another session it is not known yet how many are in it.
            group: None,
            acts: Vec::new(),
            may_reschedule: false,
            may_propose: false,
            ..(*self.before).clone()
        }
    }

    fn request(&self) -> RescheduleAppointment {
        let moved = self.role_id != self.before.practitioner_role_id;
        RescheduleAppointment {
            version: self.before.version,
            practitioner_role_id: moved.then_some(self.role_id),
            start: self.start,
            end: self.end,
            fit_in: self.fit_in,
            patient_asked: self.patient_asked,
        }
    }

    /// What would take it back, now that it stands as `after`.
    fn undone(&self, after: &CalendarAppointment) -> Self {
        Self {
            before: Rc::new(after.clone()),
            role_id: self.before.practitioner_role_id,
            start: self.before.start,
            end: self.before.end,
            fit_in: self.before.fitted_in,
            patient_asked: false,
            undoes: true,
        }
    }
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// As it stands now.
    pub after: Rc<CalendarAppointment>,
    /// What would take it back; none once it was taken back.
    pub undo: Option<Change>,
}

/// Changing when.
#[derive(Clone, PartialEq)]
pub struct Reschedule {
    /// Sending.
    pub act: Act,
    /// What was refused, and why.
    pub refused: Option<(Change, Problem)>,
    /// The last one that was made, until it is forgotten.
    pub changed: Option<Changed>,
    /// Wants a change.
    pub on_change: Callback<Change>,
    /// Forgets what was refused.
    pub on_forget: Callback<()>,
    /// Forgets what was made: it can no longer be taken back by one press.
    pub on_settled: Callback<()>,
}

/// Changes a practice's appointments; `on_put` is told how one stands, first as it is hoped for.
#[hook]
pub fn use_reschedule(organization_id: OrganizationId, on_put: Callback<CalendarAppointment>) -> Reschedule {
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let (tried, changed) = (use_state(|| None::<Change>), use_state(|| None::<Changed>));
    let on_change = {
        let (act, tried, changed) = (act.clone(), tried.setter(), changed.setter());
        Callback::from(move |change: Change| {
            let (client, attempt, on_put) = (client.clone(), Rc::clone(&attempt), on_put.clone());
            let (tried, changed) = (tried.clone(), changed.clone());
            let (put, wanted) = (on_put.clone(), change.clone());
            let send = move || {
                put.emit(wanted.hoped_for());
                tried.set(Some(wanted.clone()));
                let (client, attempt, put) = (client.clone(), Rc::clone(&attempt), put.clone());
                let (before, request) = (Rc::clone(&wanted.before), wanted.request());
                let what = format!(
                    "{} {}",
                    before.appointment_id,
                    serde_json::to_string(&request).unwrap_or_default()
                );
                let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
                async move {
                    let id = before.appointment_id;
                    let answer =
                        calendar::reschedule_appointment(&client, organization_id, id, &request, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    if answer.is_err() {
                        put.emit((*before).clone());
                    }
                    answer
                }
            };
            act.run(send, move |after: CalendarAppointment| {
                let undo = (!change.undoes).then(|| change.undone(&after));
                on_put.emit(after.clone());
                changed.set(Some(Changed { after: Rc::new(after), undo }));
            });
        })
    };
    let on_forget = {
        let act = act.clone();
        Callback::from(move |()| act.forget())
    };
    let on_settled = {
        let changed = changed.setter();
        Callback::from(move |()| changed.set(None))
    };
    let refused = (*tried).clone().zip(act.problem.clone());
    Reschedule { refused, changed: (*changed).clone(), on_change, on_forget, on_settled, act }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::Change;
    use crate::calendar::sample::appointment;

    #[test]
    fn what_takes_a_change_back_asks_for_what_was_before_as_it_stands_now() {
        let before = Rc::new(appointment(1, "2026-11-24T22:15:00Z", 45));
        let change = Change {
            before: Rc::clone(&before),
            role_id: before.practitioner_role_id,
            start: before.start + jiff::SignedDuration::from_mins(30),
            end: before.end + jiff::SignedDuration::from_mins(30),
            fit_in: true,
            patient_asked: true,
            undoes: false,
        };
        let hoped = change.hoped_for();
        assert_eq!((hoped.start, hoped.may_reschedule, hoped.acts.len()), (change.start, false, 0));
        assert_eq!(change.request().practitioner_role_id, None, "it stays with whom it was");
        assert!(change.request().patient_asked);
        let after = shared_types::bookings::practice::CalendarAppointment { version: 2, ..hoped };
        let undo = change.undone(&after);
        assert_eq!((undo.start, undo.end, undo.fit_in), (before.start, before.end, false));
        assert_eq!(undo.request().version, 2);
    }
}
