//! Opening one's keys: with the password, a passkey or the printed code.

use shared_types::Problem;
use yew::prelude::*;

use super::{
    field::Field,
    notice::{Notice, NoticeKind},
};
use crate::{
    browser,
    hooks::use_vault::{Opener, Ways},
};

#[derive(Clone, PartialEq, Properties)]
pub struct UnlockProps {
    /// What opens them, beside the printed code.
    pub ways: Ways,
    /// Whether they are being opened.
    pub busy: bool,
    /// Why they did not open.
    #[prop_or_default]
    pub problem: Option<Problem>,
    pub on_open: Callback<Opener>,
    /// What opening them is good for here.
    pub children: Html,
}

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed {
    Password,
    Code,
}

impl Typed {
    fn id(self) -> &'static str {
        match self {
            Self::Password => "unlock-password",
            Self::Code => "unlock-code",
        }
    }

    fn opener(self, text: String) -> Opener {
        match self {
            Self::Password => Opener::Password(text),
            Self::Code => Opener::Code(text),
        }
    }

    fn missing(self) -> &'static str {
        match self {
            Self::Password => "Enter your password",
            Self::Code => "Enter the code from your sheet",
        }
    }
}

/// The form.
#[component]
pub fn Unlock(props: &UnlockProps) -> Html {
    let UnlockProps { ways, busy, problem, on_open, children } = props;
    let by = use_state_eq(|| if ways.password { Typed::Password } else { Typed::Code });
    let text = use_state_eq(String::new);
    let missing = use_state_eq(|| false);
    let onsubmit = {
        let (by, text, missing, on_open) = (by.clone(), text.clone(), missing.setter(), on_open.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            missing.set(text.trim().is_empty());
            if text.trim().is_empty() {
                browser::focus(by.id());
            } else {
                on_open.emit(by.opener((*text).clone()));
            }
        }
    };
    let switch = |to: Typed| {
        let (by, text, missing) = (by.setter(), text.setter(), missing.setter());
        move |_: MouseEvent| {
            by.set(to);
            text.set(String::new());
            missing.set(false);
        }
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |typed: String| text.set(typed))
    };
    let error = (*missing).then(|| AttrValue::Static(by.missing()));
    let field = match *by {
        Typed::Password => html! {
            <Field key="password" id={by.id()} label="Password" kind="password" autocomplete="current-password"
                maxlength="1000" value={(*text).clone()} {error} {oninput} />
        },
        Typed::Code => html! {
            <Field key="code" id={by.id()} label="Recovery code" hint="Eight groups of four, from your sheet"
                autocomplete="off" maxlength="80" value={(*text).clone()} {error} {oninput} />
        },
    };
    let other = match *by {
        Typed::Password => html! {
            <button class="button button--plain" type="button" onclick={switch(Typed::Code)}>
                { "Use the recovery code" }
            </button>
        },
        Typed::Code if ways.password => html! {
            <button class="button button--plain" type="button" onclick={switch(Typed::Password)}>
                { "Use the password" }
            </button>
        },
        Typed::Code => Html::default(),
    };
    let by_passkey = on_open.reform(|_: MouseEvent| Opener::Passkey);
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <div class="stack">{ children.clone() }</div>
            if !ways.password {
                <p>
                    { "You chose a new password, so your keys need the recovery code or a passkey once. After that " }
                    { "the new password opens them." }
                </p>
            }
            <div role="status">{ refused(problem.as_ref()) }</div>
            <div class="optional">{ field }</div>
            <div class="button-row">
                <button class="button" type="submit" aria-busy={busy.to_string()}>
                    { if *busy { "Opening…" } else { "Open my keys" } }
                </button>
                if ways.passkey {
                    <button class="button button--quiet" type="button" onclick={by_passkey}>
                        { "Use a passkey" }
                    </button>
                }
                { other }
            </div>
        </form>
    }
}

fn refused(problem: Option<&Problem>) -> Html {
    problem.map_or_else(Html::default, |problem| {
        html! {
            <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                <p>{ problem.detail.clone().unwrap_or_default() }</p>
            </Notice>
        }
    })
}
