//! A booking that is shown to payments as the reader's own, by the ticket that came with its appointment. A ticket is good for an hour
//! and a page may be open for longer, so one that is refused is fetched anew, once.

use shared_types::{
    AppointmentId, BookingId, Problem, bookings::Appointment, payments::quote::PaymentTicket,
};

use super::{ApiClient, bookings};

/// An appointment's booking and the ticket that came with it.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnBooking {
    /// Whose ticket it is, and where another one is to be had.
    pub appointment_id: AppointmentId,
    /// As it came.
    pub ticket: PaymentTicket,
}

impl OwnBooking {
    /// Of an appointment whose money the reader may see.
    pub fn of(appointment: &Appointment) -> Option<Self> {
        let ticket = appointment.payment_ticket.clone()?;
        Some(Self { appointment_id: appointment.appointment_id, ticket })
    }

    /// Which booking.
    pub fn booking_id(&self) -> BookingId {
        self.ticket.booking_id
    }

    /// Asks payments with the ticket; where it is refused, once more with a new one.
    pub(super) async fn ask<T>(
        &self,
        client: &ApiClient,
        ask: impl AsyncFn(&PaymentTicket) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        ask_twice(&self.ticket, ask, async || self.another(client).await).await
    }

    /// Another ticket, while bookings still knows the reader as who holds the appointment.
    async fn another(&self, client: &ApiClient) -> Result<PaymentTicket, Problem> {
        let reply = client.get(&bookings::get_appointment(self.appointment_id)).await;
        ticket_of(reply.read())
    }
}

/// Asks with the ticket at hand and, where it is refused, with another one. What was refused has changed nothing, so a key that goes
/// with the first may go with the second.
async fn ask_twice<T>(
    at_hand: &PaymentTicket,
    ask: impl AsyncFn(&PaymentTicket) -> Result<T, Problem>,
    another: impl AsyncFn() -> Result<PaymentTicket, Problem>,
) -> Result<T, Problem> {
    match ask(at_hand).await {
        Err(problem) if is_refusal(&problem) => ask(&another().await?).await,
        answer => answer,
    }
}

/// The ticket of an appointment that was asked for again, or what to do without one.
fn ticket_of(answer: Result<Appointment, Problem>) -> Result<PaymentTicket, Problem> {
    match answer {
        Ok(appointment) => appointment.payment_ticket.ok_or_else(not_known),
        Err(problem) if is_refusal(&problem) => Err(not_known()),
        Err(problem) => Err(problem),
    }
}

/// Whether it was not shown that the booking is the reader's.
fn is_refusal(problem: &Problem) -> bool {
    matches!(problem.status, 401 | 403 | 404)
}

/// It can no longer be shown that the booking is the reader's, and what they do about that.
pub fn not_known() -> Problem {
    Problem::new("not-found", 404, "We can no longer tell that this booking is yours").detail(
        "This page was open for a long time. Nothing was changed. Sign in, or open the link in the e-mail about your booking \
         again, and then try once more.",
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use shared_types::BookingId;
    use uuid::Uuid;

    use super::*;

    fn ticket(kid: &str) -> PaymentTicket {
        PaymentTicket {
            booking_id: BookingId(Uuid::from_u128(1)),
            account_id: None,
            patient_id: None,
            organization_id: None,
            expires_at: "2026-11-28T01:00:00Z".parse().unwrap(),
            kid: kid.to_owned(),
            signature: String::new(),
        }
    }

    /// What comes of it where payments believes `good` alone and answers everything else with `status`, and which tickets it was shown.
    async fn asked(
        good: &str,
        status: u16,
        another: Result<PaymentTicket, Problem>,
    ) -> (Result<String, Problem>, Vec<String>) {
        let shown = RefCell::new(Vec::new());
        let ask = async |ticket: &PaymentTicket| {
            shown.borrow_mut().push(ticket.kid.clone());
            if ticket.kid == good { Ok(ticket.kid.clone()) } else { Err(Problem::new("no", status, "No")) }
        };
        let answer = ask_twice(&ticket("first"), ask, async || another.clone()).await;
        (answer, shown.into_inner())
    }

    #[tokio::test]
    async fn a_ticket_that_is_believed_is_shown_once() {
        let (answer, shown) = asked("first", 404, Ok(ticket("second"))).await;
        assert_eq!((answer, shown), (Ok("first".to_owned()), vec!["first".to_owned()]));
    }

    #[tokio::test]
    async fn a_ticket_that_is_refused_is_fetched_anew_and_shown_once_more() {
        for status in [401, 403, 404] {
            let (answer, shown) = asked("second", status, Ok(ticket("second"))).await;
            assert_eq!(answer, Ok("second".to_owned()), "{status}");
            assert_eq!(shown, ["first", "second"], "{status}");
        }
    }

    #[tokio::test]
    async fn a_second_refusal_is_the_answer() {
        let (answer, shown) = asked("neither", 404, Ok(ticket("second"))).await;
        assert_eq!(answer.unwrap_err().status, 404);
        assert_eq!(shown, ["first", "second"]);
    }

    #[tokio::test]
    async fn what_is_no_refusal_is_not_asked_again() {
        for status in [0, 409, 422, 500] {
            let (answer, shown) = asked("second", status, Ok(ticket("second"))).await;
            assert_eq!(answer.unwrap_err().status, status);
            assert_eq!(shown, ["first"], "{status}");
        }
    }

    #[tokio::test]
    async fn without_another_ticket_nothing_is_asked_again() {
        let (answer, shown) = asked("second", 404, ticket_of(Err(Problem::not_found("This")))).await;
        assert_eq!(answer, Err(not_known()));
        assert_eq!(shown, ["first"]);
    }

    #[test]
    fn who_is_not_known_to_bookings_either_reads_what_to_do() {
        for status in [401, 403, 404] {
            let problem = ticket_of(Err(Problem::new("no", status, "No"))).unwrap_err();
            assert_eq!(problem.title, "We can no longer tell that this booking is yours");
            assert!(problem.detail.unwrap().contains("Sign in, or open the link in the e-mail"), "{status}");
        }
        // A connection that is gone is said as such.
        let offline = Problem::new("offline", 0, "We could not reach HelloMapper");
        assert_eq!(ticket_of(Err(offline.clone())), Err(offline));
    }
}
