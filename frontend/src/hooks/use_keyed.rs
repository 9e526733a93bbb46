//! An act that moves money or makes something, with a key of its own: pressed again after a lost reply, it is the same act.

use std::{cell::RefCell, rc::Rc};

use serde::Serialize;
use shared_types::Problem;
use yew::prelude::*;

use super::use_act::{Act, use_act};
use crate::{browser, forms::attempt::Attempt};

/// The act and the key of its last try.
#[derive(Clone)]
pub struct Keyed {
    /// How it goes.
    pub act: Act,
    attempt: Rc<RefCell<Attempt>>,
}

impl Keyed {
    /// Sends a body under a key, and hands the answer to `done`.
    pub fn run<B, T, F>(
        &self,
        body: B,
        send: impl Fn(B, String) -> F + Clone + 'static,
        done: impl Fn(T) + 'static,
    ) where
        B: Serialize + Clone + 'static,
        T: 'static,
        F: Future<Output = Result<T, Problem>> + 'static,
    {
        let attempt = Rc::clone(&self.attempt);
        let sent = serde_json::to_string(&body).unwrap_or_default();
        let once = move || {
            let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
            let (attempt, answer) = (Rc::clone(&attempt), send(body.clone(), key));
            async move {
                let answer = answer.await;
                attempt.borrow_mut().settle(answer.as_ref().err());
                answer
            }
        };
        self.act.run(once, done);
    }
}

/// A keyed act of the component that asks.
#[hook]
pub fn use_keyed() -> Keyed {
    Keyed { act: use_act(), attempt: use_mut_ref(Attempt::default) }
}
