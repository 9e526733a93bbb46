//! Every SQL statement of the service.

pub mod bulk_billing;
pub mod coverage_area;
pub mod listing;
pub mod locality;
pub mod next_free;
pub mod profession;
pub mod profile;
pub mod role_fact;
pub mod search;
pub mod sitemap;
mod summary;
