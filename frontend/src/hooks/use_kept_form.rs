//! The patient's details, kept in the tab until the booking is confirmed: a reload, a step back or a lost
//! hold costs nobody what they typed. Session storage ends with the tab; nothing goes to local storage.

use gloo_storage::{SessionStorage, Storage};
use yew::prelude::*;

use crate::forms::party::PartyForm;

const KEY: &str = "hm.party";

/// The form, as it was left in this tab. For components that exist in a browser only: it reads while
/// rendering.
#[hook]
pub fn use_kept_form() -> UseReducerHandle<PartyForm> {
    let form = use_reducer_eq(|| SessionStorage::get::<PartyForm>(KEY).unwrap_or_default());
    use_effect_with((*form).clone(), |form| {
        // A full or forbidden storage costs the convenience and nothing else.
        let _ = SessionStorage::set(KEY, form);
    });
    form
}

/// Forgets what was typed: it has become a booking.
pub fn forget_kept_form() {
    SessionStorage::delete(KEY);
}
