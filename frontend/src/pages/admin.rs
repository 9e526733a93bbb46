//! Pages for administrators. The server renders their frame for everybody alike; what they show is fetched by the browser.

pub mod chargebacks;
pub mod disputes;
pub mod listings;
pub mod mbs_loads;
pub mod messages;
pub mod mistakes;
pub mod payment;
pub mod payments;
pub mod payout_holds;
pub mod practice_choice;
pub mod previews;
pub mod reconciliation;
pub mod reconciliations;
pub mod refund_form;
pub mod refunds;
pub mod refused_shares;
pub mod reviews;
pub mod statements;
mod words;
