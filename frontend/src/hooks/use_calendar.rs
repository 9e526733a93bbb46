//! A practice's calendar as it was last read, with what was done in it since.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Interval;
use jiff::{SignedDuration, Timestamp};
use shared_types::{
    Problem,
    bookings::practice::{CalendarAppointment, PracticeCalendar},
};
use yew::{platform::spawn_local, prelude::*};

use super::use_version;
use crate::{api::use_api_client, browser, calendar::sheet::with_appointment};

/// How often the line that says "now" moves, in milliseconds.
const NOW_EVERY: u32 = 30_000;

/// What is known of it.
#[derive(Clone, PartialEq)]
pub struct CalendarHandle {
    /// The last answer about these days; absent while the first is on its way.
    pub latest: Option<Result<Rc<PracticeCalendar>, Problem>>,
    /// Reads it anew; what was read before stays on the screen meanwhile.
    pub on_again: Callback<()>,
    /// One booking is this now.
    pub on_put: Callback<CalendarAppointment>,
}

#[derive(Default)]
struct Read {
    path: String,
    answer: Option<Result<Rc<PracticeCalendar>, Problem>>,
}

enum ReadAction {
    Answered(String, Result<Rc<PracticeCalendar>, Problem>),
    Put(Box<CalendarAppointment>),
}

impl Reducible for Read {
    type Action = ReadAction;

    fn reduce(self: Rc<Self>, action: ReadAction) -> Rc<Self> {
        match action {
            ReadAction::Answered(path, answer) => Rc::new(Self { path, answer: Some(answer) }),
            ReadAction::Put(appointment) => match &self.answer {
                Some(Ok(calendar)) => {
                    let calendar = with_appointment(calendar, *appointment);
                    Rc::new(Self { path: self.path.clone(), answer: Some(Ok(Rc::new(calendar))) })
                }
                Some(Err(_)) | None => self,
            },
        }
    }
}

/// Reads the calendar at an API path, and again when the path changes.
#[hook]
pub fn use_calendar(path: String) -> CalendarHandle {
    let client = use_api_client();
    let read = use_reducer(Read::default);
    let (version, again) = use_version();
    let on_again = use_callback((), move |(): (), ()| again.emit(()));
    let dispatch = read.dispatcher();
    {
        let dispatch = dispatch.clone();
        use_effect_with((path.clone(), version), move |(path, _)| {
            let (path, outdated) = (path.clone(), Rc::new(Cell::new(false)));
            let late = Rc::clone(&outdated);
            spawn_local(async move {
                let answer = client.get(&path).await.read::<PracticeCalendar>().map(Rc::new);
                if !late.get() {
                    dispatch.dispatch(ReadAction::Answered(path, answer));
                }
            });
            move || outdated.set(true)
        });
    }
    // An answer that is on its way may be older than this, so it is asked for again.
    let again = on_again.clone();
    let on_put = use_callback((), move |appointment: CalendarAppointment, ()| {
        dispatch.dispatch(ReadAction::Put(Box::new(appointment)));
        again.emit(());
    });
    // Other days have nothing to do with those that were shown.
    let latest = read.answer.clone().filter(|_| read.path == path);
    CalendarHandle { latest, on_again, on_put }
}

/// The server's clock as it runs on since `as_of`, by the device's count of what has passed; it moves twice a minute.
#[hook]
pub fn use_now(as_of: Timestamp) -> Timestamp {
    let now = use_state_eq(|| as_of);
    let set = now.setter();
    use_effect_with(as_of, move |as_of| {
        let (as_of, begun) = (*as_of, browser::millis());
        set.set(as_of);
        let tick = Interval::new(NOW_EVERY, move || {
            let passed = SignedDuration::from_millis((browser::millis() - begun) as i64);
            set.set(as_of.saturating_add(passed).unwrap_or(as_of));
        });
        move || drop(tick)
    });
    *now
}
