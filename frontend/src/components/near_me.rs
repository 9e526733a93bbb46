//! Asks the browser where the reader is, only when pressed. The answer is rounded before anybody sees it.

use yew::prelude::*;

use super::icon::Icon;
use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct NearMeProps {
    /// Degrees north and east, rounded to 0.01; `None` when it is refused or unknown.
    pub onlocate: Callback<Option<(f64, f64)>>,
    /// Shows the icon alone, with a hidden name.
    #[prop_or_default]
    pub icon_only: bool,
}

/// The button; it is busy while the browser asks.
#[component]
pub fn NearMe(props: &NearMeProps) -> Html {
    let busy = use_state(|| false);
    let onclick = {
        let (busy, onlocate) = (busy.clone(), props.onlocate.clone());
        move |_: MouseEvent| {
            busy.set(true);
            let (busy, onlocate) = (busy.clone(), onlocate.clone());
            browser::locate(Callback::from(move |point| {
                busy.set(false);
                onlocate.emit(point);
            }));
        }
    };
    let class =
        classes!("button", "button--plain", "js-only", props.icon_only.then_some("button--icon near-me"));
    html! {
        <button type="button" {class} aria-busy={busy.to_string()} {onclick}>
            <Icon name="near-me" />
            if props.icon_only {
                <span class="visually-hidden">{ "Use my location" }</span>
            } else {
                <span>{ "Near me" }</span>
            }
        </button>
    }
}
