//! Reads an endpoint, on whichever side the page is being made.
//!
//! On the server it fetches and leaves the reply's text in the page; at hydration that text is used again;
//! after that the browser fetches. Three forms: [`use_api`] suspends, so that a page is written as if the
//! answer were there; [`use_live_api`] keeps showing the last answer while the next is under way, for lists
//! that follow their filters; [`use_private_api`] never fetches on the server, for what only one person may
//! see.

use std::{cell::Cell, cell::RefCell, rc::Rc};

use serde::de::DeserializeOwned;
use shared_types::Problem;
use yew::{
    platform::spawn_local,
    prelude::*,
    suspense::{Suspension, SuspensionResult},
};

use crate::api::{Reply, use_api_client};

/// The answer of a `GET`; suspends until it is there, and again when `path` changes.
#[hook]
pub fn use_api<T: DeserializeOwned + 'static>(path: String) -> SuspensionResult<Result<Rc<T>, Problem>> {
    let client = use_api_client();
    let in_flight = use_mut_ref(|| None::<InFlight>);
    let prepared = use_prepared(path.clone())?;
    let reply = match prepared {
        Some(reply) => reply,
        None => {
            let mut in_flight = in_flight.borrow_mut();
            let current = match in_flight.take().filter(|flight| flight.path == path) {
                Some(flight) => flight,
                None => InFlight::start(path, move |path| async move { client.get(&path).await }),
            };
            in_flight.insert(current).landed()?
        }
    };
    Ok(use_read(reply))
}

/// An answer that may be about to be replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Live<T> {
    /// The last answer; absent only before the first.
    pub latest: Option<Result<Rc<T>, Problem>>,
    /// Whether another is under way.
    pub loading: bool,
}

/// The answer of a `GET` that stays on the screen while the next one is fetched. Suspends only on the server
/// and while hydrating.
#[hook]
pub fn use_live_api<T: DeserializeOwned + 'static>(path: String) -> SuspensionResult<Live<T>> {
    use_live_api_if(Some(path))
}

/// The same; without a path there is nothing to ask, and no answer.
#[hook]
pub fn use_live_api_if<T: DeserializeOwned + 'static>(path: Option<String>) -> SuspensionResult<Live<T>> {
    // An empty path is answered on the spot.
    let asked = path.clone().unwrap_or_default();
    let prepared = use_prepared(asked.clone())?.filter(|_| path.is_some());
    let fetched = use_fetched(path.clone().filter(|_| prepared.is_none()), 0);
    let last = use_mut_ref(|| None::<Rc<Reply>>);

    if path.is_none() {
        last.borrow_mut().take();
    }
    let current = prepared.or_else(|| fetched.filter(|(of, _)| *of == asked).map(|(_, reply)| reply));
    let loading = path.is_some() && current.is_none();
    if current.is_some() {
        (*last.borrow_mut()).clone_from(&current);
    }
    let shown = current.or_else(|| last.borrow().clone());
    let latest = use_memo(shown, |shown| shown.as_ref().map(|reply| reply.read::<T>().map(Rc::new)));
    Ok(Live { latest: (*latest).clone(), loading })
}

/// The answer of a `GET` that is made only in the browser, once per `path` and `version`; raise the version
/// to ask again. `None` until it is there: the server renders that state.
#[hook]
pub fn use_private_api<T: DeserializeOwned + 'static>(
    path: String,
    version: u32,
) -> Option<Result<Rc<T>, Problem>> {
    use_private_api_if(Some(path), version)
}

/// The same; without a path there is nothing to ask, and no answer.
#[hook]
pub fn use_private_api_if<T: DeserializeOwned + 'static>(
    path: Option<String>,
    version: u32,
) -> Option<Result<Rc<T>, Problem>> {
    let fetched = use_fetched(path.clone(), version).filter(|(of, _)| path.as_ref() == Some(of));
    let read = use_memo(fetched.map(|(_, reply)| reply), |reply| {
        reply.as_ref().map(|reply| reply.read::<T>().map(Rc::new))
    });
    (*read).clone()
}

/// The reply that the server left in the page for this path.
#[hook]
fn use_prepared(path: String) -> SuspensionResult<Option<Rc<Reply>>> {
    // Only the server's build has the closure that uses it.
    let _client = use_api_client();
    use_prepared_state!(path, async move |path: Rc<String>| -> Reply {
        if path.is_empty() { Reply::nothing() } else { _client.get(&path).await }
    })
}

/// Fetches in an effect; the answer of an outdated request is dropped.
#[hook]
fn use_fetched(path: Option<String>, version: u32) -> Option<(String, Rc<Reply>)> {
    let client = use_api_client();
    let fetched = use_state(|| None::<(String, Rc<Reply>)>);
    let set = fetched.setter();
    use_effect_with((path, version), move |(path, _)| {
        let outdated = Rc::new(Cell::new(false));
        if let Some(path) = path.clone() {
            let outdated = Rc::clone(&outdated);
            spawn_local(async move {
                let reply = client.get(&path).await;
                if !outdated.get() {
                    set.set(Some((path, Rc::new(reply))));
                }
            });
        }
        move || outdated.set(true)
    });
    (*fetched).clone()
}

/// Reads a reply once, however often the component renders.
#[hook]
fn use_read<T: DeserializeOwned + 'static>(reply: Rc<Reply>) -> Result<Rc<T>, Problem> {
    let read = use_memo(reply, |reply| reply.read::<T>().map(Rc::new));
    (*read).clone()
}

/// A request begun while rendering; it outlives the renders that are suspended on it.
struct InFlight {
    path: String,
    reply: Rc<RefCell<Option<Rc<Reply>>>>,
    suspension: Suspension,
}

impl InFlight {
    fn start<F: Future<Output = Reply> + 'static>(path: String, fetch: impl FnOnce(String) -> F) -> Self {
        let reply = Rc::new(RefCell::new(None));
        let fetching = fetch(path.clone());
        let slot = Rc::clone(&reply);
        let suspension = Suspension::from_future(async move {
            let fetched = fetching.await;
            *slot.borrow_mut() = Some(Rc::new(fetched));
        });
        Self { path, reply, suspension }
    }

    fn landed(&self) -> SuspensionResult<Rc<Reply>> {
        self.reply.borrow().clone().ok_or_else(|| self.suspension.clone())
    }
}
