//! Something that is sent once, however often its button is pressed: whether the answer is out, why it did not work, and
//! the same again, for when somebody has signed in anew or found a connection.

use std::{cell::RefCell, rc::Rc};

use shared_types::Problem;
use yew::{platform::spawn_local, prelude::*};

/// What a page knows of it.
#[derive(Clone)]
pub struct Act {
    /// Whether the answer is out.
    pub busy: bool,
    /// Why it did not work the last time.
    pub problem: Option<Problem>,
    set: Rc<dyn Fn(Going)>,
    inner: Rc<RefCell<Inner>>,
}

#[derive(Clone, Default, PartialEq)]
struct Going {
    busy: bool,
    problem: Option<Problem>,
}

#[derive(Default)]
struct Inner {
    in_flight: bool,
    last: Option<Rc<dyn Fn()>>,
}

impl PartialEq for Act {
    fn eq(&self, other: &Self) -> bool {
        self.busy == other.busy && self.problem == other.problem && Rc::ptr_eq(&self.inner, &other.inner)
    }
}

/// An act of the component that asks.
#[hook]
pub fn use_act() -> Act {
    let going = use_state_eq(Going::default);
    let inner = use_mut_ref(Inner::default);
    let setter = going.setter();
    Act {
        busy: going.busy,
        problem: going.problem.clone(),
        set: Rc::new(move |going| setter.set(going)),
        inner,
    }
}

impl Act {
    /// Sends, and hands the answer to `done`. Does nothing while an answer is out: a double click is one wish.
    pub fn run<T, F>(&self, send: impl Fn() -> F + 'static, done: impl Fn(T) + 'static)
    where
        T: 'static,
        F: Future<Output = Result<T, Problem>> + 'static,
    {
        // What is not sent is not what can be sent again either.
        if self.inner.borrow().in_flight {
            return;
        }
        let (set, inner, done) = (Rc::clone(&self.set), Rc::clone(&self.inner), Rc::new(done));
        let attempt: Rc<dyn Fn()> = Rc::new(move || {
            if std::mem::replace(&mut inner.borrow_mut().in_flight, true) {
                return;
            }
            set(Going { busy: true, problem: None });
            let (answer, set, inner, done) = (send(), Rc::clone(&set), Rc::clone(&inner), Rc::clone(&done));
            spawn_local(async move {
                let answer = answer.await;
                inner.borrow_mut().in_flight = false;
                set(Going { busy: false, problem: answer.as_ref().err().cloned() });
                if let Ok(answer) = answer {
                    done(answer);
                }
            });
        });
        self.inner.borrow_mut().last = Some(Rc::clone(&attempt));
        attempt();
    }

    /// The same again.
    pub fn again(&self) {
        let last = self.inner.borrow().last.clone();
        if let Some(last) = last {
            last();
        }
    }

    /// Forgets why it did not work.
    pub fn forget(&self) {
        (self.set)(Going::default());
    }

    /// Whether it wants a sign-in of the last quarter of an hour, or a stronger one.
    pub fn wants_sign_in(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| {
            problem.is("sign-in-again") || problem.is("stronger-sign-in") || problem.is("signed-out")
        })
    }

    /// What is wrong with a field, as the service says.
    pub fn error(&self, pointer: &str) -> Option<AttrValue> {
        let errors = self.problem.as_ref().filter(|problem| problem.is("invalid"))?;
        let error = errors.errors.iter().find(|error| error.pointer == pointer)?;
        Some(AttrValue::from(error.detail.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::{Act, Going, Inner};

    #[test]
    fn what_is_pressed_while_an_answer_is_out_is_not_what_is_sent_again() {
        let inner = Rc::new(RefCell::new(Inner { in_flight: true, last: None }));
        let act = Act { busy: true, problem: None, set: Rc::new(|_: Going| {}), inner: Rc::clone(&inner) };
        act.run(|| async { Ok(()) }, |()| {});
        assert!(inner.borrow().last.is_none());
    }
}
