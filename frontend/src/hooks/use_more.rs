//! Further pages of a list, added under the first as they are asked for.

use std::rc::Rc;

use shared_types::providers::SearchReply;
use yew::{platform::spawn_local, prelude::*};

use crate::api::use_api_client;

/// Pages after the first.
#[derive(Clone, Debug, PartialEq)]
pub struct More {
    /// In order.
    pub pages: Rc<Vec<SearchReply>>,
    /// Whether one is on its way.
    pub loading: bool,
    /// Whether the last one did not come.
    pub failed: bool,
    /// Fetches the page at an API path.
    pub load: Callback<String>,
}

#[derive(Clone, Default, PartialEq)]
struct State {
    /// The list that these pages continue.
    of: String,
    pages: Rc<Vec<SearchReply>>,
    loading: bool,
    failed: bool,
}

/// Pages after the first of the list `of`; another list starts afresh.
#[hook]
pub fn use_more(of: String) -> More {
    let client = use_api_client();
    let state = use_state_eq(State::default);
    // A page that comes late must not end up under another list.
    let wanted = use_mut_ref(String::new);
    (*wanted.borrow_mut()).clone_from(&of);
    let current = if state.of == of { (*state).clone() } else { State { of, ..State::default() } };
    let load = {
        let current = current.clone();
        Callback::from(move |path: String| {
            if current.loading {
                return;
            }
            state.set(State { loading: true, failed: false, ..current.clone() });
            let (client, state, current, wanted) =
                (client.clone(), state.clone(), current.clone(), wanted.clone());
            spawn_local(async move {
                let reply = client.get(&path).await.read::<SearchReply>();
                if *wanted.borrow() != current.of {
                    return;
                }
                let mut pages = (*current.pages).clone();
                let failed = reply.map(|page| pages.push(page)).is_err();
                state.set(State { pages: Rc::new(pages), loading: false, failed, of: current.of });
            });
        })
    };
    More { pages: current.pages, loading: current.loading, failed: current.failed, load }
}
