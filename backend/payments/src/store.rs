//! Every SQL statement of payments.

pub mod consent;
pub mod coverage;
pub mod erasure;
pub mod export;
pub mod owner;
pub mod payment;
pub mod retention;
