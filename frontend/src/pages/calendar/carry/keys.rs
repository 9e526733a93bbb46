//! What the keys do in the grid: walk about in it, take things up, and carry them.

use shared_types::BookingId;
use yew::prelude::*;

use super::{By, Carried, Dropped, Hands, STAYS};
use crate::{
    browser::pointing::{self, Focus},
    calendar::{
        cursor::Step,
        drag::{Pull, nudged},
        words::{PART_STAYS, SESSION_STAYS},
    },
};

/// What a key asks of the page.
pub(super) enum Wish {
    Drop(Dropped),
    Turn(i64),
    Help,
}

impl Hands {
    pub(super) fn key(&self, event: &KeyboardEvent) -> Option<Wish> {
        if event.alt_key() || event.meta_key() {
            return None;
        }
        let carried = self.state.borrow().carried;
        match carried {
            Some(carried) => self.key_carrying(event, carried),
            None => self.key_walking(event),
        }
    }

    fn key_carrying(&self, event: &KeyboardEvent, carried: Carried) -> Option<Wish> {
        let key = event.key();
        let by_keys = matches!(carried.by, By::Keys);
        if key == "Escape" {
            event.prevent_default();
            self.leave();
            pointing::say(&self.voice, STAYS);
        } else if key == "Enter" && by_keys {
            event.prevent_default();
            let mut state = self.state.borrow_mut();
            state.carried = None;
            self.hide();
            return self.dropped(&mut state, carried).map(Wish::Drop);
        } else if by_keys {
            let (columns, grain) = (self.data.names.len(), self.data.zoom.grain());
            if let Some(spot) = nudged(carried.spot, &key, event.shift_key(), columns, grain) {
                event.prevent_default();
                self.state.borrow_mut().carried = Some(Carried { spot, ..carried });
                self.show(spot);
                pointing::say(&self.voice, &self.data.words(spot));
            }
        }
        None
    }

    fn key_walking(&self, event: &KeyboardEvent) -> Option<Wish> {
        let at = self.state.borrow().cursor;
        let key = event.key();
        if let Some(step) = Step::of_key(&key, event.ctrl_key()) {
            event.prevent_default();
            let to = self.data.cells.step(at, step);
            self.state.borrow_mut().cursor = to;
            self.lead_to(to, Focus::Scroll);
            return None;
        }
        let wish = match (key.as_str(), self.data.booking_at(at)) {
            ("PageUp", _) => Some(Wish::Turn(-1)),
            ("PageDown", _) => Some(Wish::Turn(1)),
            ("?", _) => Some(Wish::Help),
            ("m" | "M", Some(booking_id)) => {
                self.take_up(booking_id);
                None
            }
            ("Enter" | "n" | "N", None) | ("n" | "N", Some(_)) => Some(Wish::Drop(self.chosen(at))),
            _ => None,
        };
        if wish.is_some() {
            event.prevent_default();
        }
        wish
    }

    /// Takes a booking up by the keys.
    fn take_up(&self, booking_id: BookingId) {
        let Some((origin, may_move)) = self.data.spot_of(booking_id) else { return };
        if self.data.is_session(booking_id) {
            return pointing::say(&self.voice, SESSION_STAYS);
        }
        if self.data.is_part(booking_id) {
            return pointing::say(&self.voice, PART_STAYS);
        }
        if !may_move {
            return pointing::say(&self.voice, "This one cannot be moved any more.");
        }
        let carried = Carried {
            booking_id: Some(booking_id),
            pull: Pull::Move { held: 0 },
            origin,
            spot: origin,
            by: By::Keys,
        };
        self.state.borrow_mut().carried = Some(carried);
        self.show(origin);
        let words = self.data.words(origin);
        pointing::say(
            &self.voice,
            &format!(
                "Moving: {words}. Arrows move it, with shift up and down change its end, Enter drops it, Escape \
                 leaves it."
            ),
        );
    }
}
