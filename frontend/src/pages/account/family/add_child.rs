//! Adding a child below 15, by a parent's or guardian's statement.

use std::rc::Rc;

use shared_types::{
    Problem,
    bookings::ConsentGiven,
    users::{AddChild, AddDependant, ConsentText},
};
use yew::prelude::*;

use super::{PATH, dependants::leave};
use crate::{
    api::{use_api_client, users},
    browser,
    components::consent_box::ConsentBox,
    forms::{
        attempt::Attempt,
        details::{DetailsAction, DetailsForm},
    },
    hooks::{use_act, use_private_api, use_version},
    pages::account::{
        Refused,
        details_form::DetailsFormView,
        fetched,
        profile::{BESIDE, today, use_judged},
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct AddChildFormProps {
    pub on_done: Callback<()>,
    pub on_close: Callback<()>,
}

/// The form, once the statement is there to be read.
#[component]
pub fn AddChildForm(props: &AddChildFormProps) -> Html {
    let (version, again) = use_version();
    let text = use_private_api::<ConsentText>(users::get_consent_text("parent-statement"), version);
    html! {
        <div class="card stack">
            <h3>{ "Add a child below 15" }</h3>
            { fetched(text, PATH, &again, |text| html! {
                <Form {text} on_done={props.on_done.clone()} on_close={props.on_close.clone()} />
            }) }
            { leave("Not now", &props.on_close) }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    text: Rc<ConsentText>,
    on_done: Callback<()>,
    on_close: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let form = use_reducer(DetailsForm::blank);
    let attempt = use_mut_ref(Attempt::default);
    use_judged(form.dispatcher(), &act);
    let on_submit = {
        let (act, form, props) = (act.clone(), form.clone(), props.clone());
        Callback::from(move |()| {
            let details = match form.check(today(), true) {
                Ok(details) => details,
                Err(errors) => return form.dispatch(DetailsAction::Judge(errors)),
            };
            form.dispatch(DetailsAction::Judge(Vec::new()));
            let statement = ConsentGiven { text: props.text.text.clone(), version: props.text.version };
            let body = AddDependant::Child(AddChild { details, statement });
            let what = serde_json::to_string(&body).unwrap_or_default();
            let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
            let (client, attempt) = (client.clone(), attempt.clone());
            let (on_done, on_close) = (props.on_done.clone(), props.on_close.clone());
            act.run(
                move || {
                    let (client, body, key, attempt) =
                        (client.clone(), body.clone(), key.clone(), attempt.clone());
                    async move {
                        let added: Result<_, Problem> = users::add_dependant(&client, &body, key).await;
                        attempt.borrow_mut().settle(added.as_ref().err());
                        added
                    }
                },
                move |_| {
                    on_close.emit(());
                    on_done.emit(());
                },
            );
        })
    };
    let on_agree = {
        let form = form.dispatcher();
        Callback::from(move |ticked| form.dispatch(DetailsAction::Agreed(ticked)))
    };
    let error = form.error("/consent").map(AttrValue::from);
    html! {
        <div class="stack">
            <DetailsFormView form={(*form).clone()} on_action={form.dispatcher()} {on_submit} button="Add the child"
                busy={act.busy}>
                <ConsentBox text={Rc::clone(&props.text)} agreed={form.agreed} {on_agree} {error} />
            </DetailsFormView>
            <Refused act={act.clone()} beside={BESIDE} />
        </div>
    }
}
