//! How long something still stands, counted down for the eye. It is not spoken: it would be each second.

use gloo_timers::callback::Interval;
use jiff::Timestamp;
use yew::prelude::*;

use crate::{browser, forms::support::left_words};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TimeLeftProps {
    pub until: Timestamp,
    /// Told once, when the time is up.
    pub on_over: Callback<()>,
}

/// `59 min left`, by the reader's own clock.
#[component]
pub fn TimeLeft(props: &TimeLeftProps) -> Html {
    let left = use_state_eq(|| None::<i64>);
    {
        let (set, on_over) = (left.setter(), props.on_over.clone());
        use_effect_with(props.until, move |until| {
            let until = *until;
            let told = std::cell::Cell::new(false);
            let tick = move || {
                let left = until.as_second() - browser::now().as_second();
                set.set(Some(left));
                if left <= 0 && !told.replace(true) {
                    on_over.emit(());
                }
            };
            tick();
            let ticking = Interval::new(1000, tick);
            move || drop(ticking)
        });
    }
    html! { <span class="num">{ (*left).map(left_words).unwrap_or_default() }</span> }
}
