//! Step 3: who comes. Fields with their errors beside them and, when some are wrong, a summary on top that
//! takes the focus.

use shared_types::{problem::FieldError, providers::Place};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{birth_fields::BirthFields, field::Field, icon::Icon, visit_fields::VisitFields};
use crate::{
    browser,
    forms::{
        party::{CONSENT, PartyAction, PartyForm, input_id},
        visit::LOCALITY,
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct PartyFormViewProps {
    pub form: PartyForm,
    /// Who reads what is typed.
    pub practice: AttrValue,
    pub on_action: Callback<PartyAction>,
    pub on_next: Callback<()>,
    /// Whether the practice can be told why one comes: by the children, which stand between the fields and the button.
    #[prop_or_default]
    pub asks_why: bool,
    /// Suburbs and towns for the words in their box, where it is asked where a home visit goes.
    #[prop_or_default]
    pub places: Option<Vec<Place>>,
    /// Whether somebody with an account books: their details say by which ways they are reached.
    #[prop_or_default]
    pub is_member: bool,
    /// What is wrong there.
    #[prop_or_default]
    pub more_errors: Vec<FieldError>,
    #[prop_or_default]
    pub children: Html,
}

/// The form. Its button stands outside, below the children: those may hold a form of their own.
#[component]
pub fn PartyFormView(props: &PartyFormViewProps) -> Html {
    let PartyFormViewProps { form, practice, on_action, on_next, .. } = props;
    let error = |pointer: &str| form.error(pointer).map(|error| AttrValue::from(error.to_owned()));
    let onsubmit = on_next.reform(|event: SubmitEvent| event.prevent_default());
    let own = form.errors.iter().filter(|error| error.pointer != CONSENT);
    let errors: Vec<_> = own.chain(&props.more_errors).cloned().collect();
    let text_me = on_action.reform(|event: Event| {
        PartyAction::TextMe(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let why = if props.asks_why {
        "Why you are coming is sealed: only the practice can read it. "
    } else {
        "We do not ask why you are coming. "
    };
    html! {
        <div class="booking__form">
            <form class="booking__form" id="party" novalidate=true method="post" {onsubmit}>
                <ErrorSummary judged={form.judged} {errors} />
                <Field id="name" label="Full name" hint="As on the Medicare card, if there is one."
                    autocomplete="name"
                    maxlength="120" value={form.name.clone()} error={error("/name")}
                    oninput={on_action.reform(PartyAction::Name)} />
                <Field id="preferred_name" label="What should we call you?" optional=true autocomplete="nickname"
                    maxlength="60" width="input--m" value={form.preferred_name.clone()} error={error("/preferred_name")}
                    oninput={on_action.reform(PartyAction::PreferredName)} />
                <BirthFields born={form.born.clone()} error={error("/date_of_birth")}
                    oninput={on_action.reform(|(part, text)| PartyAction::Born(part, text))} />
                <Field id="email" label="E-mail" kind="email" autocomplete="email" maxlength="254"
                    hint="The confirmation and a link to change the appointment go here." value={form.email.clone()}
                    error={error("/email")} oninput={on_action.reform(PartyAction::Email)} />
                <Field id="mobile" label="Mobile" kind="tel" autocomplete="tel" width="input--m" maxlength="30"
                    hint="In case the practice must reach you." value={form.mobile.clone()} error={error("/mobile")}
                    oninput={on_action.reform(PartyAction::Mobile)} />
                <div class="optional">
                    if !props.is_member {
                        <label class="check">
                            <input type="checkbox" id="text_me" name="text_me" checked={form.text_me} onchange={text_me}
                                aria-describedby="text_me-hint" />
                            <span>{ "Text me if an e-mail does not arrive" }</span>
                        </label>
                        <p class="field__hint" id="text_me-hint">
                            { "Only about this appointment, and never instead of an e-mail that arrives." }
                        </p>
                    }
                </div>
                <div class="optional">
                    if let Some(places) = &props.places {
                        <VisitFields form={form.visit.clone()} places={places.clone()}
                            street_error={error("/visit/street")} place_error={error(LOCALITY)}
                            on_form={on_action.reform(PartyAction::Visit)} />
                    }
                </div>
            </form>
            { props.children.clone() }
            <div class="notice">
                <Icon name="shield" />
                <p class="notice__title">{ "Who sees this" }</p>
                <p class="small">
                    { format!("{practice}, to run the appointment. {why}") }
                    <a href="/what-we-see" target="_blank">
                        { "What we see" }<span class="visually-hidden">{ " (opens in a new tab)" }</span>
                    </a>
                </p>
            </div>
            <div class="button-row booking__next">
                <button class="button" type="submit" form="party">{ "Next: check your details" }</button>
            </div>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ErrorSummaryProps {
    pub errors: Vec<FieldError>,
    /// Goes up each time the form is judged.
    pub judged: u32,
}

/// Everything that is wrong, each entry a link to its field.
#[component]
pub fn ErrorSummary(props: &ErrorSummaryProps) -> Html {
    let summary = use_node_ref();
    {
        let summary = summary.clone();
        let wrong = !props.errors.is_empty();
        use_effect_with(props.judged, move |_| {
            if wrong {
                browser::focus_node(&summary);
            }
        });
    }
    let title = match props.errors.len() {
        1 => "Please check 1 answer".to_owned(),
        count => format!("Please check {count} answers"),
    };
    html! {
        <div class="form-errors">
            if !props.errors.is_empty() {
                <div class="error-summary" role="alert" tabindex="-1" aria-labelledby="errors-title"
                    ref={summary}>
                    <h2 id="errors-title">{ title }</h2>
                    <ul>{ for props.errors.iter().map(error_link) }</ul>
                </div>
            }
        </div>
    }
}

fn error_link(error: &FieldError) -> Html {
    let id = input_id(&error.pointer).to_owned();
    let href = format!("#{id}");
    let onclick = move |click: MouseEvent| {
        // The link would move the view; the cursor should be in the field.
        click.prevent_default();
        browser::focus(&id);
    };
    html! { <li key={error.pointer.clone()}><a {href} {onclick}>{ &error.detail }</a></li> }
}
