//! The page's side of the vault: starts its worker when it is first needed and waits for answers. No key ever comes
//! here; passwords and codes go through on their way from a field to the worker.
//!
//! What an account's browser has to remember (the log and the keys it has seen, and the versions of notes) is its
//! *book*: sealed by the account's key, so that it may lie in the browser's storage.

use std::cell::Cell;

use gloo_storage::{LocalStorage, Storage as _};
use shared_types::{
    AccountId,
    vault::{VaultReply, VaultRequest},
};

use crate::hooks::use_note_draft;

thread_local! {
    /// Whether the password last derived is known to be the account's.
    static RIGHT_PASSWORD: Cell<bool> = const { Cell::new(false) };
}

/// Asks the vault. On the server, and when the worker cannot be started, it refuses.
pub async fn ask(request: VaultRequest) -> VaultReply {
    if derives_or_forgets(&request) {
        RIGHT_PASSWORD.set(false);
    }
    worker::ask(with_book(request)).await
}

/// Notes that the server took the password last derived for the account's: keys that are made may be wrapped by it.
pub fn password_is_right() {
    RIGHT_PASSWORD.set(true);
}

/// Whether keys may be wrapped by the password last derived. One that was mistyped would lock them for ever.
pub fn has_right_password() -> bool {
    RIGHT_PASSWORD.get()
}

fn derives_or_forgets(request: &VaultRequest) -> bool {
    match request {
        VaultRequest::NewPassword { .. } | VaultRequest::Password { .. } | VaultRequest::Lock => true,
        VaultRequest::Standing
        | VaultRequest::Since
        | VaultRequest::CreateKeys { .. }
        | VaultRequest::Unlock { .. }
        | VaultRequest::Rewrap
        | VaultRequest::WrapByPasskey { .. }
        | VaultRequest::NewRecoveryCode
        | VaultRequest::Look { .. }
        | VaultRequest::Agree { .. }
        | VaultRequest::Seal { .. }
        | VaultRequest::Open { .. }
        | VaultRequest::BeginEpoch { .. }
        | VaultRequest::GiveKeys { .. }
        | VaultRequest::RecoverMailbox { .. }
        | VaultRequest::AuditSince { .. }
        | VaultRequest::CheckTrail { .. } => false,
    }
}

/// Keys that are opened without their book would forget whom this browser knows: whoever opens them need not think of it.
fn with_book(mut request: VaultRequest) -> VaultRequest {
    if let VaultRequest::Unlock { account_id, book, .. } = &mut request
        && book.is_none()
    {
        *book = LocalStorage::get(book_name(*account_id)).ok();
    }
    request
}

/// Asks the vault for an account, and keeps what the answer gives this browser to remember.
pub async fn ask_for(account_id: AccountId, request: VaultRequest) -> VaultReply {
    let reply = ask(request).await;
    if let Some(book) = to_remember(&reply) {
        // A browser that forbids storage remembers as long as the tab lives.
        let _ = LocalStorage::set(book_name(account_id), book);
    }
    reply
}

/// How much of the key log this browser has seen: goes to the server as `since`, which then shows that the log has only
/// grown from there.
pub async fn log_size() -> Option<u64> {
    if let VaultReply::Since { since } = ask(VaultRequest::Since).await { since } else { None }
}

/// How much of a service's audit log this browser has seen, for the same.
pub async fn audit_log_size(service: &str) -> Option<u64> {
    let reply = ask(VaultRequest::AuditSince { service: service.to_owned() }).await;
    if let VaultReply::Since { since } = reply { since } else { None }
}

/// Forgets what this browser remembers for an account that is no more.
pub fn forget_book(account_id: AccountId) {
    LocalStorage::delete(book_name(account_id));
}

fn book_name(account_id: AccountId) -> String {
    format!("hm.book.{account_id}")
}

/// The book in an answer, where it has one.
fn to_remember(reply: &VaultReply) -> Option<&str> {
    match reply {
        VaultReply::Created { book, .. }
        | VaultReply::Unlocked { book }
        | VaultReply::Seen { book, .. }
        | VaultReply::Sealed { book, .. }
        | VaultReply::Opened { book, .. }
        | VaultReply::EpochBegun { book, .. }
        | VaultReply::KeysGiven { book, .. }
        | VaultReply::Recovered { book, .. }
        | VaultReply::TrailChecked { book, .. }
        | VaultReply::Changed { book, .. } => book.as_deref(),
        VaultReply::Derived { .. }
        | VaultReply::Standing { .. }
        | VaultReply::Since { .. }
        | VaultReply::Rewrapped { .. }
        | VaultReply::NewRecoveryCode { .. }
        | VaultReply::Locked
        | VaultReply::Refused { .. } => None,
    }
}

/// Ends the worker, and every key with it. What was typed to be sealed goes too.
pub fn forget() {
    RIGHT_PASSWORD.set(false);
    use_note_draft::forget_note_draft();
    worker::end();
}

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod worker {
    use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

    use futures::channel::oneshot;
    use gloo_events::EventListener;
    use serde::Deserialize;
    use serde_json::json;
    use shared_types::vault::{VaultRefusal, VaultReply, VaultRequest};
    use wasm_bindgen::{JsCast as _, JsValue};
    use web_sys::{MessageEvent, Worker};

    /// Beside the page's own files; loads the vault's Wasm.
    const ADDRESS: &str = "/vault_loader.js";

    thread_local! {
        static VAULT: RefCell<Option<Vault>> = const { RefCell::new(None) };
    }

    /// A running worker and who waits for it.
    struct Vault {
        worker: Worker,
        state: Rc<RefCell<State>>,
        _listeners: [EventListener; 2],
    }

    #[derive(Default)]
    struct State {
        next_id: u64,
        waiting: BTreeMap<u64, oneshot::Sender<VaultReply>>,
        /// What was asked before the worker could hear; `None` once it can.
        early: Option<Vec<String>>,
        /// It could not be started, its Wasm is not the one that we sent, or it broke: nobody hears any more.
        failed: bool,
    }

    #[derive(Deserialize)]
    struct Answer {
        id: u64,
        reply: VaultReply,
    }

    pub async fn ask(request: VaultRequest) -> VaultReply {
        let answer = VAULT.with_borrow_mut(|vault| {
            if vault.as_ref().is_none_or(|vault| vault.state.borrow().failed) {
                *vault = Vault::start().ok();
            }
            vault.as_ref().map(|vault| vault.send(&request))
        });
        match answer {
            // A worker that ends takes its senders along.
            Some(answer) => answer.await.unwrap_or(GONE),
            None => GONE,
        }
    }

    const GONE: VaultReply = VaultReply::Refused { why: VaultRefusal::Gone };

    pub fn end() {
        VAULT.with_borrow_mut(|vault| *vault = None);
    }

    impl Vault {
        fn start() -> Result<Self, JsValue> {
            let worker = Worker::new(ADDRESS)?;
            let state = Rc::new(RefCell::new(State { early: Some(Vec::new()), ..State::default() }));
            let (hearing, failing) = (Rc::clone(&state), Rc::clone(&state));
            let speaker = worker.clone();
            let listeners = [
                EventListener::new(&worker, "message", move |event| {
                    if let Some(text) = event.unchecked_ref::<MessageEvent>().data().as_string() {
                        hear(&hearing, &speaker, &text);
                    }
                }),
                EventListener::new(&worker, "error", move |_| {
                    let mut state = failing.borrow_mut();
                    state.failed = true;
                    state.waiting.clear();
                }),
            ];
            Ok(Self { worker, state, _listeners: listeners })
        }

        fn send(&self, request: &VaultRequest) -> oneshot::Receiver<VaultReply> {
            let (tell, answer) = oneshot::channel();
            let mut state = self.state.borrow_mut();
            state.next_id += 1;
            let message = json!({ "id": state.next_id, "request": request }).to_string();
            let id = state.next_id;
            state.waiting.insert(id, tell);
            match &mut state.early {
                Some(early) => early.push(message),
                None => post(&self.worker, &message),
            }
            answer
        }
    }

    impl Drop for Vault {
        fn drop(&mut self) {
            self.worker.terminate();
        }
    }

    fn hear(state: &RefCell<State>, worker: &Worker, text: &str) {
        if text == "\"ready\"" {
            let early = state.borrow_mut().early.take();
            early.iter().flatten().for_each(|message| post(worker, message));
        } else if let Ok(Answer { id, reply }) = serde_json::from_str(text)
            && let Some(tell) = state.borrow_mut().waiting.remove(&id)
        {
            // Whoever asked may have left the page; then nobody minds.
            let _ = tell.send(reply);
        }
    }

    fn post(worker: &Worker, message: &str) {
        // Text can always be cloned into the worker.
        let _ = worker.post_message(&JsValue::from_str(message));
    }
}

#[cfg(not(all(feature = "hydration", not(feature = "ssr"))))]
mod worker {
    use shared_types::vault::{VaultRefusal, VaultReply, VaultRequest};

    pub async fn ask(_: VaultRequest) -> VaultReply {
        VaultReply::Refused { why: VaultRefusal::Gone }
    }

    pub fn end() {}
}
