//! What a webhook was told, with what it answered.

use std::rc::Rc;

use shared_types::{
    OrganizationId, WebhookDeliveryId, WebhookId,
    bookings::webhook::{DeliveryFailure, DeliveryStatus, WebhookDeliveries, WebhookDelivery, WebhookTry},
};
use yew::prelude::*;

use crate::{
    api::{use_api_client, webhooks},
    components::{failed::Failed, moment::Moment},
    hooks::{use_act, use_private_api},
    pages::{
        account::{Refused, loading},
        practice_desk::calendar_path,
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct LogProps {
    pub organization_id: OrganizationId,
    pub webhook_id: WebhookId,
    /// Goes up when there is something new in it.
    pub version: u32,
    pub on_again: Callback<()>,
}

/// The log, the latest first.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let LogProps { organization_id, webhook_id, version, on_again } = props;
    let (client, act) = (use_api_client(), use_act());
    let (organization_id, webhook_id) = (*organization_id, *webhook_id);
    let path = webhooks::list_deliveries(organization_id, webhook_id);
    let found = use_private_api::<WebhookDeliveries>(path, *version);
    let on_redeliver = {
        let (act, again) = (act.clone(), on_again.clone());
        Callback::from(move |id: WebhookDeliveryId| {
            let (client, again) = (client.clone(), again.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { webhooks::redeliver(&client, organization_id, webhook_id, id).await }
                },
                move |_| again.emit(()),
            );
        })
    };
    let content = match found {
        None => loading(),
        Some(Err(problem)) => {
            let here = calendar_path(organization_id, "/webhooks");
            html! { <Failed {problem} {here} on_again={on_again.clone()} /> }
        }
        Some(Ok(found)) => html! { <Deliveries {found} {on_redeliver} /> },
    };
    html! {
        <section class="stack" aria-label="What was sent">
            <div class="button-row">
                <button type="button" class="button button--plain" onclick={on_again.reform(|_: MouseEvent| ())}>
                    { "Load again" }
                </button>
            </div>
            { content }
            <Refused {act} />
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct DeliveriesProps {
    pub found: Rc<WebhookDeliveries>,
    pub on_redeliver: Callback<WebhookDeliveryId>,
}

/// Each thing that was told.
#[component]
pub fn Deliveries(props: &DeliveriesProps) -> Html {
    let DeliveriesProps { found, on_redeliver } = props;
    if found.items.is_empty() {
        return html! { <p>{ "Nothing yet." }</p> };
    }
    html! { <ol class="stack" role="list">{ for found.items.iter().map(|one| delivery(one, on_redeliver)) }</ol> }
}

fn delivery(one: &WebhookDelivery, on_redeliver: &Callback<WebhookDeliveryId>) -> Html {
    let id = one.webhook_delivery_id;
    let onclick = on_redeliver.reform(move |_: MouseEvent| id);
    html! {
        <li key={id.to_string()} class="stack">
            <p><strong><code>{ &one.event }</code></strong>{ ", " }<Moment at={one.created_at} /></p>
            <p>
                { standing_words(one) }
                if let Some(due) = one.due_at {
                    { " Tried next: " }<Moment at={due} />{ "." }
                }
            </p>
            <details>
                <summary>{ "What is sent" }</summary>
                <p class="note__text"><code>{ &one.body }</code></p>
                <p class="small muted">{ format!("webhook-id: {id}") }</p>
            </details>
            <Tries tries={one.tries.clone()} />
            <div class="button-row">
                <button type="button" class="button button--quiet" {onclick}>
                    { "Send again" }<span class="visually-hidden">{ format!(": {}", one.event) }</span>
                </button>
            </div>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct TriesProps {
    pub tries: Vec<WebhookTry>,
}

/// How it was tried, also before it was sent again.
#[component]
pub fn Tries(props: &TriesProps) -> Html {
    if props.tries.is_empty() {
        return Html::default();
    }
    let tried = props.tries.iter().map(|one| {
        let key = one.attempted_at.to_string();
        html! { <li {key}><Moment at={one.attempted_at} />{ ": " }{ try_words(one) }</li> }
    });
    html! {
        <details>
            <summary>{ "How it was tried" }</summary>
            <ol class="stack">{ for tried }</ol>
        </details>
    }
}

/// `Answered with 500: it was refused.`
fn try_words(one: &WebhookTry) -> String {
    match (one.response_status, one.failure) {
        (Some(status), None) => format!("answered with {status}."),
        (Some(status), Some(failure)) => format!("answered with {status}: {}.", failure_words(failure)),
        (None, Some(failure)) => format!("{}.", failure_words(failure)),
        (None, None) => "not known what came of it.".to_owned(),
    }
}

/// `Delivered at the second try, answered with 204.`
fn standing_words(one: &WebhookDelivery) -> String {
    let answered = one.response_status.map(|status| format!(", answered with {status}")).unwrap_or_default();
    let why = one.failure.map(failure_words).unwrap_or_default();
    match (one.status, one.attempts) {
        (DeliveryStatus::Pending, 0) => "Not tried yet.".to_owned(),
        (DeliveryStatus::Pending, tries) => format!("Tried {}{answered}: {why}.", times(tries)),
        (DeliveryStatus::Delivered, tries) => format!("Delivered, tried {}{answered}.", times(tries)),
        (DeliveryStatus::Failed, tries) => format!("Given up, tried {}{answered}: {why}.", times(tries)),
    }
}

fn times(count: i32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn failure_words(failure: DeliveryFailure) -> &'static str {
    match failure {
        DeliveryFailure::NotCalled => "the address is not one that is called",
        DeliveryFailure::Unreachable => "nobody answered",
        DeliveryFailure::TimedOut => "the answer took too long",
        DeliveryFailure::Refused => "it was refused",
    }
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::webhook::{DeliveryFailure, DeliveryStatus, WebhookDelivery, WebhookTry};
    use uuid::Uuid;

    use super::{standing_words, try_words};

    #[test]
    fn a_delivery_says_how_often_it_was_tried_and_what_came_back() {
        let one = |status, attempts, response_status, failure| WebhookDelivery {
            webhook_delivery_id: Uuid::nil().into(),
            event: "ping".to_owned(),
            status,
            attempts,
            response_status,
            failure,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            attempted_at: None,
            due_at: None,
            body: String::new(),
            tries: Vec::new(),
        };
        for (delivery, words) in [
            (one(DeliveryStatus::Pending, 0, None, None), "Not tried yet."),
            (
                one(DeliveryStatus::Pending, 1, Some(500), Some(DeliveryFailure::Refused)),
                "Tried once, answered with 500: it was refused.",
            ),
            (
                one(DeliveryStatus::Delivered, 2, Some(204), None),
                "Delivered, tried 2 times, answered with 204.",
            ),
            (
                one(DeliveryStatus::Failed, 10, None, Some(DeliveryFailure::TimedOut)),
                "Given up, tried 10 times: the answer took too long.",
            ),
        ] {
            assert_eq!(standing_words(&delivery), words);
        }
    }

    #[test]
    fn a_try_says_what_came_of_it() {
        let one = |response_status, failure| WebhookTry {
            attempted_at: jiff::Timestamp::UNIX_EPOCH,
            settled_at: None,
            response_status,
            failure,
        };
        for (tried, words) in [
            (one(Some(204), None), "answered with 204."),
            (one(Some(500), Some(DeliveryFailure::Refused)), "answered with 500: it was refused."),
            (one(None, Some(DeliveryFailure::TimedOut)), "the answer took too long."),
            (one(None, None), "not known what came of it."),
        ] {
            assert_eq!(try_words(&tried), words);
        }
    }
}
