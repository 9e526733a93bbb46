//! Making keys for the first time: what is sealed, what is lost when everything is lost, one button, one sheet of paper.

use std::rc::Rc;

use yew::prelude::*;

use super::{OwnProps, Refused, sign_in_again::SignInAgain};
use crate::{
    components::recovery_code::RecoveryCode,
    hooks::{
        use_key_making::{KeyMaking, Make, use_key_making},
        use_standing::use_standing,
    },
};

/// The set-up, for somebody who has no keys.
#[component]
pub fn KeySetup(props: &OwnProps) -> Html {
    let ask = use_standing().ask;
    let making = use_key_making(Rc::clone(&props.me.0), ask);
    if let Some(code) = &making.code {
        let email = props.me.email.expose().clone();
        return html! { <RecoveryCode code={code.clone()} {email} on_done={making.on_kept.clone()} /> };
    }
    html! {
        <div class="stack">
            <p>
                { "What you and a practice write to each other is sealed: it is locked in your browser and only opened " }
                { "in theirs. For that you need keys of your own. They are made here, and we never see them." }
            </p>
            <h2>{ "What is sealed" }</h2>
            <ul class="prose">
                <li>{ "Why you are coming, your answers, your files with their names, and messages, both ways." }</li>
                <li>{ "Not the booking itself: who comes, when, to whom, and what it costs." }</li>
            </ul>
            { what_is_lost() }
            <KeyMaker making={making.clone()} make={Make::First} words="Make my keys" />
        </div>
    }
}

/// What becomes of sealed things when what opens them is lost.
pub fn what_is_lost() -> Html {
    html! {
        <>
            <h2>{ "What happens if you lose something" }</h2>
            <ul class="prose">
                <li>
                    { "If you forget your password, a passkey or your recovery code opens your keys. You get the code " }
                    { "in a moment, for paper." }
                </li>
                <li>
                    { "If you lose the password, every passkey and the code, you can make new keys. What was sealed to " }
                    { "the old ones can then be opened by nobody: not by you, and not by us." }
                </li>
                <li>
                    { "The practice still has its copy. It can send it to you again once it has compared your new " }
                    { "keys with you." }
                </li>
            </ul>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct KeyMakerProps {
    pub making: KeyMaking,
    pub make: Make,
    /// What the button says.
    pub words: AttrValue,
    /// Whether somebody still has to agree before the button does anything.
    #[prop_or_default]
    pub held_back: bool,
}

/// The button that makes keys, and the way to give the password first.
#[component]
pub fn KeyMaker(props: &KeyMakerProps) -> Html {
    let KeyMakerProps { making, make, words, held_back } = props;
    let (make, held_back) = (*make, *held_back);
    if making.wants_password == Some(make) {
        return html! {
            <div class="stack">
                <p>
                    { "Your keys are locked with your password, so your browser has to see it once. Use the password " }
                    { "here, even if you usually sign in with a passkey." }
                </p>
                <SignInAgain on_done={making.on_make.reform(move |()| make)} on_cancel={making.on_cancel.clone()} />
            </div>
        };
    }
    let onclick = {
        let on_make = making.on_make.clone();
        move |_: MouseEvent| {
            if !held_back {
                on_make.emit(make);
            }
        }
    };
    html! {
        <div class="stack">
            <Refused act={making.act.clone()} />
            <div class="button-row">
                <button class="button" type="button" {onclick} aria-busy={making.act.busy.to_string()}
                    aria-disabled={held_back.to_string()}>
                    { if making.act.busy { AttrValue::Static("Making your keys…") } else { words.clone() } }
                </button>
                <p class="visually-hidden" role="status">
                    { if making.act.busy { "Making your keys. This can take a few seconds." } else { "" } }
                </p>
            </div>
        </div>
    }
}
