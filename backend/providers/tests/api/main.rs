//! The providers service from outside: requests through its router, events through its inbox.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod alone;
mod app;
mod boundaries;
mod find_landing;
mod find_practice;
mod find_provider;
mod home_visits;
mod list_places;
mod list_professions;
mod list_sitemap;
mod listings;
mod next_free_changed;
mod search_providers;
