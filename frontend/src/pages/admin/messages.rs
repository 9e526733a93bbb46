//! `/admin/messages`: messages that did not arrive and that no practice sees, why, and sending them again. Nothing says whom they were
//! for: who runs the site mends what is in their way, and needs to know no more.

use std::rc::Rc;

use shared_types::{notifications::UndeliveredPlatformMessage, page::Page};
use yew::prelude::*;

use crate::{
    api::{notifications, use_api_client},
    browser,
    components::{
        about::about_words,
        failed::Failed,
        message_words::{channel_words, message_words, tried_words, undelivered_platform_words},
        moment::Moment,
    },
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning,
        support::ForSupport,
    },
};

const TITLE: &str = "Messages that did not arrive";
const PATH: &str = "/admin/messages";

/// The page.
#[component]
pub fn MessagesPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Messages /></ForSupport> }
}

#[component]
fn Messages() -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let sent = use_state_eq(|| false);
    let path = notifications::list_platform_undelivered(cursor.as_deref());
    let page = use_private_api::<Page<UndeliveredPlatformMessage>>(path, version);
    let on_sent = {
        let (on_again, sent) = (on_again.clone(), sent.setter());
        Callback::from(move |()| {
            sent.set(true);
            on_again.emit(());
            // The button has gone with what it did.
            browser::focus("main");
        })
    };
    let list = match page {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => html! {
            <>
                <PlatformUndelivered items={Rc::new(page.items.clone())} {on_sent} />
                { turning(&cursor, page.next.as_ref()) }
            </>
        },
    };
    html! {
        <div class="stack">
            <p>
                { "What we could not hand over and no practice sees: about accounts, waiting lists and invitations, to practices, and \
                   codes. The latest first, and without whom they were for. Practices see what is about their bookings." }
            </p>
            <div class="optional" role="status">
                if *sent {
                    <p>{ "It goes out again within a minute. If it fails once more, it comes back here." }</p>
                }
            </div>
            <div class="optional">{ list }</div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct PlatformUndeliveredProps {
    pub items: Rc<Vec<UndeliveredPlatformMessage>>,
    pub on_sent: Callback<()>,
}

/// The messages, in the order they came.
#[component]
pub fn PlatformUndelivered(props: &PlatformUndeliveredProps) -> Html {
    let PlatformUndeliveredProps { items, on_sent } = props;
    if items.is_empty() {
        return html! { <p>{ "Nothing is here: all messages that no practice sees were handed over." }</p> };
    }
    html! {
        <ul class="stack" role="list">
            { for items.iter().map(|one| html! {
                <Row key={one.message_id.to_string()} message={Rc::new(one.clone())} on_sent={on_sent.clone()} />
            }) }
        </ul>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    message: Rc<UndeliveredPlatformMessage>,
    on_sent: Callback<()>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { message, on_sent } = props;
    let (client, act) = (use_api_client(), use_act());
    let message_id = message.message_id;
    let onclick = {
        let (act, on_sent) = (act.clone(), on_sent.clone());
        move |_: MouseEvent| {
            let (client, on_sent) = (client.clone(), on_sent.clone());
            let send = move || {
                let client = client.clone();
                async move { notifications::send_platform_again(&client, message_id).await }
            };
            act.run(send, move |()| on_sent.emit(()));
        }
    };
    let kind = message_words(&message.template);
    html! {
        <li class="card stack">
            <h2>{ format!("{kind}, {}", channel_words(message.channel)) }</h2>
            <p>{ "Written " }<Moment at={message.written_at} />{ "." }</p>
            <p>{ undelivered_platform_words(message.reason, message.channel) }</p>
            <p class="small muted">{ tried_words(message.attempts, message.why.as_deref()) }</p>
            <div class="optional stack">
                if message.can_be_sent_again {
                    <div class="button-row">
                        <button type="button" class="button button--quiet" {onclick} aria-busy={act.busy.to_string()}>
                            { "Send again" }{ about_words(kind) }
                        </button>
                    </div>
                    <Refused act={act.clone()} />
                } else {
                    <p class="small">
                        { "It cannot be sent again: what it carries is over or was told since, or its words were deleted, which we do \
                           once a mail server has taken them, and after a week." }
                    </p>
                }
            </div>
        </li>
    }
}
