//! Somebody's keys are not those that this browser knows. That may be a new telephone, or somebody in between; only the
//! two people can tell, by comparing. Until then nothing is sealed to the new keys and nothing of theirs is believed.

use shared_types::vault::SeenKeys;
use yew::prelude::*;

use super::{
    fingerprint::Fingerprint,
    notice::{Notice, NoticeKind},
};
use crate::browser;

#[derive(Clone, PartialEq, Properties)]
pub struct KeyChangedProps {
    pub keys: SeenKeys,
    /// Whose: a practice's name, or words for a person.
    pub whose: AttrValue,
    /// Whom to call to compare, where we know.
    #[prop_or_default]
    pub phone: Option<AttrValue>,
    /// Whether an answer is out.
    #[prop_or_default]
    pub busy: bool,
    /// They are the same: go on.
    pub on_same: Callback<()>,
    /// Without comparing.
    pub on_leave: Callback<()>,
    /// What its button says.
    pub leave: AttrValue,
}

/// The warning, with both fingerprints. It takes the focus: nothing goes on without it.
#[component]
pub fn KeyChanged(props: &KeyChangedProps) -> Html {
    let KeyChangedProps { keys, whose, phone, .. } = props;
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        use_effect_with(keys.fingerprint.clone(), move |_| browser::focus_node(&notice));
    }
    let on_same = props.on_same.reform(|_: MouseEvent| ());
    let on_leave = props.on_leave.reform(|_: MouseEvent| ());
    html! {
        <Notice kind={NoticeKind::Danger} title={format!("The keys of {whose} have changed")} alert=true
            node_ref={notice}>
            <p>
                { "There may be a good reason, such as a new owner or a lost telephone. It may also be somebody who " }
                { "wants to read along. So nothing was sent." }
            </p>
            <p>
                { format!("Call {whose} and compare these numbers. Use a number you already have, or their own sign; ") }
                { "not one that came with a message." }
            </p>
            if let Some(phone) = phone {
                <p>{ "The number we have: " }<a href={format!("tel:{phone}")}>{ phone }</a></p>
            }
            <p><strong>{ "The new one" }</strong></p>
            <Fingerprint label="The new fingerprint" digits={keys.fingerprint.clone()} />
            if let Some(before) = &keys.before {
                <p><strong>{ "The one this browser knows" }</strong></p>
                <Fingerprint label="The fingerprint that this browser knows" digits={before.clone()} />
            }
            <div class="button-row">
                <button class="button" type="button" onclick={on_leave}>{ &props.leave }</button>
                <button class="button button--quiet" type="button" onclick={on_same}
                    aria-busy={props.busy.to_string()}>
                    { "We compared them: they are the same" }
                </button>
            </div>
        </Notice>
    }
}
