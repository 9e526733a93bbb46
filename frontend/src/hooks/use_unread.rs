//! How many notices are not read, told by a stream while somebody looks at the page.

use shared_types::notifications::NoticeCount;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{api::notifications, browser::watching};

/// The count; `None` until it is known. The stream is closed while the page is hidden, since a browser keeps only a few
/// connections to one place. It never renews a session: nobody stays signed in because a page lies open, so one that ended is
/// asked for again only where the reader goes on.
#[hook]
pub fn use_unread() -> Option<i64> {
    let unread = use_state_eq(|| None::<i64>);
    let seen = use_state_eq(|| true);
    {
        let seen = seen.setter();
        use_effect_with((), move |()| {
            let listener = watching::on_seen(move |is_seen| seen.set(is_seen));
            move || drop(listener)
        });
    }
    let place = use_location().map(|location| location.path().to_owned());
    {
        let unread = unread.setter();
        use_effect_with((*seen, place), move |(seen, _)| {
            let heard = move |data: String| {
                if let Ok(count) = serde_json::from_str::<NoticeCount>(&data) {
                    unread.set(Some(count.unread));
                }
            };
            let watching = seen.then(|| watching::watch(notifications::STREAM, "notices", heard)).flatten();
            move || drop(watching)
        });
    }
    *unread
}
