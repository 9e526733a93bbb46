//! Replies with personal data: they leave only behind the commit of their audit entry.

use axum::response::{IntoResponse, Response};
use shared_types::{page::Page, personal::PersonalData};
use sqlx::{Postgres, Transaction};

use crate::{
    Core, MediaType, Written,
    audit::{Entry, NotRecorded, Recorded, record_all},
};

/// A reply with personal data whose audit entry is committed. There is no other way to make one, so a handler that
/// returns it cannot have forgotten to write down who read what.
#[derive(Debug)]
pub struct Disclosed<T>(T);

impl<T: PersonalData> Disclosed<T> {
    /// Commits the transaction that the entry was written in. Nothing is disclosed when that fails.
    ///
    /// # Errors
    /// [`NotRecorded`] when the commit fails; nothing was changed then.
    pub async fn commit(
        core: &Core,
        tx: Transaction<'static, Postgres>,
        _: Recorded,
        reply: T,
    ) -> sqlx::Result<Self> {
        core.commit(tx).await.map_err(NotRecorded)?;
        Ok(Self(reply))
    }

    /// The same as something other than JSON, such as a file.
    pub fn written_as<M: MediaType>(self, write: impl FnOnce(T) -> String) -> Written<M> {
        Written::new(write(self.0))
    }
}

impl<T: PersonalData> Disclosed<Page<T>> {
    /// Writes down and commits a page, each item with an entry of its own, since each may be another person's. A page
    /// without items tells of nobody.
    ///
    /// # Errors
    /// [`NotRecorded`] when an entry cannot be written or the commit fails; nothing was changed then.
    pub async fn commit_page(
        core: &Core,
        mut tx: Transaction<'static, Postgres>,
        items: Vec<(T, Entry)>,
        next: Option<String>,
    ) -> sqlx::Result<Self> {
        let (items, entries): (Vec<_>, Vec<_>) = items.into_iter().unzip();
        record_all(&mut tx, core, &entries).await?;
        core.commit(tx).await.map_err(NotRecorded)?;
        Ok(Self(Page { items, next }))
    }
}

impl<T: PersonalData> IntoResponse for Disclosed<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
