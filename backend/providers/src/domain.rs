//! Rules of finding: what words mean, which place, which order. No SQL and no HTTP.

mod badge;
mod cursor;
mod place;
mod profession;
mod search;

pub use self::{
    badge::bulk_billing_badge,
    cursor::{Cursor, FirstFree},
    place::PlaceWords,
    profession::Profession,
    search::{Region, SearchPlan, Understood, understand},
};
