//! The pages: each fetches what it shows and arranges it.

pub mod account;
pub mod book;
pub mod booked;
pub mod choose_time;
pub mod choose_type;
pub mod free_times;
pub mod held;
pub mod hold;
pub mod home;
pub mod landing;
pub mod manage;
pub mod manage_opened;
pub mod not_found;
pub mod practice;
pub mod practice_desk;
pub mod privacy;
pub mod problem;
pub mod provider;
pub mod provider_sections;
pub mod search;
pub mod what_we_see;
