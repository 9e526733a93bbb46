//! The door of a manage link: a date of birth, or a code by e-mail.

use yew::prelude::*;

use super::{
    birth_fields::BirthFields,
    field::Field,
    notice::{Notice, NoticeKind},
};
use crate::{
    browser,
    forms::gate::{GateAction, GateForm, GateMode},
};

#[derive(Clone, PartialEq, Properties)]
pub struct ManageGateProps {
    pub form: GateForm,
    pub on_action: Callback<GateAction>,
    /// Opens the link with what was typed.
    pub on_open: Callback<()>,
    /// Asks for a code.
    pub on_send_code: Callback<()>,
}

/// The form.
#[component]
pub fn ManageGate(props: &ManageGateProps) -> Html {
    let ManageGateProps { form, on_action, on_open, on_send_code } = props;
    use_focus_on_error(form);
    let onsubmit = on_open.reform(|event: SubmitEvent| event.prevent_default());
    let send_code = on_send_code.reform(|_: MouseEvent| ());
    let error = form.error.clone().map(AttrValue::from);
    let ask = match form.mode {
        GateMode::Birth => "To keep it private, first tell us the patient’s date of birth.",
        GateMode::AskForCode => "To keep it private, this link now opens with a code only.",
        GateMode::Code => "To keep it private, enter the code from the e-mail.",
    };
    let field = match form.mode {
        GateMode::Birth => html! {
            <BirthFields key="birth" born={form.born.clone()} {error}
                oninput={on_action.reform(|(part, text)| GateAction::Born(part, text))} />
        },
        GateMode::AskForCode => Html::default(),
        GateMode::Code => html! {
            <Field key="code" id="code" label="Code" hint="Six digits" inputmode="numeric" width="input--m"
                autocomplete="one-time-code" maxlength="7" value={form.code.clone()} {error}
                oninput={on_action.reform(GateAction::Code)} />
        },
    };
    let buttons = match form.mode {
        GateMode::AskForCode => html! {
            <button class="button" type="button" onclick={send_code} aria-busy={form.busy.to_string()}>
                { "Send me a code by e-mail" }
            </button>
        },
        GateMode::Birth | GateMode::Code => html! {
            <>
                <button class="button" type="submit" aria-busy={form.busy.to_string()}>
                    { "Show the appointment" }
                </button>
                <button class="button button--plain" type="button" onclick={send_code}>
                    { if form.mode == GateMode::Birth { "Send me a code by e-mail instead" } else { "Send a new code" } }
                </button>
            </>
        },
    };
    html! {
        <>
            <div class="stack">
                <h1>{ "Your appointment" }</h1>
                <p>{ ask }</p>
                <p class="no-js-only">{ "This page needs JavaScript. Turn it on, or call the practice." }</p>
                <div role="status">{ told(form) }</div>
            </div>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <div class="optional">{ field }</div>
                <div class="button-row booking__next">{ buttons }</div>
            </form>
        </>
    }
}

fn told(form: &GateForm) -> Html {
    match (&form.problem, &form.told) {
        (Some(problem), _) => html! {
            <Notice kind={NoticeKind::Danger} title={problem.title.clone()} announced=true>
                <p>{ problem.detail.clone().unwrap_or_default() }</p>
            </Notice>
        },
        (None, Some(told)) => html! { <Notice title={told.clone()} announced=true /> },
        (None, None) => Html::default(),
    }
}

/// One field, so its error takes the focus itself.
#[hook]
fn use_focus_on_error(form: &GateForm) {
    let field = match form.mode {
        GateMode::Birth | GateMode::AskForCode => "dob-day",
        GateMode::Code => "code",
    };
    use_effect_with((form.error.clone(), field), |(error, field)| {
        if error.is_some() {
            browser::focus(field);
        }
    });
}
