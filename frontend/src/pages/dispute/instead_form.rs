//! What happened instead of a visit that nobody marked: a choice and no words, while it is made.

use shared_types::bookings::dispute::Instead;
use yew::prelude::*;

use crate::{
    components::{
        dispute_view::{Reader, instead_words},
        field::FieldError,
    },
    hooks::Act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct InsteadFormProps {
    pub act: Act,
    /// What was chosen, when it is to be sent.
    pub on_instead: Callback<Instead>,
}

/// The choice and the button that sends it.
#[component]
pub fn InsteadForm(props: &InsteadFormProps) -> Html {
    let InsteadFormProps { act, on_instead } = props;
    let chosen = use_state_eq(|| None::<Instead>);
    let lacks = use_state_eq(|| false);
    let onsubmit = {
        let (chosen, lacks, on_instead) = (chosen.clone(), lacks.clone(), on_instead.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            lacks.set(chosen.is_none());
            if let Some(instead) = *chosen {
                on_instead.emit(instead);
            }
        }
    };
    let choice = |instead: Instead| {
        let (chosen, is_chosen) = (chosen.clone(), *chosen == Some(instead));
        let onchange = move |_: Event| chosen.set(Some(instead));
        html! {
            <label key={instead.code()} class="check">
                <input type="radio" name="instead" value={instead.code()} checked={is_chosen} {onchange} />
                <span>{ instead_words(instead, Reader::Patient) }</span>
            </label>
        }
    };
    let lacking = (*lacks && chosen.is_none()).then_some(AttrValue::Static("Choose what happened"));
    let error = lacking.or_else(|| act.error("/instead"));
    html! {
        <div class="stack">
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <fieldset class="fieldset" role="radiogroup" aria-required="true"
                    aria-invalid={error.as_ref().map(|_| "true")} aria-describedby="instead-error">
                    <legend>{ "What happened" }</legend>
                    <p class="field__hint">
                        { "The practice and our administrators read it. If you did not go, what you agreed to about not coming counts." }
                    </p>
                    <div role="alert"><FieldError id="instead-error" {error} /></div>
                    <div>{ for Instead::ALL.into_iter().map(choice) }</div>
                </fieldset>
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { "It did not take place" }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/instead"][..]} />
        </div>
    }
}
