//! The page's side of the vault: starts its worker when it is first needed and waits for answers. No key ever comes
//! here; passwords and codes go through on their way from a field to the worker.

use shared_types::vault::{VaultReply, VaultRequest};

/// Asks the vault. On the server, and when the worker cannot be started, it refuses.
pub async fn ask(request: VaultRequest) -> VaultReply {
    worker::ask(request).await
}

/// Ends the worker, and every key with it.
pub fn forget() {
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
    }

    #[derive(Deserialize)]
    struct Answer {
        id: u64,
        reply: VaultReply,
    }

    pub async fn ask(request: VaultRequest) -> VaultReply {
        let answer = VAULT.with_borrow_mut(|vault| {
            if vault.is_none() {
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
                EventListener::new(&worker, "error", move |_| failing.borrow_mut().waiting.clear()),
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
