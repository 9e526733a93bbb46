//! One endpoint, four matters: which place, which listings, in which order, and how the map sees them.

mod filters;
mod map;
mod order;
mod paging;
mod place;
mod plan;
mod summary;
mod words;
