//! How long a time is still held. It informs and does not push: seconds are for the eye, the voice speaks at
//! five, two and one minutes and at the end.

use gloo_timers::callback::Interval;
use jiff::Timestamp;
use yew::prelude::*;

use super::icon::Icon;
use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HoldBarProps {
    /// `Tomorrow 9:15 am is held for you.`
    pub words: AttrValue,
    pub expires_at: Timestamp,
    /// The clock of the reply; the device's own clock only measures what passed since.
    pub as_of: Timestamp,
    /// Told once, when the time is up.
    pub on_over: Callback<()>,
}

/// The bar above the form while a time is held.
#[component]
pub fn HoldBar(props: &HoldBarProps) -> Html {
    let whole = props.expires_at.as_second() - props.as_of.as_second();
    let left = use_state_eq(|| whole);
    {
        let (set, on_over) = (left.setter(), props.on_over.clone());
        use_effect_with((props.expires_at, props.as_of), move |_| {
            let began = browser::millis();
            let told = std::cell::Cell::new(false);
            let tick = move || {
                let passed = ((browser::millis() - began) / 1000.0) as i64;
                let left = (whole - passed).max(0);
                set.set(left);
                if left == 0 && !told.replace(true) {
                    on_over.emit(());
                }
            };
            let ticking = Interval::new(1000, tick);
            move || drop(ticking)
        });
    }
    html! {
        <div class="hold-bar" data-state={state(*left)}>
            <Icon name="clock" />
            <p>{ &props.words }</p>
            <p class="hold-bar__left" aria-hidden="true">{ clock_words(*left) }</p>
            <p class="visually-hidden" role="status" aria-live="polite">{ spoken(*left) }</p>
        </div>
    }
}

/// What colour and icon stand for; the words say it too.
fn state(left: i64) -> &'static str {
    match left {
        ..=0 => "over",
        1..120 => "ending",
        120.. => "held",
    }
}

/// `8 min 20 s left`.
fn clock_words(left: i64) -> String {
    match (left / 60, left % 60) {
        (..=0, ..=0) => "Time is up".to_owned(),
        (..=0, seconds) => format!("{seconds} s left"),
        (minutes, seconds) => format!("{minutes} min {seconds} s left"),
    }
}

/// Changes only at five, two and one minutes and at the end, so that a screen reader speaks then and not each
/// second. Nothing at first: the page has just said that the time is held.
fn spoken(left: i64) -> &'static str {
    match left {
        ..=0 => "The time is no longer held",
        1..=60 => "1 minute left",
        61..=120 => "2 minutes left",
        121..=300 => "5 minutes left",
        301.. => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{clock_words, spoken, state};

    #[test]
    fn seconds_are_shown_and_minutes_are_spoken() {
        for (left, state_name, words, voice) in [
            (600, "held", "10 min 0 s left", ""),
            (300, "held", "5 min 0 s left", "5 minutes left"),
            (299, "held", "4 min 59 s left", "5 minutes left"),
            (119, "ending", "1 min 59 s left", "2 minutes left"),
            (59, "ending", "59 s left", "1 minute left"),
            (0, "over", "Time is up", "The time is no longer held"),
        ] {
            assert_eq!((state(left), clock_words(left).as_str(), spoken(left)), (state_name, words, voice));
        }
    }
}
