//! On which devices one is told: this one, after a press on its button, and the others.

use shared_types::{
    PushSubscriptionId,
    notifications::push::{PushSubscription, PushSubscriptions},
};
use yew::{platform::spawn_local, prelude::*};

use super::PATH;
use crate::{
    api::{notifications, use_api_client},
    components::{
        moment::Moment,
        notice::{Notice, NoticeKind},
    },
    hooks::{use_act, use_private_api, use_version},
    pages::account::{Refused, fetched},
    push::{self, Standing},
};

/// Says what a device shows, and lets it be switched on and off.
#[component]
pub fn ThisDevice() -> Html {
    let (version, again) = use_version();
    let list = use_private_api::<PushSubscriptions>(notifications::list_push_subscriptions(), version);
    let standing = use_state_eq(|| None::<Standing>);
    {
        let set = standing.setter();
        use_effect_with(version, move |_| spawn_local(async move { set.set(Some(push::standing().await)) }));
    }
    html! {
        <>
            <p>
                { "What the bell tells can come to this device as well, also while HelloMapper is closed or you are signed out. " }
                { "In the night that you chose it stays silent." }
            </p>
            <p>
                { "It is shown on a locked screen, where others may see it: that it is from HelloMapper, what happened to an " }
                { "appointment, and when that is. For example: “Your appointment has moved. Tue 1 Dec, 2:00 pm, Sydney time”. No " }
                { "name, no place, and nothing of what it is for." }
            </p>
            <p>
                { "It goes through the maker of your browser, such as Google, Apple, Microsoft or Mozilla. They learn that " }
                { "HelloMapper has told you something and when, and cannot read what. " }
                <a href="/privacy">{ "Who gets what" }</a>
            </p>
            { fetched(list, PATH, &again, |list| match standing.as_ref() {
                None => html! { <p role="status">{ "Looking at what your browser can do…" }</p> },
                Some(standing) => shown(&list, standing, &again),
            }) }
        </>
    }
}

fn shown(list: &PushSubscriptions, standing: &Standing, on_change: &Callback<()>) -> Html {
    let own = match standing {
        Standing::On(endpoint) => list.items.iter().find(|item| item.endpoint == *endpoint),
        Standing::Off | Standing::Unable | Standing::Forbidden => None,
    };
    let own_id = own.map(|own| own.push_subscription_id);
    let here = match own_id {
        Some(id) => html! { <Stop {id} here=true on_change={on_change.clone()} /> },
        None => not_told(&list.server_key, standing, on_change),
    };
    let others: Vec<_> = list.items.iter().filter(|item| Some(item.push_subscription_id) != own_id).collect();
    html! {
        <>
            <div class="optional">{ here }</div>
            <div class="optional">
                if !others.is_empty() {
                    <h3>{ "Your other devices" }</h3>
                    <ul class="stack" role="list">{ for others.into_iter().map(|item| other(item, on_change)) }</ul>
                }
            </div>
        </>
    }
}

fn not_told(server_key: &str, standing: &Standing, on_change: &Callback<()>) -> Html {
    match standing {
        Standing::Off | Standing::On(_) => {
            html! { <Start server_key={server_key.to_owned()} on_change={on_change.clone()} /> }
        }
        Standing::Unable => html! {
            <p>{ "This browser cannot show messages from here. E-mails and text messages come all the same." }</p>
        },
        Standing::Forbidden => html! {
            <p>{ "This browser may not show messages from here. If you want them, allow them in its settings for this page." }</p>
        },
    }
}

fn other(item: &PushSubscription, on_change: &Callback<()>) -> Html {
    let id = item.push_subscription_id;
    html! {
        <li key={id.to_string()} class="card stack">
            <p>
                { format!("A browser that is told through {}, since ", host(&item.endpoint)) }<Moment at={item.since} />
            </p>
            <Stop {id} here=false on_change={on_change.clone()} />
        </li>
    }
}

/// Whose push service it is, by its address.
fn host(endpoint: &str) -> &str {
    endpoint.split('/').nth(2).unwrap_or_default()
}

#[derive(Clone, PartialEq, Properties)]
struct StartProps {
    server_key: AttrValue,
    on_change: Callback<()>,
}

#[component]
fn Start(props: &StartProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let onclick = {
        let (act, server_key, on_change) = (act.clone(), props.server_key.clone(), props.on_change.clone());
        move |_: MouseEvent| {
            let (client, server_key, on_change) = (client.clone(), server_key.clone(), on_change.clone());
            act.run(
                move || {
                    let (client, server_key) = (client.clone(), server_key.clone());
                    async move {
                        let wanted = push::switch_on(&server_key).await?;
                        notifications::put_push_subscription(&client, &wanted).await
                    }
                },
                move |_| on_change.emit(()),
            );
        }
    };
    html! {
        <div class="stack">
            <p>{ "Your browser then asks you whether HelloMapper may show messages." }</p>
            <div class="button-row">
                <button id="tell-me-here" class="button" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { "Tell me on this device" }
                </button>
            </div>
            <Refused act={act.clone()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct StopProps {
    id: PushSubscriptionId,
    /// Whether it is this device.
    here: bool,
    on_change: Callback<()>,
}

#[component]
fn Stop(props: &StopProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let StopProps { id, here, on_change } = props.clone();
    let onclick = {
        let act = act.clone();
        move |_: MouseEvent| {
            let (client, on_change) = (client.clone(), on_change.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move {
                        notifications::delete_push_subscription(&client, id).await?;
                        if here {
                            // Nothing is sent any more; if the browser still listens, it hears nothing.
                            let _ = push::switch_off().await;
                        }
                        Ok(())
                    }
                },
                move |()| on_change.emit(()),
            );
        }
    };
    let words = if here { "Do not tell me here any more" } else { "Remove this device" };
    html! {
        <>
            if here {
                <Notice kind={NoticeKind::Success} title="You are told on this device" />
            }
            <div class="button-row">
                <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { words }
                </button>
            </div>
            <Refused act={act.clone()} />
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_device_is_known_by_whose_push_service_tells_it() {
        assert_eq!(
            host("https://updates.push.services.mozilla.com/wpush/v2/abc"),
            "updates.push.services.mozilla.com"
        );
        assert_eq!(host("nothing"), "");
    }
}
