//! A mouse that is pulled: the browser is sent what a hand does, and makes the page's pointer events of it by itself.

use serde_json::json;

use super::Browser;

/// In how many steps the mouse goes from one place to the other: what is pulled follows it on the way.
const STEPS: u8 = 5;

impl Browser {
    /// Presses the left button at a point of the window, pulls to another and lets go there. Points are CSS pixels from the
    /// window's upper left corner, and lie within it.
    pub async fn pull(&self, from: (f64, f64), to: (f64, f64)) {
        self.mouse("mouseMoved", from, "none", 0).await;
        self.mouse("mousePressed", from, "left", 1).await;
        for step in 1..=STEPS {
            let part = f64::from(step) / f64::from(STEPS);
            let at = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            self.mouse("mouseMoved", at, "left", 1).await;
        }
        self.mouse("mouseReleased", to, "left", 0).await;
    }

    /// One event of the mouse, which is answered once the page has heard it (Chrome DevTools Protocol,
    /// `Input.dispatchMouseEvent`, read 2026-11-28). `held` has one bit for each button that is down afterwards.
    async fn mouse(&self, kind: &str, (x, y): (f64, f64), button: &str, held: u8) {
        let clicks = u8::from(kind != "mouseMoved");
        let event =
            json!({"type": kind, "x": x, "y": y, "button": button, "buttons": held, "clickCount": clicks});
        self.devtools("Input.dispatchMouseEvent", event).await;
    }
}
