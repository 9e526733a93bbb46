//! The focus while a page draws itself anew around it.

use wasm_bindgen::JsCast as _;

use super::{
    document, element,
    pointing::{self, Focus},
};

/// What had the focus, and where else it belongs.
pub struct KeptFocus {
    /// Its id, where it has one: what is drawn instead of it has the same.
    id: String,
    /// The heading of the panel that it is in.
    heading: Option<String>,
}

impl KeptFocus {
    /// What has the focus now, if anything has.
    pub fn now() -> Option<Self> {
        let active = document()?.active_element()?.dyn_into::<web_sys::HtmlElement>().ok()?;
        if active.tag_name() == "BODY" {
            return None;
        }
        let panel = active.closest("aside[aria-labelledby]").ok().flatten();
        let heading = panel.and_then(|panel| panel.get_attribute("aria-labelledby"));
        Some(Self { id: active.id(), heading })
    }

    /// Gives it back where it is lost. The page stays as it is scrolled.
    pub fn give_back(self) {
        if !pointing::is_nowhere() {
            return;
        }
        let drawn_anew = element(&self.id);
        if let Some(to) = drawn_anew.or_else(|| element(&self.heading?)) {
            pointing::hand_focus(&to, Focus::Stay);
        }
    }
}
