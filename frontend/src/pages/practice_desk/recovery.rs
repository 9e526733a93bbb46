//! Recovery: two of three sheets open a mailbox that nobody can open any more, and new sheets take the place of old ones.

use yew::prelude::*;

use crate::{
    browser,
    components::field::Field,
    hooks::{Act, use_mailbox::Begin},
};

#[derive(Clone, PartialEq, Properties)]
pub struct RecoverProps {
    pub act: Act,
    pub on_recover: Callback<[String; 2]>,
}

/// The form for an owner whose keys do not open the mailbox.
#[component]
pub fn Recover(props: &RecoverProps) -> Html {
    let RecoverProps { act, on_recover } = props;
    let (first, second) = (use_state_eq(String::new), use_state_eq(String::new));
    let missing = use_state_eq(|| None::<&'static str>);
    let onsubmit = {
        let (first, second) = (first.clone(), second.clone());
        let (missing, on_recover) = (missing.setter(), on_recover.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let lacks = if first.trim().is_empty() {
                Some("sheet-a")
            } else if second.trim().is_empty() {
                Some("sheet-b")
            } else {
                None
            };
            missing.set(lacks);
            match lacks {
                Some(id) => browser::focus(id),
                None => on_recover.emit([(*first).clone(), (*second).clone()]),
            }
        }
    };
    let error =
        |id: &str| (*missing == Some(id)).then_some(AttrValue::Static("Type the code from the sheet"));
    let (set_first, set_second) = (first.setter(), second.setter());
    html! {
        <section class="stack" aria-labelledby="recover-title">
            <h2 id="recover-title">{ "You do not have the practice’s key" }</h2>
            <p>
                { "If a colleague has it, another owner can give it to you on this page. If nobody has it any more, put " }
                { "two of your three recovery sheets together." }
            </p>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <Field id="sheet-a" label="One sheet" hint="24 groups of four" autocomplete="off" maxlength="200"
                    value={(*first).clone()} error={error("sheet-a")} oninput={move |text| set_first.set(text)} />
                <Field id="sheet-b" label="Another sheet" autocomplete="off" maxlength="200"
                    value={(*second).clone()} error={error("sheet-b")} oninput={move |text| set_second.set(text)} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Opening…" } else { "Open with two sheets" } }
                    </button>
                </div>
            </form>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct RenewProps {
    pub act: Act,
    pub on_begin: Callback<Begin>,
}

/// A new key with new sheets, for an owner who can read.
#[component]
pub fn Renew(props: &RenewProps) -> Html {
    let onclick = props.on_begin.reform(|_: MouseEvent| Begin::Renew);
    html! {
        <section class="stack" aria-labelledby="renew-title">
            <h2 id="renew-title">{ "A new key and new recovery sheets" }</h2>
            <p>
                { "Is a sheet lost, or have two been together? Begin a new key with three new sheets. The old ones " }
                { "still open what was sealed until now, so destroy them." }
            </p>
            <p>
                { "Has the practice a new owner? Only a new key names them, so that they can give keys as well. " }
                { "Somebody who is an owner already has to begin it." }
            </p>
            <div class="button-row">
                <button class="button button--quiet" type="button" {onclick} aria-busy={props.act.busy.to_string()}>
                    { "Begin a new key" }
                </button>
            </div>
        </section>
    }
}
