//! Every SQL statement of payments.

pub mod payment;
