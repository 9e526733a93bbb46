//! A booking's money for who is about to cancel it. It is read while the appointment stands, so that what is said after the button is
//! what was said before it.

use shared_types::{
    bookings::{Appointment, AppointmentStatus},
    payments::quote::Collection,
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    api::{OwnBooking, payments, use_api_client},
    components::money_back::CardMoney,
};

/// Nothing for who may not see money, nor where none is paid through us.
#[hook]
pub fn use_card_money(appointment: &Appointment) -> CardMoney {
    let client = use_api_client();
    let money = use_state_eq(CardMoney::default);
    let set = money.setter();
    let seen = (appointment.appointment_id, appointment.version);
    let paid = paid_through_us(appointment);
    use_effect_with(seen, move |_| {
        if let Some((booking, collection)) = paid {
            set.set(CardMoney::NotRead(collection));
            spawn_local(async move {
                // Without an answer the words without amounts stay, which are true as well.
                if let Ok(payment) = payments::find_payment(&client, &booking).await {
                    set.set(CardMoney::Read(payment.into()));
                }
            });
        }
    });
    (*money).clone()
}

/// Which booking to ask about, and how it was paid. While it waits for its payment nothing was.
fn paid_through_us(appointment: &Appointment) -> Option<(OwnBooking, Collection)> {
    let stands = appointment.status.is_upcoming() && appointment.status != AppointmentStatus::AwaitingPayment;
    let terms = appointment.quote.as_ref()?.terms.as_ref()?;
    let booking = OwnBooking::of(appointment).filter(|_| stands && terms.needs_payment_step())?;
    Some((booking, terms.collection))
}
