//! `GET /api/v1/notifications/platform/previews`: reminders as people get them, in every language, about an appointment that is
//! made up.

use std::future::{Ready, ready};

use kernel::{Json, Reject};
use shared_types::{notifications::MessagePreview, page::Page};

use crate::domain::{preview::previews, sender::Sender};

/// All of them. They name nobody who lives, so reading them is no look at a record.
pub fn list_previews(
    sender: &Sender,
) -> impl Fn() -> Ready<Result<Json<Page<MessagePreview>>, Reject>> + Clone + Send + Sync + 'static {
    let sender = sender.clone();
    move || {
        let items = previews(&sender).map_err(|error| Reject::internal(&error));
        ready(items.map(|items| Json(Page { items, next: None })))
    }
}
