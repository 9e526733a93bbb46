//! Suggestions for a place while it is being typed.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Timeout;
use shared_types::providers::{Place, PlaceSuggestions};
use yew::{platform::spawn_local, prelude::*};

use crate::api::{providers::suggest_places, use_api_client};

/// How long the keys must rest before we ask, in milliseconds.
const REST_MS: u32 = 120;

/// What the words could mean; nothing for less than two letters.
#[hook]
pub fn use_places(words: String) -> Vec<Place> {
    let client = use_api_client();
    let places = use_state_eq(Vec::new);
    let set = places.setter();
    use_effect_with(words.trim().to_owned(), move |words| {
        let outdated = Rc::new(Cell::new(false));
        let path = (words.chars().count() >= 2).then(|| suggest_places(words));
        if path.is_none() {
            set.set(Vec::new());
        }
        let timeout = path.map(|path| {
            let outdated = Rc::clone(&outdated);
            Timeout::new(REST_MS, move || {
                spawn_local(async move {
                    // Suggestions that do not come are no loss: the words are understood on submit.
                    let found = client.get(&path).await.read::<PlaceSuggestions>();
                    if !outdated.get() {
                        set.set(found.map(|found| found.items).unwrap_or_default());
                    }
                });
            })
        });
        move || {
            outdated.set(true);
            drop(timeout);
        }
    });
    (*places).clone()
}
