//! What somebody writes to a practice, in the page's memory until the booking is made: another time at the same practice
//! costs nobody what they typed.
//!
//! It is about their health, so it never goes to the browser's storage, unlike the rest of the form (OWASP ASVS 5.0.0,
//! 14.3.3): a reload forgets it, and so does signing out.

use std::cell::{Cell, RefCell};

use shared_types::{AppointmentId, OrganizationId, bookings::Question};
use yew::prelude::*;

use crate::forms::intake::IntakeForm;

thread_local! {
    static DRAFT: RefCell<IntakeForm> = RefCell::default();
    /// The booking that the last one was sent with.
    static SENT_WITH: Cell<Option<AppointmentId>> = const { Cell::new(None) };
}

/// The form, as it was left in this tab for the same practice and questions. For components that exist in a browser only: it
/// reads while rendering.
#[hook]
pub fn use_note_draft(
    practice: Option<OrganizationId>,
    questions: &[Question],
) -> UseReducerHandle<IntakeForm> {
    let form = use_reducer_eq(|| DRAFT.with_borrow(|draft| draft.again_for(practice, questions)));
    use_effect_with((*form).clone(), |form| DRAFT.set(form.clone()));
    form
}

/// Forgets what was typed.
pub fn forget_note_draft() {
    DRAFT.take();
}

/// Notes that the practice was told something with this booking.
pub fn note_sent_with(appointment_id: AppointmentId) {
    SENT_WITH.set(Some(appointment_id));
}

/// Whether it was, as far as this tab knows.
pub fn was_sent_with(appointment_id: AppointmentId) -> bool {
    SENT_WITH.get() == Some(appointment_id)
}
