//! `GET /api/v1/notifications/platform/previews` and `GET /api/v1/notifications/practices/{organization_id}/previews`: messages as people
//! get them, in every language, about an appointment that is made up. Practices are asked what they mean, and may read them, too.

use std::future::{Ready, ready};

use axum::extract::Path;
use kernel::{Json, Reject};
use shared_types::{OrganizationId, notifications::MessagePreview, page::Page};

use crate::domain::{preview::previews, sender::Sender};

/// All of them. They name nobody who lives, so reading them is no look at a record.
pub fn list_previews(
    sender: &Sender,
) -> impl Fn() -> Ready<Result<Json<Page<MessagePreview>>, Reject>> + Clone + Send + Sync + 'static {
    let sender = sender.clone();
    move || ready(all(&sender))
}

/// The same, whichever the practice is.
pub fn list_practice_previews(
    sender: &Sender,
) -> impl Fn(Path<OrganizationId>) -> Ready<Result<Json<Page<MessagePreview>>, Reject>>
+ Clone
+ Send
+ Sync
+ 'static {
    let sender = sender.clone();
    move |_: Path<OrganizationId>| ready(all(&sender))
}

fn all(sender: &Sender) -> Result<Json<Page<MessagePreview>>, Reject> {
    let items = previews(sender).map_err(|error| Reject::internal(&error))?;
    Ok(Json(Page { items, next: None }))
}
