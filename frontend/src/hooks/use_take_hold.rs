//! Keeps a time for the reader and goes on to their details.

use std::rc::Rc;

use shared_types::{PractitionerRoleId, Problem, bookings::CreateHold};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    api::{bookings, use_api_client},
    browser,
    components::time_button::Chosen,
    forms::attempt::Attempt,
    held_here::{self, HeldHere},
};

/// A time that is being kept, or could not be.
#[derive(Clone, PartialEq)]
pub struct TakeHold {
    /// The last one wanted.
    pub wanted: Option<Chosen>,
    /// Whether the answer is still out.
    pub busy: bool,
    /// Why it could not be kept.
    pub problem: Option<Problem>,
    /// What this tab holds already, where that is why.
    pub held: Vec<HeldHere>,
    /// Wants one; the same again after a failure repeats the request and not the wish.
    pub take: Callback<Chosen>,
}

/// With a role. `replace` leaves this page out of the history, for addresses that take a time by themselves
/// and would take it again on the way back.
#[hook]
pub fn use_take_hold(role_id: PractitionerRoleId, replace: bool) -> TakeHold {
    let client = use_api_client();
    let attempt = use_mut_ref(Attempt::default);
    let wanted = use_state(|| None::<Chosen>);
    let busy = use_state(|| false);
    let problem = use_state(|| None::<Problem>);
    let held = use_state(Vec::<HeldHere>::new);
    let in_flight = use_mut_ref(|| false);

    let take = {
        let (set_wanted, set_busy, set_problem) = (wanted.setter(), busy.setter(), problem.setter());
        let set_held = held.setter();
        Callback::from(move |chosen: Chosen| {
            // A double click is one wish.
            if std::mem::replace(&mut *in_flight.borrow_mut(), true) {
                return;
            }
            set_wanted.set(Some(chosen));
            set_problem.set(None);
            set_busy.set(true);
            let hold = CreateHold {
                practitioner_role_id: role_id,
                appointment_type_id: chosen.type_id,
                start: chosen.start,
                cohort: None,
            };
            let what = format!("{role_id} {} {}", chosen.type_id, chosen.start);
            let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
            let (client, attempt, in_flight) = (client.clone(), Rc::clone(&attempt), Rc::clone(&in_flight));
            let (set_busy, set_problem, set_held) = (set_busy.clone(), set_problem.clone(), set_held.clone());
            spawn_local(async move {
                let answer = bookings::create_hold(&client, &hold, key).await;
                attempt.borrow_mut().settle(answer.as_ref().err());
                *in_flight.borrow_mut() = false;
                set_busy.set(false);
                match answer {
                    Ok(hold) => {
                        let path = format!("/book/hold/{}", hold.hold_id);
                        if replace { browser::replace(&path) } else { browser::navigate(&path) }
                    }
                    Err(problem) => {
                        if problem.is("too-many-holds") {
                            set_held.set(held_here::held_at(browser::now()));
                        }
                        set_problem.set(Some(problem));
                    }
                }
            });
        })
    };
    TakeHold { wanted: *wanted, busy: *busy, problem: (*problem).clone(), held: (*held).clone(), take }
}
