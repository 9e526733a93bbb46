//! The fields for who somebody is and how to treat them, with what is wrong beside them.

use shared_types::users::{AccessNeed, ContactChannel};
use yew::prelude::*;

use crate::{
    components::{
        birth_fields::BirthFields,
        checks::{Check, Checks},
        facts::LANGUAGES,
        field::Field,
        party_form::ErrorSummary,
        select_field::SelectField,
    },
    forms::details::{ACCESS_NEEDS, CHANNELS, DetailsAction, DetailsForm, OTHER_LANGUAGE},
};

#[derive(Clone, PartialEq, Properties)]
pub struct DetailsFormProps {
    pub form: DetailsForm,
    pub on_action: Callback<DetailsAction>,
    pub on_submit: Callback<()>,
    /// What the button says.
    pub button: AttrValue,
    /// Whether an answer is out.
    pub busy: bool,
    /// Between the fields and the button: a notice, or a way out.
    #[prop_or_default]
    pub children: Html,
}

/// The form.
#[component]
pub fn DetailsFormView(props: &DetailsFormProps) -> Html {
    let DetailsFormProps { form, on_action, .. } = props;
    let onsubmit = props.on_submit.reform(|event: SubmitEvent| event.prevent_default());
    let error = |pointer: &str| form.error(pointer).map(AttrValue::from);
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <ErrorSummary judged={form.judged} errors={form.errors.clone()} />
            <Field id="name" label="Full name" hint="As on the Medicare card, if there is one" autocomplete="name"
                maxlength="120" value={form.name.clone()} error={error("/name")}
                oninput={on_action.reform(DetailsAction::Name)} />
            <Field id="preferred_name" label="What to be called" optional=true autocomplete="nickname" maxlength="60"
                value={form.preferred_name.clone()} error={error("/preferred_name")}
                oninput={on_action.reform(DetailsAction::PreferredName)} />
            <Field id="pronouns" label="Pronouns" optional=true hint="In your own words, such as she/they"
                maxlength="60" value={form.pronouns.clone()} error={error("/pronouns")}
                oninput={on_action.reform(DetailsAction::Pronouns)} />
            <BirthFields born={form.born.clone()} error={error("/date_of_birth")}
                oninput={on_action.reform(|(part, text)| DetailsAction::Born(part, text))} />
            { languages(form, on_action) }
            <Checks id="access_needs" legend="What helps at a visit"
                hint="Practices get this with a booking. Leave out what you would rather say there."
                checks={needs(form)} on_tick={on_need(on_action)} />
            <Field id="mobile" label="Mobile" kind="tel" optional=true autocomplete="tel" width="input--m"
                maxlength="30" value={form.mobile.clone()} error={error("/mobile")}
                oninput={on_action.reform(DetailsAction::Mobile)} />
            <div class="stack">
                <Checks id="contact_by" legend="How to be reminded" hint="Nothing ticked means no reminders."
                    checks={channels(form)} error={error("/contact_by")} on_tick={on_channel(on_action)} />
                <p class="field__hint">
                    { "Whatever is ticked, no reminder goes to an e-mail address where reminders were stopped: see whether " }
                    { "yours is one in " }
                    <a href="/account/notifications" target="_blank">
                        { "your notifications" }<span class="visually-hidden">{ " (opens in a new tab)" }</span>
                    </a>{ "." }
                </p>
            </div>
            { props.children.clone() }
            <div class="button-row booking__next">
                <button class="button" type="submit" aria-busy={props.busy.to_string()}>
                    { if props.busy { "Saving…" } else { props.button.as_str() } }
                </button>
            </div>
        </form>
    }
}

/// Whether a language stands in the list.
pub fn is_listed(code: &str) -> bool {
    code == "en" || LANGUAGES.iter().any(|(listed, _)| *listed == code)
}

fn languages(form: &DetailsForm, on_action: &Callback<DetailsAction>) -> Html {
    let listed = LANGUAGES.iter().map(|(code, name)| (AttrValue::from(*code), AttrValue::from(*name)));
    let english = (AttrValue::Static("en"), AttrValue::Static("English"));
    let other = (AttrValue::Static(OTHER_LANGUAGE), AttrValue::Static("Another, by its code"));
    let options: Vec<_> = [english].into_iter().chain(listed).chain([other]).collect();
    let error = form.error("/language").map(AttrValue::from);
    let is_other = form.language == OTHER_LANGUAGE;
    html! {
        <>
            <SelectField id="language" label="Language for talking about health" {options}
                value={form.language.clone()} error={error.clone().filter(|_| !is_other)}
                onchange={on_action.reform(DetailsAction::Language)} />
            <div class="optional">
                if is_other {
                    <Field id="other_language" label="Code of the language" width="input--s" maxlength="3"
                        hint="ISO 639: two or three letters, such as tpi for Tok Pisin"
                        value={form.other_language.clone()} {error}
                        oninput={on_action.reform(DetailsAction::OtherLanguage)} />
                }
            </div>
        </>
    }
}

fn needs(form: &DetailsForm) -> Vec<Check> {
    let check = |(need, words): &(AccessNeed, &'static str)| Check {
        code: need.code(),
        words,
        ticked: form.access_needs.contains(need),
    };
    ACCESS_NEEDS.iter().map(check).collect()
}

fn on_need(on_action: &Callback<DetailsAction>) -> Callback<(&'static str, bool)> {
    let on_action = on_action.clone();
    Callback::from(move |(code, ticked): (&'static str, bool)| {
        if let Some((need, _)) = ACCESS_NEEDS.iter().find(|(need, _)| need.code() == code) {
            on_action.emit(DetailsAction::Needs(*need, ticked));
        }
    })
}

fn channels(form: &DetailsForm) -> Vec<Check> {
    let check = |(channel, words): &(ContactChannel, &'static str)| Check {
        code: channel.code(),
        words,
        ticked: form.contact_by.contains(channel),
    };
    CHANNELS.iter().map(check).collect()
}

fn on_channel(on_action: &Callback<DetailsAction>) -> Callback<(&'static str, bool)> {
    let on_action = on_action.clone();
    Callback::from(move |(code, ticked): (&'static str, bool)| {
        if let Some((channel, _)) = CHANNELS.iter().find(|(channel, _)| channel.code() == code) {
            on_action.emit(DetailsAction::Channel(*channel, ticked));
        }
    })
}
