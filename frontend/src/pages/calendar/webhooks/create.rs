//! The form for another address.

use shared_types::{
    OrganizationId,
    bookings::webhook::{CreateWebhook, WebhookSecret},
};
use yew::prelude::*;

use crate::{
    api::{use_api_client, webhooks},
    browser,
    components::field::Field,
    forms::attempt::Attempt,
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct CreateFormProps {
    pub organization_id: OrganizationId,
    pub on_secret: Callback<WebhookSecret>,
}

/// The address and the button.
#[component]
pub fn CreateForm(props: &CreateFormProps) -> Html {
    let CreateFormProps { organization_id, on_secret } = props;
    let (client, act, attempt) = (use_api_client(), use_act(), use_mut_ref(Attempt::default));
    let address = use_state_eq(String::new);
    let onsubmit = {
        let (act, address, organization_id, on_secret) =
            (act.clone(), address.clone(), *organization_id, on_secret.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let webhook = CreateWebhook { address: address.trim().to_owned() };
            let key = attempt.borrow_mut().key_for(&webhook.address, browser::random_uuid);
            let (client, attempt, on_secret, set) =
                (client.clone(), attempt.clone(), on_secret.clone(), address.setter());
            act.run(
                move || {
                    let (client, attempt) = (client.clone(), attempt.clone());
                    let (webhook, key) = (webhook.clone(), key.clone());
                    async move {
                        let made = webhooks::create_webhook(&client, organization_id, &webhook, key).await;
                        attempt.borrow_mut().settle(made.as_ref().err());
                        made
                    }
                },
                move |made| {
                    set.set(String::new());
                    on_secret.emit(made);
                },
            );
        }
    };
    let oninput = {
        let set = address.setter();
        Callback::from(move |text| set.set(text))
    };
    html! {
        <section class="card stack" aria-labelledby="new-webhook">
            <h2 id="new-webhook">{ "Another address" }</h2>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <Field id="address" label="Address" kind="url" hint="It begins with https:// and is on the public internet."
                    value={(*address).clone()} {oninput} error={act.error("/address")} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>{ "Add it" }</button>
                </div>
            </form>
            <Refused {act} beside={&["/address"][..]} />
        </section>
    }
}
