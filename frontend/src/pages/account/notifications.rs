//! What one was told on this site, and how one wants to be told of things.

mod device;
pub mod mail;
mod wishes;

use std::rc::Rc;

use shared_types::{
    notifications::{Notice, Notices, ReadNotices},
    time::when_words,
    users::Me,
};
use yew::{platform::spawn_local, prelude::*};

use self::{device::ThisDevice, mail::ToAddress, wishes::Wishes};
use super::{OnlySignedIn, Own, OwnProps, back_to_account, fetched};
use crate::{
    api::{notifications, use_api_client},
    hooks::{use_head, use_private_api, use_version},
    pages::hold::private_head,
};

const PATH: &str = "/account/notifications";
const TITLE: &str = "Notifications";

/// The page.
#[component]
pub fn NotificationsPage() -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|me: Rc<Me>| html! { <Told me={Own(me)} /> });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}

#[component]
fn Told(props: &OwnProps) -> Html {
    let (version, again) = use_version();
    let notices = use_private_api::<Notices>(notifications::list_notices(), version);
    use_read(notices.as_ref().and_then(|answer| answer.as_ref().ok()));
    html! {
        <>
            <section class="stack" aria-labelledby="told">
                <h2 id="told">{ "What happened" }</h2>
                { fetched(notices, PATH, &again, |notices| list(&notices)) }
            </section>
            <section class="stack" aria-labelledby="wishes">
                <h2 id="wishes">{ "How to be told" }</h2>
                <Wishes />
            </section>
            <section class="stack" aria-labelledby="mail">
                <h2 id="mail">{ "Reminders by e-mail" }</h2>
                <ToAddress me={props.me.clone()} />
            </section>
            <section class="stack" aria-labelledby="device">
                <h2 id="device">{ "On this device" }</h2>
                <ThisDevice />
            </section>
            { back_to_account() }
        </>
    }
}

/// What is on the screen is read. It stays marked as new there until the page is opened again.
#[hook]
fn use_read(notices: Option<&Rc<Notices>>) {
    let client = use_api_client();
    let newest = notices.filter(|notices| notices.unread > 0).and_then(|notices| notices.items.first());
    use_effect_with(newest.map(|newest| newest.notice_id), move |newest| {
        if let Some(up_to) = *newest {
            spawn_local(async move {
                // If it does not work they are new another time.
                let _ = notifications::read_notices(&client, ReadNotices { up_to }).await;
            });
        }
    });
}

fn list(notices: &Notices) -> Html {
    if notices.items.is_empty() {
        return html! { <p>{ "Nothing yet. What becomes of your appointments stands here for three months." }</p> };
    }
    let item = |notice: &Notice| {
        let when = when_words(notice.start, notices.as_of, notice.time_zone);
        html! {
            <li key={notice.notice_id.to_string()} class="log__entry">
                <p>
                    if !notice.read { <span class="badge badge--soon">{ "New" }</span>{ " " } }
                    { format!("{}: {when}", notice.kind.words()) }
                </p>
                <p class="muted">
                    { format!("Told {}. ", when_words(notice.told_at, notices.as_of, notice.time_zone)) }
                    <a href={notice.kind.place()}>{ "See it" }</a>
                </p>
            </li>
        }
    };
    html! { <ul class="log" role="list">{ for notices.items.iter().map(item) }</ul> }
}
