//! One webhook: where it stands, and what can be done with it.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    OrganizationId, Problem, WebhookId,
    bookings::webhook::{Webhook, WebhookSecret, WebhookStatus},
};
use yew::prelude::*;

use super::log::Log;
use crate::{
    api::{ApiClient, use_api_client, webhooks},
    components::moment::Moment,
    hooks::{use_act, use_version},
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct WebhookCardProps {
    pub webhook: Rc<Webhook>,
    /// The clock of the reply.
    pub as_of: Timestamp,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
    pub on_secret: Callback<WebhookSecret>,
}

/// The card.
#[component]
pub fn WebhookCard(props: &WebhookCardProps) -> Html {
    let WebhookCardProps { webhook, as_of, organization_id, on_changed, on_secret } = props;
    let (client, act) = (use_api_client(), use_act());
    let (log, on_log) = use_version();
    let open = use_state_eq(|| false);
    let (organization_id, id) = (*organization_id, webhook.webhook_id);
    let active = webhook.status == WebhookStatus::Active;
    // What changes the card itself.
    let change = |send: Change| {
        let (client, act, changed) = (client.clone(), act.clone(), on_changed.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { send.made(&client, organization_id, id).await }
                },
                move |()| changed.emit(()),
            );
        })
    };
    let ping = {
        let (client, act, on_log, open) = (client.clone(), act.clone(), on_log.clone(), open.setter());
        Callback::from(move |_: MouseEvent| {
            let (client, on_log, open) = (client.clone(), on_log.clone(), open.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { webhooks::ping_webhook(&client, organization_id, id).await }
                },
                move |_| {
                    open.set(true);
                    on_log.emit(());
                },
            );
        })
    };
    let rotate = {
        let (client, act, on_secret) = (client.clone(), act.clone(), on_secret.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, on_secret) = (client.clone(), on_secret.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { webhooks::rotate_webhook_secret(&client, organization_id, id).await }
                },
                move |secret| on_secret.emit(secret),
            );
        })
    };
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let busy = act.busy.to_string();
    let plain = |onclick: Callback<MouseEvent>, words: &'static str| {
        html! {
            <button type="button" class="button button--quiet" {onclick} aria-busy={busy.clone()}>
                { words }<span class="visually-hidden">{ format!(": {}", webhook.address) }</span>
            </button>
        }
    };
    html! {
        <li class="card stack">
            <h2><code>{ &webhook.address }</code></h2>
            <p><strong>{ status_words(webhook.status) }</strong></p>
            if let Some(until) = webhook.former_until.filter(|until| until > as_of) {
                <p class="small muted">{ "The former secret signs as well until " }<Moment at={until} />{ "." }</p>
            }
            <div class="button-row">
                { plain(ping, "Send a test") }
                { plain(change(if active { Change::Off } else { Change::On }), if active { "Switch off" } else { "Switch on" }) }
                { plain(rotate, "New secret") }
                { plain(change(Change::Remove), "Remove") }
                <button type="button" class="button button--plain" onclick={toggle} aria-expanded={open.to_string()}>
                    { "What was sent" }
                </button>
            </div>
            <Refused {act} />
            if *open {
                <Log {organization_id} webhook_id={id} version={log} on_again={on_log} />
            }
        </li>
    }
}

/// What a button of the card does.
#[derive(Clone, Copy)]
enum Change {
    On,
    Off,
    Remove,
}

impl Change {
    async fn made(
        self,
        client: &ApiClient,
        organization_id: OrganizationId,
        id: WebhookId,
    ) -> Result<(), Problem> {
        match self {
            Self::On => webhooks::set_webhook_active(client, organization_id, id, true).await.map(drop),
            Self::Off => webhooks::set_webhook_active(client, organization_id, id, false).await.map(drop),
            Self::Remove => webhooks::delete_webhook(client, organization_id, id).await,
        }
    }
}

fn status_words(status: WebhookStatus) -> &'static str {
    match status {
        WebhookStatus::Active => "On: it is told of every appointment.",
        WebhookStatus::Off => "Off.",
        WebhookStatus::Stopped => {
            "Off, since nobody answered there for a day. See what went wrong, then switch it on."
        }
    }
}
