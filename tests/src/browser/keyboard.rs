//! A keyboard: keys that are pressed wherever the focus is, and Tab until the focus is where somebody wants it.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::Value;

use super::{Browser, key};

/// After how many stops the focus has surely come round.
const STOPS: u16 = 300;

impl Browser {
    /// Presses keys, one after the other, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let keys = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.page.perform_actions(keys).await.expect("keys are pressed");
    }

    /// Presses a key while Shift is held.
    pub async fn press_with_shift(&self, value: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key::SHIFT })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: key::SHIFT });
        self.page.perform_actions(keys).await.expect("keys are pressed");
    }

    /// Presses Shift and Tab: the focus goes one stop back.
    pub async fn tab_back(&self) {
        self.press_with_shift(key::TAB).await;
    }

    /// Presses Tab until the focus is on such an element, as somebody without a mouse would.
    ///
    /// # Panics
    /// When the focus comes round without having been there.
    pub async fn tab_to(&self, css: &str) {
        self.tab_until(&format!("at.matches({css:?})"), css).await;
    }

    /// Presses Tab until the focus is on a button, link or summary in the page's body that begins with these words.
    ///
    /// # Panics
    /// As [`Self::tab_to`].
    pub async fn tab_on(&self, words: &str) {
        let kinds = "main button, main a, main summary";
        let found = format!("at.matches({kinds:?}) && at.textContent.trim().startsWith({words:?})");
        self.tab_until(&found, words).await;
    }

    /// Presses Tab until a condition holds of `at`, which has the focus.
    async fn tab_until(&self, found: &str, what: &str) {
        let script = format!("const at = document.activeElement; return !!at && {found}");
        for _ in 0..STOPS {
            if self.eval(&script).await == Value::Bool(true) {
                return;
            }
            self.press(&key::TAB.to_string()).await;
        }
        panic!("Tab does not lead to {what} on {}", self.here().await);
    }
}
