//! What waits until something is on the screen.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, closure::Closure};

use super::window;

/// A call that waits until a frame was drawn; dropping it calls it off.
pub struct AfterFrame {
    frame: i32,
    _begun: Closure<dyn FnMut()>,
    _drawn: Rc<RefCell<Option<Timeout>>>,
}

impl AfterFrame {
    /// Calls back once the next frame was drawn. A page that nobody sees draws none.
    pub fn call(back: impl FnOnce() + 'static) -> Option<Self> {
        let drawn = Rc::new(RefCell::new(None));
        let (timeout, mut back) = (Rc::clone(&drawn), Some(back));
        // What a frame calls runs before it is drawn; a timer that is set there runs after.
        let begun = Closure::<dyn FnMut()>::new(move || {
            *timeout.borrow_mut() = back.take().map(|back| Timeout::new(0, back));
        });
        let frame = window()?.request_animation_frame(begun.as_ref().unchecked_ref()).ok()?;
        Some(Self { frame, _begun: begun, _drawn: drawn })
    }
}

impl Drop for AfterFrame {
    fn drop(&mut self) {
        if let Some(window) = window() {
            // It may have begun: then there is nothing to call off.
            let _ = window.cancel_animation_frame(self.frame);
        }
    }
}
