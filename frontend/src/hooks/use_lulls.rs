//! Moments in which a page may look for news by itself: somebody sees it, and is in the middle of nothing.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::browser::{typing::Typing, watching};

/// Such a moment.
#[derive(Clone)]
pub struct Lull {
    /// Whether anybody did anything since the last one: a sign-in is renewed for them, and not because a page lies open.
    pub acted: bool,
    typing: Typing,
    is_held: fn() -> bool,
}

impl Lull {
    /// Whether it still is one: nothing is being carried, and nothing typed that is not sent.
    pub fn lasts(&self) -> bool {
        !(self.is_held)() && !self.typing.is_open()
    }
}

/// Calls back every so many milliseconds while the page is seen, and at once when it is seen again. `is_held` says whether
/// something is being carried.
#[hook]
pub fn use_lulls(every: u32, is_held: fn() -> bool, on_lull: Callback<Lull>) {
    // The listeners stay; what they call is of the last render.
    let latest = use_mut_ref(Callback::<Lull>::noop);
    *latest.borrow_mut() = on_lull;
    use_effect_with((), move |()| {
        let (typing, acted) = (Typing::default(), Rc::new(Cell::new(false)));
        let typed = typing.listen();
        let active = {
            let acted = Rc::clone(&acted);
            watching::on_activity(move || acted.set(true))
        };
        let offer = {
            let acted = Rc::clone(&acted);
            Rc::new(move || {
                let lull = Lull { acted: acted.get(), typing: typing.clone(), is_held };
                if watching::is_seen() && lull.lasts() {
                    acted.set(false);
                    let on_lull = latest.borrow().clone();
                    on_lull.emit(lull);
                }
            })
        };
        let back = {
            let offer = Rc::clone(&offer);
            watching::on_seen(move |is_seen| {
                if is_seen {
                    acted.set(true);
                    offer();
                }
            })
        };
        let tick = Interval::new(every, move || offer());
        move || drop((typed, active, back, tick))
    });
}
