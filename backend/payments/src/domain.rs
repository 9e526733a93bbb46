//! Rules of the payments context. No I/O.

pub mod payment;
