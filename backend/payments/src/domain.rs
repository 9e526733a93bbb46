//! Rules of the payments context. No I/O.

pub mod assignment;
pub mod claim;
pub mod claim_codes;
pub mod evidence;
pub mod funding;
pub mod invoice;
pub mod ledger;
pub mod payment;
pub mod provider_number;
pub mod to_bulk_billing;
