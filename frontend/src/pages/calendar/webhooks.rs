//! `/calendar/{organization_id}/webhooks`: the addresses at which a practice's own programs are told of its appointments, with the
//! secret that signs, a test, and the log of what was sent.

mod card;
mod create;
pub mod log;

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::webhook::{WEBHOOK_STAFF, WebhookSecret, Webhooks},
    users::StaffRole,
};
use yew::prelude::*;

use self::{card::WebhookCard, create::CreateForm};
use crate::{
    api::webhooks,
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
    },
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Webhooks";
/// Who sets them up.
const STAFF: &[StaffRole] = &WEBHOOK_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WebhooksPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn WebhooksPage(props: &WebhooksPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <List {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/webhooks"
            needs={STAFF} {render} />
    }
}

#[component]
fn List(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let shown = use_state_eq(|| None::<WebhookSecret>);
    let on_secret = {
        let (shown, again) = (shown.setter(), on_again.clone());
        Callback::from(move |secret| {
            shown.set(Some(secret));
            again.emit(());
        })
    };
    let found = use_private_api::<Webhooks>(webhooks::list_webhooks(organization_id), version);
    let found = match found {
        None => return loading(),
        Some(Err(problem)) => {
            let here = calendar_path(organization_id, "/webhooks");
            return html! { <Failed {problem} {here} {on_again} /> };
        }
        Some(Ok(found)) => found,
    };
    html! {
        <div class="stack">
            <p>
                { "Your own programs can be told when something happens to an appointment with you. What we send has ids, states " }
                { "and times, and no names. It is signed in the way of Standard Webhooks, so that they can check that it is ours." }
            </p>
            <div class="optional">
                if let Some(secret) = &*shown {
                    <Secret secret={secret.clone()} />
                }
            </div>
            <ul class="stack" role="list">
                { for found.items.iter().map(|one| html! {
                    <WebhookCard key={one.webhook_id.to_string()} webhook={Rc::new(one.clone())} as_of={found.as_of}
                        {organization_id} on_changed={on_again.clone()} on_secret={on_secret.clone()} />
                }) }
            </ul>
            <CreateForm {organization_id} on_secret={on_secret.clone()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SecretProps {
    secret: WebhookSecret,
}

/// The secret, shown this once.
#[component]
fn Secret(props: &SecretProps) -> Html {
    let secret = &props.secret;
    html! {
        <Notice kind={NoticeKind::Soon} title="Copy this secret now">
            <p><code>{ secret.secret.expose() }</code></p>
            <p>
                { format!("It signs what is sent to {}. It is not shown again.", secret.webhook.address) }
                if secret.webhook.former_until.is_some() {
                    { " The former secret signs as well for a day." }
                }
            </p>
        </Notice>
    }
}
