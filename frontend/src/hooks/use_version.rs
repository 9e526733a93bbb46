//! A number that goes up: what depends on it is fetched or looked at again.

use std::rc::Rc;

use yew::prelude::*;

struct Version(u32);

impl Reducible for Version {
    type Action = ();

    fn reduce(self: Rc<Self>, (): ()) -> Rc<Self> {
        Rc::new(Self(self.0 + 1))
    }
}

/// The number, and what raises it. Raised by a callback of an earlier render, it goes up all the same.
#[hook]
pub fn use_version() -> (u32, Callback<()>) {
    let version = use_reducer(|| Version(0));
    let raise = version.dispatcher();
    (version.0, Callback::from(move |()| raise.dispatch(())))
}
