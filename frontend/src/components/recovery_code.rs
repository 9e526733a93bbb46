//! The code that opens one's keys when nothing else does: shown once, for paper. Whoever leaves without having written it
//! down would find out too late, so its last group is asked for.

use yew::prelude::*;

use super::{field::Field, icon::Icon};
use crate::{
    browser,
    forms::printed::{is_same_group, last_group},
};

#[derive(Clone, PartialEq, Properties)]
pub struct RecoveryCodeProps {
    pub code: AttrValue,
    /// Whose account, for the sheet.
    pub email: AttrValue,
    /// It has been kept.
    pub on_done: Callback<()>,
}

/// The sheet, and the question.
#[component]
pub fn RecoveryCode(props: &RecoveryCodeProps) -> Html {
    let RecoveryCodeProps { code, email, on_done } = props;
    let (typed, wrong) = (use_state_eq(String::new), use_state_eq(|| false));
    let said = use_state_eq(|| "");
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| browser::focus_node(&heading));
    }
    let copy = {
        let (code, said) = (code.clone(), said.setter());
        move |_: MouseEvent| {
            let copied = browser::copy(&code);
            said.set(if copied { "Copied." } else { "This browser does not let us copy. Write it down." });
        }
    };
    let onsubmit = {
        let (code, typed, wrong, on_done) = (code.clone(), typed.clone(), wrong.setter(), on_done.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let kept = is_same_group(&typed, last_group(&code));
            wrong.set(!kept);
            if kept { on_done.emit(()) } else { browser::focus("last-group") }
        }
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |text: String| typed.set(text))
    };
    let error =
        (*wrong).then_some(AttrValue::Static("That is not the last group. Look at the sheet once more"));
    html! {
        <div class="stack">
            <section class="sheet print-sheet" aria-labelledby="code-title">
                <h2 id="code-title" tabindex="-1" ref={heading}>{ "Your recovery code" }</h2>
                <p class="print-only">{ format!("HelloMapper, account {email}") }</p>
                <p class="sheet__code num">
                    { for code.split('-').enumerate().map(|(at, group)| html! {
                        <code key={at}>{ group.to_owned() }</code>
                    }) }
                </p>
                <p>
                    { "It opens your sealed messages when you have forgotten your password. Keep it on paper, where " }
                    { "you keep your passport. Whoever has it and can sign in as you can read them; we cannot." }
                </p>
            </section>
            <div class="button-row">
                <button class="button button--quiet" type="button" onclick={|_: MouseEvent| browser::print()}>
                    <Icon name="print" />{ "Print" }
                </button>
                <button class="button button--quiet" type="button" onclick={copy}>{ "Copy" }</button>
                <p class="small muted" role="status">{ *said }</p>
            </div>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <p>{ "This is the only time it is shown." }</p>
                <Field id="last-group" label="Type the last group of four" width="input--s" maxlength="8"
                    autocomplete="off" value={(*typed).clone()} {error} {oninput} />
                <div class="button-row">
                    <button class="button" type="submit">{ "I have kept it" }</button>
                </div>
            </form>
        </div>
    }
}
