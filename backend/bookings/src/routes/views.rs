//! What several endpoints show and look up in the same way.

mod appointments;
mod holds;
mod money;
mod times;
mod visitors;

pub use self::{
    appointments::{appointment_fact, appointment_view, proposed_for, refusal},
    holds::{hold_again, hold_view},
    money::{payment_ticket, sees_money, without_money},
    times::{
        ALTERNATIVES, alternatives, calendar_around, days_around, is_offered, load_calendar, plus_days,
        session_shorter, time_taken, within_reach,
    },
    visitors::{Held, begin_for_visitor, read_again},
};
