//! Changing an appointment as it was last seen. When it changed meanwhile, nothing is done and the page shows
//! how it stands.

use std::{cell::RefCell, rc::Rc};

use jiff::Timestamp;
use shared_types::{
    Problem,
    bookings::{Appointment, AppointmentStatus, CancelAppointment, MoveAppointment},
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    api::{ApiClient, bookings, use_api_client},
    browser,
    components::manage_view::Outcome,
    forms::attempt::Attempt,
};

/// An appointment that may be changed.
#[derive(Clone, PartialEq)]
pub struct Managing {
    /// As last seen.
    pub appointment: Rc<Appointment>,
    /// What was just done.
    pub outcome: Option<Outcome>,
    /// Whether an answer is still out.
    pub busy: bool,
    /// Why a change did not happen.
    pub problem: Option<Problem>,
    /// Begins another change: what was said about the last one goes.
    pub on_start: Callback<()>,
    /// Cancels it.
    pub on_cancel: Callback<()>,
    /// Moves it.
    pub on_move: Callback<Timestamp>,
    /// It is this now, by something else that was done on the page.
    pub on_put: Callback<Appointment>,
}

/// What an effect needs to tell how it went.
#[derive(Clone)]
struct Tell {
    client: ApiClient,
    appointment: UseStateSetter<Rc<Appointment>>,
    outcome: UseStateSetter<Option<Outcome>>,
    problem: UseStateSetter<Option<Problem>>,
    busy: UseStateSetter<bool>,
    attempt: Rc<RefCell<Attempt>>,
    in_flight: Rc<RefCell<bool>>,
}

/// Follows an appointment through its changes.
#[hook]
pub fn use_manage(first: Rc<Appointment>) -> Managing {
    let client = use_api_client();
    let appointment = use_state(|| first);
    let outcome = use_state(|| None::<Outcome>);
    let problem = use_state(|| None::<Problem>);
    let busy = use_state_eq(|| false);
    let attempt = use_mut_ref(Attempt::default);
    let in_flight = use_mut_ref(|| false);
    let tell = Tell {
        client,
        appointment: appointment.setter(),
        outcome: outcome.setter(),
        problem: problem.setter(),
        busy: busy.setter(),
        attempt,
        in_flight,
    };
    let seen = Rc::clone(&appointment);
    let on_start = {
        let tell = tell.clone();
        Callback::from(move |()| {
            tell.outcome.set(None);
            tell.problem.set(None);
        })
    };
    let on_cancel = {
        let (tell, seen) = (tell.clone(), Rc::clone(&seen));
        Callback::from(move |()| tell.clone().cancel(Rc::clone(&seen)))
    };
    let on_put = {
        let appointment = appointment.setter();
        Callback::from(move |now: Appointment| appointment.set(Rc::new(now)))
    };
    let on_move = Callback::from(move |to: Timestamp| tell.clone().move_to(Rc::clone(&seen), to));
    Managing {
        appointment: Rc::clone(&appointment),
        outcome: *outcome,
        busy: *busy,
        problem: (*problem).clone(),
        on_start,
        on_cancel,
        on_move,
        on_put,
    }
}

impl Tell {
    fn cancel(self, seen: Rc<Appointment>) {
        if !self.begin() {
            return;
        }
        spawn_local(async move {
            let cancel = CancelAppointment { version: seen.version };
            let answer = bookings::cancel_appointment(&self.client, seen.appointment_id, &cancel).await;
            self.end(&seen, answer, Outcome::Cancelled).await;
        });
    }

    fn move_to(self, seen: Rc<Appointment>, start: Timestamp) {
        if !self.begin() {
            return;
        }
        let to = MoveAppointment { version: seen.version, start };
        let key =
            self.attempt.borrow_mut().key_for(&format!("{} {start}", seen.version), browser::random_uuid);
        spawn_local(async move {
            let answer = bookings::move_appointment(&self.client, seen.appointment_id, &to, key).await;
            self.attempt.borrow_mut().settle(answer.as_ref().err());
            self.end(&seen, answer, Outcome::Moved).await;
        });
    }

    /// Whether nothing else is under way: a double click is one wish.
    fn begin(&self) -> bool {
        if std::mem::replace(&mut *self.in_flight.borrow_mut(), true) {
            return false;
        }
        self.problem.set(None);
        self.busy.set(true);
        true
    }

    async fn end(&self, seen: &Appointment, answer: Result<Appointment, Problem>, done: Outcome) {
        match answer {
            Ok(changed) => {
                self.appointment.set(Rc::new(changed));
                self.outcome.set(Some(done));
            }
            Err(problem) if problem.is("stale-version") || problem.is("not-cancellable") => {
                self.look_again(seen, problem, done).await;
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
        *self.in_flight.borrow_mut() = false;
        self.busy.set(false);
    }

    /// Reads how it stands now; when even that fails, says why the change did not happen.
    async fn look_again(&self, seen: &Appointment, why: Problem, wanted: Outcome) {
        let path = bookings::get_appointment(seen.appointment_id);
        match self.client.get(&path).await.read::<Appointment>() {
            Ok(now) => {
                // A cancelling whose reply was lost: what was wanted has happened.
                let cancelled = matches!(
                    now.status,
                    AppointmentStatus::CancelledByPatient | AppointmentStatus::CancelledLate
                );
                let happened = cancelled && wanted == Outcome::Cancelled;
                self.outcome.set(Some(if happened { wanted } else { Outcome::ChangedElsewhere }));
                self.appointment.set(Rc::new(now));
            }
            Err(_) => self.problem.set(Some(why)),
        }
    }
}
