//! Step 4's act: sends the details once, however often the button is pressed, and goes to the confirmation.

use std::{cell::RefCell, rc::Rc};

use shared_types::{
    Problem,
    bookings::{ConfirmHold, ConsentGiven, Hold, PartyDetails},
    problem::FieldError,
    users::ConsentText,
};
use yew::{platform::spawn_local, prelude::*};

use super::{forget_kept_form, use_held::HeldTime, use_private_api};
use crate::{
    api::{ApiClient, bookings, use_api_client},
    browser,
    forms::{
        attempt::Attempt,
        party::{CONSENT, PartyAction, PartyForm},
    },
};

/// The state of confirming.
#[derive(Clone, PartialEq)]
pub struct Confirming {
    /// The collection notice, when it is there.
    pub notice: Option<Result<Rc<ConsentText>, Problem>>,
    /// Whether its box is ticked; never beforehand.
    pub agreed: bool,
    /// Whether the answer is still out.
    pub busy: bool,
    /// Why it did not work, when that concerns no field.
    pub problem: Option<Problem>,
    /// Ticks or unticks.
    pub on_agree: Callback<bool>,
    /// Confirms.
    pub on_confirm: Callback<PartyDetails>,
    /// Asks for the notice again.
    pub on_reload: Callback<()>,
}

/// What the answer is told to.
#[derive(Clone)]
struct Tell {
    client: ApiClient,
    hold: Rc<Hold>,
    held: HeldTime,
    form: UseReducerDispatcher<PartyForm>,
    agreed: UseStateSetter<bool>,
    busy: UseStateSetter<bool>,
    problem: UseStateSetter<Option<Problem>>,
    on_reload: Callback<()>,
    attempt: Rc<RefCell<Attempt>>,
    in_flight: Rc<RefCell<bool>>,
}

/// Confirming a hold with what is in the form.
#[hook]
pub fn use_confirm(hold: Rc<Hold>, form: UseReducerHandle<PartyForm>, held: HeldTime) -> Confirming {
    let version = use_state(|| 0_u32);
    let notice = use_private_api::<ConsentText>(bookings::get_booking_consent(), *version);
    let agreed = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let problem = use_state(|| None::<Problem>);
    let on_reload = Callback::from(move |()| version.set(*version + 1));
    let tell = Tell {
        client: use_api_client(),
        hold,
        held,
        form: form.dispatcher(),
        agreed: agreed.setter(),
        busy: busy.setter(),
        problem: problem.setter(),
        on_reload: on_reload.clone(),
        attempt: use_mut_ref(Attempt::default),
        in_flight: use_mut_ref(|| false),
    };
    let text = notice.clone().and_then(Result::ok).filter(|_| *agreed);
    let on_confirm = Callback::from(move |party: PartyDetails| match &text {
        Some(text) => {
            let consent = ConsentGiven { text: text.text.clone(), version: text.version };
            tell.clone().confirm(ConfirmHold { party, consent, patient_id: None });
        }
        None => tell.form.dispatch(PartyAction::Judge(vec![consent_missing()])),
    });
    Confirming {
        notice,
        agreed: *agreed,
        busy: *busy,
        problem: (*problem).clone(),
        on_agree: Callback::from(move |ticked| agreed.set(ticked)),
        on_confirm,
        on_reload,
    }
}

impl Tell {
    fn confirm(self, body: ConfirmHold) {
        // A double click is one wish.
        if std::mem::replace(&mut *self.in_flight.borrow_mut(), true) {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        self.form.dispatch(PartyAction::Judge(Vec::new()));
        let what = serde_json::to_string(&body).unwrap_or_default();
        let key = self.attempt.borrow_mut().key_for(&what, browser::random_uuid);
        spawn_local(async move {
            let answer = bookings::confirm_hold(&self.client, self.hold.hold_id, &body, key).await;
            self.attempt.borrow_mut().settle(answer.as_ref().err());
            *self.in_flight.borrow_mut() = false;
            self.busy.set(false);
            match answer {
                Ok(confirmed) => {
                    self.held.booked();
                    forget_kept_form();
                    // In place of the hold, which nobody can go back to.
                    browser::replace(&format!("/book/confirmed/{}", confirmed.appointment_id));
                }
                Err(problem) => self.refused(problem),
            }
        });
    }

    fn refused(&self, problem: Problem) {
        if problem.is("invalid") {
            if problem.errors.iter().any(|error| error.pointer == CONSENT) {
                // The notice changed under the reader's eyes: it is shown and asked about again.
                self.agreed.set(false);
                self.on_reload.emit(());
            }
            self.form.dispatch(PartyAction::Judge(problem.errors));
        } else if lost(&problem) {
            self.held.on_lost.emit(problem);
        } else {
            self.problem.set(Some(problem));
        }
    }
}

/// Whether the time is no longer the guest's.
fn lost(problem: &Problem) -> bool {
    problem.is("hold-expired") || problem.is("time-taken") || problem.status == 404
}

/// What is said when the box is not ticked.
fn consent_missing() -> FieldError {
    FieldError::new(CONSENT, "Tick the box if you agree. The practice cannot book you without your details")
}
