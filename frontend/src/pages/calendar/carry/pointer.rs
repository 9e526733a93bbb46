//! What the pointer does in the grid: presses, pulls, and lets go.

use shared_types::BookingId;
use yew::prelude::*;

use super::{By, Carried, Dropped, Hands, booking_in, cursor_in};
use crate::{
    browser::pointing,
    calendar::{
        Span,
        drag::{Pull, Spot, pulled},
    },
};

/// From how far on a press is a pull, in CSS pixels.
const PULL_FROM: f64 = 5.0;

impl Hands {
    pub(super) fn press(&self, event: &PointerEvent) {
        let mut state = self.state.borrow_mut();
        state.swallow = false;
        // Fingers scroll; what they press is opened, and can be moved there.
        if event.button() != 0 || event.pointer_type() == "touch" || state.carried.is_some() {
            return;
        }
        let by = By::Pointer {
            id: event.pointer_id(),
            x: f64::from(event.client_x()),
            y: f64::from(event.client_y()),
            pulling: false,
        };
        let Some((column, minute)) = self.under(event) else { return };
        let booking_id = booking_in(event);
        state.carried = match booking_id.map(|booking_id| self.data.spot_of(booking_id)) {
            Some(Some((origin, true))) => {
                let grip = pointing::nearest(event, "data-grip").is_some();
                let pull = if grip { Pull::Resize } else { Pull::Move { held: minute - origin.span.from } };
                Some(Carried { booking_id, pull, origin, spot: origin, by })
            }
            Some(Some((_, false)) | None) => None,
            None if pointing::nearest(event, "data-at").is_some() => {
                let origin = Spot { column, span: Span { from: minute, to: minute } };
                Some(Carried { booking_id, pull: Pull::Draw { from: minute }, origin, spot: origin, by })
            }
            None => None,
        };
    }

    pub(super) fn pull(&self, event: &PointerEvent) {
        let mut state = self.state.borrow_mut();
        let Some(carried) = &mut state.carried else { return };
        let By::Pointer { id, x, y, pulling } = carried.by else { return };
        if event.buttons() & 1 == 0 {
            // It was let go where nobody saw it.
            drop(state);
            return self.leave();
        }
        let (dx, dy) = (f64::from(event.client_x()) - x, f64::from(event.client_y()) - y);
        if id != event.pointer_id() || (!pulling && dx.hypot(dy) < PULL_FROM) {
            return;
        }
        let Some((column, minute)) = self.under(event) else { return };
        carried.by = By::Pointer { id, x, y, pulling: true };
        let spot = pulled(carried.pull, carried.origin, column, minute, self.data.zoom.grain());
        if !pulling {
            pointing::capture(&self.body, id);
        }
        if !pulling || spot != carried.spot {
            carried.spot = spot;
            self.show(spot);
        }
    }

    pub(super) fn let_go(&self, event: &PointerEvent) -> Option<Dropped> {
        let mut state = self.state.borrow_mut();
        let carried = state.carried?;
        let By::Pointer { id, pulling, .. } = carried.by else { return None };
        if id != event.pointer_id() {
            return None;
        }
        state.carried = None;
        if !pulling {
            return None;
        }
        state.swallow = true;
        self.hide();
        self.dropped(&mut state, carried)
    }

    pub(super) fn click(&self, event: &MouseEvent) -> Option<BookingId> {
        if std::mem::take(&mut self.state.borrow_mut().swallow) {
            return None;
        }
        booking_in(event)
    }

    /// Two presses on a time choose it.
    pub(super) fn choose(&self, event: &MouseEvent) -> Option<Dropped> {
        if booking_in(event).is_some() {
            return None;
        }
        let at = cursor_in(event)?;
        Some(self.chosen(at))
    }

    /// Which column and which minute the pointer is over.
    fn under(&self, event: &PointerEvent) -> Option<(usize, i32)> {
        let (first, last) = self.corners()?;
        let columns = self.data.names.len();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let across = (x - first.left) / (last.right - first.left);
        let down = (y - first.top) / (last.bottom - first.top);
        let column = (across * columns as f64).floor().clamp(0.0, columns.saturating_sub(1) as f64) as usize;
        let minute = f64::from(self.data.hours.from) + down * f64::from(self.data.hours.minutes());
        Some((column, minute.round() as i32))
    }
}
