//! A practice's calendar as it was last read, with what was done in it since. It is read anew by itself while somebody looks, so
//! that the desk sees what others do; nobody who does something with it is disturbed by that.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Interval;
use jiff::{SignedDuration, Timestamp};
use shared_types::{
    Problem,
    bookings::practice::{CalendarAppointment, PracticeCalendar},
};
use yew::{platform::spawn_local, prelude::*};

use super::{
    use_lulls::{Lull, use_lulls},
    use_version,
};
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser::{self, kept_focus::KeptFocus},
    calendar::sheet::with_appointment,
};

/// How often the line that says "now" moves, in milliseconds.
const NOW_EVERY: u32 = 30_000;
/// How often it is asked whether anything has changed, in milliseconds.
const NEWS_EVERY: u32 = 30_000;

/// What is known of it.
#[derive(Clone, PartialEq)]
pub struct CalendarHandle {
    /// The last answer about these days; absent while the first is on its way.
    pub latest: Option<Result<Rc<PracticeCalendar>, Problem>>,
    /// When that was so, by the server's clock.
    pub read_at: Option<Timestamp>,
    /// Reads it anew; what was read before stays on the screen meanwhile.
    pub on_again: Callback<()>,
    /// One booking is this now.
    pub on_put: Callback<CalendarAppointment>,
}

#[derive(Default)]
struct Read {
    path: String,
    answer: Option<Result<Rc<PracticeCalendar>, Problem>>,
    /// The server's clock when it was read, and the device's count then.
    begun: Option<(Timestamp, f64)>,
    /// Until when nothing else was known to the server.
    read_at: Option<Timestamp>,
}

enum ReadAction {
    /// What is at a path, and the device's count when it came.
    Answered(String, Result<Rc<PracticeCalendar>, Problem>, f64),
    /// It is still as it was.
    Same(String, f64),
    Put(Box<CalendarAppointment>),
}

impl Reducible for Read {
    type Action = ReadAction;

    fn reduce(self: Rc<Self>, action: ReadAction) -> Rc<Self> {
        match action {
            ReadAction::Answered(path, answer, millis) => {
                let read_at = answer.as_ref().ok().map(|calendar| calendar.as_of);
                let begun = read_at.map(|as_of| (as_of, millis));
                // What was asked for earlier may come later.
                if path == self.path && begun.zip(self.begun).is_some_and(|(of, newer)| of.0 < newer.0) {
                    return self;
                }
                Rc::new(Self { path, answer: Some(answer), begun, read_at })
            }
            ReadAction::Same(path, millis) if path == self.path => {
                let read_at = self.begun.map(|(as_of, begun)| later(as_of, millis - begun));
                Rc::new(Self { path, answer: self.answer.clone(), begun: self.begun, read_at })
            }
            ReadAction::Same(..) => self,
            ReadAction::Put(appointment) => match &self.answer {
                Some(Ok(calendar)) => {
                    let calendar = with_appointment(calendar, *appointment);
                    Rc::new(Self {
                        path: self.path.clone(),
                        answer: Some(Ok(Rc::new(calendar))),
                        begun: self.begun,
                        read_at: self.read_at,
                    })
                }
                Some(Err(_)) | None => self,
            },
        }
    }
}

/// So many milliseconds after an instant.
fn later(instant: Timestamp, millis: f64) -> Timestamp {
    instant.saturating_add(SignedDuration::from_millis(millis as i64)).unwrap_or(instant)
}

/// Reads the calendar at an API path, and again when the path changes and while somebody looks at it, except while `is_held`.
#[hook]
pub fn use_calendar(path: String, is_held: fn() -> bool) -> CalendarHandle {
    let client = use_api_client();
    let read = use_reducer(Read::default);
    let (version, again) = use_version();
    let on_again = use_callback((), move |(): (), ()| again.emit(()));
    let dispatch = read.dispatcher();
    {
        let (client, dispatch) = (client.clone(), dispatch.clone());
        use_effect_with((path.clone(), version), move |(path, _)| {
            let (path, outdated) = (path.clone(), Rc::new(Cell::new(false)));
            let late = Rc::clone(&outdated);
            spawn_local(async move {
                let answer = client.get(&path).await.read::<PracticeCalendar>().map(Rc::new);
                if !late.get() {
                    dispatch.dispatch(ReadAction::Answered(path, answer, browser::millis()));
                }
            });
            move || outdated.set(true)
        });
    }
    // Other days have nothing to do with those that were shown.
    let latest = read.answer.clone().filter(|_| read.path == path);
    let wanted = use_mut_ref(|| (String::new(), 0_u32));
    *wanted.borrow_mut() = (path.clone(), version);
    let kept = use_mut_ref(|| None::<KeptFocus>);
    {
        let kept = Rc::clone(&kept);
        use_effect(move || {
            if let Some(focus) = kept.take() {
                focus.give_back();
            }
        });
    }
    let on_lull = {
        let (dispatch, latest, path) = (dispatch.clone(), latest.clone(), path.clone());
        Callback::from(move |lull: Lull| {
            // Where nothing is shown yet, or why not, somebody has asked already or is asked to.
            let Some(Ok(shown)) = &latest else { return };
            let asked = calendar_api::find_calendar_unless(&path, &shown.tag);
            let (client, dispatch, kept) = (client.clone(), dispatch.clone(), Rc::clone(&kept));
            let (wanted, mine) = (Rc::clone(&wanted), (path.clone(), version));
            spawn_local(async move {
                let reply =
                    if lull.acted { client.get(&asked).await } else { client.get_unrenewed(&asked).await };
                // What failed changes nothing: how old it is stands above the calendar.
                let Ok(answer) = reply.read::<Option<PracticeCalendar>>() else { return };
                // It must not come in between what somebody has begun or done meanwhile.
                if *wanted.borrow() != mine || !lull.lasts() {
                    return;
                }
                let (path, _) = mine;
                dispatch.dispatch(match answer {
                    Some(calendar) => {
                        kept.replace(KeptFocus::now());
                        ReadAction::Answered(path, Ok(Rc::new(calendar)), browser::millis())
                    }
                    None => ReadAction::Same(path, browser::millis()),
                });
            });
        })
    };
    use_lulls(NEWS_EVERY, is_held, on_lull);
    // An answer that is on its way may be older than this, so it is asked for again.
    let again = on_again.clone();
    let on_put = use_callback((), move |appointment: CalendarAppointment, ()| {
        dispatch.dispatch(ReadAction::Put(Box::new(appointment)));
        again.emit(());
    });
    let read_at = read.read_at.filter(|_| latest.is_some());
    CalendarHandle { latest, read_at, on_again, on_put }
}

/// The server's clock as it runs on since `as_of`, by the device's count of what has passed; it moves twice a minute.
#[hook]
pub fn use_now(as_of: Timestamp) -> Timestamp {
    let now = use_state_eq(|| as_of);
    let set = now.setter();
    use_effect_with(as_of, move |as_of| {
        let (as_of, begun) = (*as_of, browser::millis());
        set.set(as_of);
        let tick = Interval::new(NOW_EVERY, move || set.set(later(as_of, browser::millis() - begun)));
        move || drop(tick)
    });
    *now
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::{Problem, bookings::practice::PracticeCalendar};
    use yew::prelude::Reducible as _;

    use super::{Read, ReadAction};
    use crate::calendar::sample::{appointment, calendar};

    fn read(path: &str) -> ReadAction {
        let one = appointment(1, "2026-11-24T22:15:00Z", 45);
        ReadAction::Answered(path.to_owned(), Ok(Rc::new(calendar(vec![one]))), 5_000.0)
    }

    fn after(actions: Vec<ReadAction>) -> Rc<Read> {
        actions.into_iter().fold(Rc::new(Read::default()), |read, action| read.reduce(action))
    }

    fn read_at(actions: Vec<ReadAction>) -> Option<String> {
        after(actions).read_at.map(|at| at.to_string())
    }

    #[test]
    fn what_has_not_changed_was_read_when_it_was_last_asked_for() {
        assert_eq!(read_at(vec![read("/monday")]).as_deref(), Some("2026-11-22T22:00:00Z"));
        let same = |path: &str| ReadAction::Same(path.to_owned(), 65_000.0);
        assert_eq!(read_at(vec![read("/monday"), same("/monday")]).as_deref(), Some("2026-11-22T22:01:00Z"));
        assert_eq!(read_at(vec![read("/monday"), same("/sunday")]).as_deref(), Some("2026-11-22T22:00:00Z"));
        let failed = ReadAction::Answered("/monday".to_owned(), Err(Problem::internal()), 65_000.0);
        assert_eq!(read_at(vec![read("/monday"), failed, same("/monday")]), None);
    }

    #[test]
    fn what_was_asked_for_earlier_and_comes_later_is_not_shown() {
        let earlier = |path: &str| {
            let as_of = "2026-11-22T21:59:59Z".parse().unwrap();
            let calendar = PracticeCalendar { as_of, ..calendar(Vec::new()) };
            ReadAction::Answered(path.to_owned(), Ok(Rc::new(calendar)), 6_000.0)
        };
        let shown = |actions| after(actions).answer.clone().unwrap().unwrap().as_of.to_string();
        assert_eq!(shown(vec![read("/monday"), earlier("/monday")]), "2026-11-22T22:00:00Z");
        assert_eq!(shown(vec![read("/monday"), earlier("/sunday")]), "2026-11-22T21:59:59Z");
    }

    #[test]
    fn what_is_done_is_shown_and_has_to_be_read_whole_again() {
        let moved = appointment(1, "2026-11-25T22:15:00Z", 45);
        let read = after(vec![read("/monday"), ReadAction::Put(Box::new(moved.clone()))]);
        let calendar = read.answer.as_ref().unwrap().as_ref().unwrap();
        assert_eq!(calendar.roles[0].appointments, [moved]);
        assert!(calendar.tag.is_empty());
    }
}
