//! What becomes of a held time while its guest is on the page: it is let go when they leave, and when it runs
//! out or is lost, the nearest others are found.

use std::{cell::RefCell, rc::Rc};

use jiff::Timestamp;
use shared_types::{
    Problem,
    bookings::{Hold, HoldStatus, RoleAvailability},
};
use yew::{platform::spawn_local, prelude::*};

use super::{TakeHold, use_take_hold};
use crate::{
    api::{ApiClient, bookings, use_api_client},
    components::{
        agenda::{nearest, plus_days},
        time_button::TimeContext,
    },
    held_here,
};

/// How many other times are offered.
const ALTERNATIVES: usize = 6;

/// Why the time is no longer held, and what else there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    /// What happened.
    pub title: AttrValue,
    /// What was kept.
    pub detail: AttrValue,
    /// The nearest other times, in order; may be on their way.
    pub alternatives: Vec<Timestamp>,
}

/// The held time.
#[derive(Clone, PartialEq)]
pub struct HeldTime {
    hold: Rc<Hold>,
    /// Set when it is no longer held.
    pub gone: Option<Gone>,
    /// Tells that its ten minutes are over.
    pub on_over: Callback<()>,
    /// Tells that the service no longer holds it.
    pub on_lost: Callback<Problem>,
    /// Another time being kept instead.
    pub another: TakeHold,
    ours: Rc<RefCell<bool>>,
}

impl HeldTime {
    /// Says that it became an appointment: there is nothing to let go any more.
    pub fn booked(&self) {
        *self.ours.borrow_mut() = false;
        held_here::forget(self.hold.hold_id);
    }

    /// For the alternatives: one click keeps another time.
    pub fn context(&self) -> TimeContext {
        TimeContext {
            role_id: self.hold.role.practitioner_role_id,
            act: format!("Book {}", self.hold.role.name).into(),
            type_id: self.hold.appointment_type.appointment_type_id,
            zone: self.hold.role.time_zone,
            as_of: Some(self.hold.as_of),
            chosen: None,
            on_choose: Some(self.another.take.clone()),
        }
    }
}

/// Follows a hold.
#[hook]
pub fn use_held(hold: Rc<Hold>) -> HeldTime {
    let client = use_api_client();
    let ours = use_mut_ref(|| hold.status == HoldStatus::Active);
    // Expired holds in the history are a page back; taking another replaces them.
    let another = use_take_hold(hold.role.practitioner_role_id, true);
    let gone = use_state(|| None::<Gone>);
    use_release_on_leave(client.clone(), Rc::clone(&hold), Rc::clone(&ours));

    let lose = {
        let (client, hold, ours, gone) = (client.clone(), Rc::clone(&hold), Rc::clone(&ours), gone.setter());
        Callback::from(move |why: Gone| {
            *ours.borrow_mut() = false;
            held_here::forget(hold.hold_id);
            gone.set(Some(why.clone()));
            if why.alternatives.is_empty() {
                find_others(client.clone(), Rc::clone(&hold), why, gone.clone());
            }
        })
    };
    {
        let (lose, status) = (lose.clone(), hold.status);
        let hold = Rc::clone(&hold);
        use_effect_with(status, move |status| match status {
            HoldStatus::Active => held_here::note(&hold),
            HoldStatus::Consumed => {}
            HoldStatus::Released => lose.emit(gone_with("You let this time go")),
            HoldStatus::Expired => lose.emit(gone_with("The time is no longer held")),
        });
    }
    let on_over = lose.reform(|()| gone_with("The time is no longer held"));
    let on_lost = lose.reform(|problem: Problem| Gone {
        title: problem.title.into(),
        alternatives: problem.alternatives,
        ..gone_with("")
    });
    HeldTime { hold, gone: (*gone).clone(), on_over, on_lost, another, ours }
}

fn gone_with(title: &'static str) -> Gone {
    let detail = "What you typed is kept. Pick a time to go on; it is held for you at once.".into();
    Gone { title: title.into(), detail, alternatives: Vec::new() }
}

/// Lets the time go when the page is left inside the site. A closed tab lets it run out: nothing can tell a
/// reload from a goodbye.
#[hook]
fn use_release_on_leave(client: ApiClient, hold: Rc<Hold>, ours: Rc<RefCell<bool>>) {
    use_effect_with((), move |()| {
        move || {
            if std::mem::take(&mut *ours.borrow_mut()) {
                held_here::forget(hold.hold_id);
                spawn_local(async move {
                    // If this fails the hold runs out by itself.
                    let _ = bookings::release_hold(&client, hold.hold_id).await;
                });
            }
        }
    });
}

/// Looks for free times around the one that was lost.
fn find_others(client: ApiClient, hold: Rc<Hold>, why: Gone, gone: UseStateSetter<Option<Gone>>) {
    let (role, type_id) = (&hold.role, hold.appointment_type.appointment_type_id);
    let day = role.time_zone.date(hold.start);
    let path = bookings::find_availability(role.practitioner_role_id, type_id, day, plus_days(day, 13));
    spawn_local(async move {
        // Without an answer the link to all times is there still.
        if let Ok(loaded) = client.get(&path).await.read::<RoleAvailability>() {
            let starts = loaded.free_times(loaded.from, loaded.to);
            let alternatives = nearest(&starts, hold.start, ALTERNATIVES);
            gone.set(Some(Gone { alternatives, ..why }));
        }
    });
}
