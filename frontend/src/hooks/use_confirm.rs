//! Step 4's act: sends the details once, however often the button is pressed, and goes to the confirmation.

use std::rc::Rc;

use shared_types::{
    Problem,
    bookings::{ConfirmHold, ConsentGiven, Hold, PartyDetails},
    problem::FieldError,
    users::ConsentText,
};
use yew::{platform::spawn_local, prelude::*};

use super::{forget_kept_form, use_held::HeldTime, use_private_api};
use crate::{
    api::{bookings, use_api_client},
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

/// Confirming a hold with what is in the form.
#[hook]
pub fn use_confirm(hold: Rc<Hold>, form: UseReducerHandle<PartyForm>, held: HeldTime) -> Confirming {
    let client = use_api_client();
    let version = use_state(|| 0_u32);
    let notice = use_private_api::<ConsentText>(bookings::get_booking_consent(), *version);
    let attempt = use_mut_ref(Attempt::default);
    let in_flight = use_mut_ref(|| false);
    let agreed = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let problem = use_state(|| None::<Problem>);

    let on_confirm = {
        let (text, agreed) = (notice.clone().and_then(Result::ok), *agreed);
        let (set_busy, set_problem) = (busy.setter(), problem.setter());
        let form = form.dispatcher();
        Callback::from(move |details: PartyDetails| {
            let Some(text) = text.clone().filter(|_| agreed) else {
                return form.dispatch(PartyAction::Judge(vec![consent_missing()]));
            };
            if std::mem::replace(&mut *in_flight.borrow_mut(), true) {
                return;
            }
            set_busy.set(true);
            set_problem.set(None);
            form.dispatch(PartyAction::Judge(Vec::new()));
            let consent = ConsentGiven { text: text.text.clone(), version: text.version };
            let body = ConfirmHold { party: details, consent };
            let what = serde_json::to_string(&body).unwrap_or_default();
            let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
            let (client, hold, held, form) = (client.clone(), Rc::clone(&hold), held.clone(), form.clone());
            let (attempt, in_flight) = (Rc::clone(&attempt), Rc::clone(&in_flight));
            let (set_busy, set_problem) = (set_busy.clone(), set_problem.clone());
            spawn_local(async move {
                let answer = bookings::confirm_hold(&client, hold.hold_id, &body, key).await;
                attempt.borrow_mut().settle(answer.as_ref().err());
                *in_flight.borrow_mut() = false;
                set_busy.set(false);
                match answer {
                    Ok(confirmed) => {
                        held.booked();
                        forget_kept_form();
                        // In place of the hold, which nobody can go back to.
                        browser::replace(&format!("/book/confirmed/{}", confirmed.appointment_id));
                    }
                    Err(problem) if problem.is("invalid") => {
                        form.dispatch(PartyAction::Judge(problem.errors))
                    }
                    Err(problem) if lost(&problem) => held.on_lost.emit(problem),
                    Err(problem) => set_problem.set(Some(problem)),
                }
            });
        })
    };
    Confirming {
        notice,
        agreed: *agreed,
        busy: *busy,
        problem: (*problem).clone(),
        on_agree: Callback::from(move |ticked| agreed.set(ticked)),
        on_confirm,
        on_reload: Callback::from(move |()| version.set(*version + 1)),
    }
}

/// Whether the time is no longer the guest's.
fn lost(problem: &Problem) -> bool {
    problem.is("hold-expired") || problem.is("time-taken") || problem.status == 404
}

/// What is said when the box is not ticked.
fn consent_missing() -> FieldError {
    FieldError::new(
        CONSENT,
        "Tick the box if you agree. The practice cannot book you without your details",
    )
}
