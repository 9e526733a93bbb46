//! Every SQL statement of payments.

pub mod coverage;
pub mod payment;
