//! What somebody has typed and not sent yet. As long as it is before them, a page changes nothing by itself.

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;

use super::document;

/// The fields of forms that something was typed or chosen in.
#[derive(Clone, Default)]
pub struct Typing {
    fields: Rc<RefCell<Vec<web_sys::HtmlElement>>>,
}

impl Typing {
    /// Notes what is typed from now on, until it is sent; dropping the listeners ends it.
    pub fn listen(&self) -> Option<[EventListener; 2]> {
        let document: web_sys::EventTarget = document()?.into();
        let (typed, sent) = (self.clone(), self.clone());
        Some([
            EventListener::new(&document, "input", move |event| typed.note(event)),
            EventListener::new(&document, "submit", move |event| sent.forget(event)),
        ])
    }

    /// Whether one of them is seen. What was taken out of the page, with its form, is forgotten.
    pub fn is_open(&self) -> bool {
        let mut fields = self.fields.borrow_mut();
        fields.retain(|field| field.is_connected());
        fields.iter().any(is_seen)
    }

    fn note(&self, event: &web_sys::Event) {
        let Some(field) = target(event) else { return };
        let in_form = matches!(field.closest("form"), Ok(Some(_)));
        let mut fields = self.fields.borrow_mut();
        if in_form && !fields.contains(&field) {
            fields.push(field);
        }
    }

    fn forget(&self, event: &web_sys::Event) {
        let Some(form) = target(event) else { return };
        self.fields.borrow_mut().retain(|field| !form.contains(Some(field)));
    }
}

/// What is in something folded has a place on the page in some browsers, and nobody sees it.
fn is_seen(field: &web_sys::HtmlElement) -> bool {
    let is_folded = !matches!(field.closest("details:not([open])"), Ok(None));
    field.offset_parent().is_some() && !is_folded
}

fn target(event: &web_sys::Event) -> Option<web_sys::HtmlElement> {
    event.target()?.dyn_into().ok()
}
