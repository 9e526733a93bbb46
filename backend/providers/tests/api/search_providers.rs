//! One endpoint, five matters: which place, which listings, in which order, how many of each kind, and how the map sees
//! them.

mod facets;
mod filters;
mod map;
mod order;
mod paging;
mod place;
mod plan;
mod summary;
mod words;
