//! A fingerprint of somebody's keys, for two people to compare: three lines of four groups, as it is printed.

use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FingerprintProps {
    /// Whose and which, for a screen reader.
    pub label: AttrValue,
    /// Twelve groups of five digits, with spaces between them.
    pub digits: AttrValue,
}

/// The digits. Read aloud they come group by group.
#[component]
pub fn Fingerprint(props: &FingerprintProps) -> Html {
    let groups: Vec<_> = props.digits.split_whitespace().collect();
    html! {
        <div class="fingerprint num" role="group" aria-label={props.label.clone()}>
            { for groups.chunks(4).enumerate().map(|(line, groups)| html! {
                <p key={line}>{ for groups.iter().map(|group| html! { <><code>{ (*group).to_owned() }</code>{ " " }</> }) }</p>
            }) }
        </div>
    }
}
