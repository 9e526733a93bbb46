//! Pages for administrators. The server renders their frame for everybody alike; what they show is fetched by the browser.

pub mod chargebacks;
pub mod disputes;
pub mod listings;
pub mod mbs_loads;
pub mod mistakes;
pub mod payout_holds;
pub mod reconciliations;
pub mod refunds;
pub mod reviews;
