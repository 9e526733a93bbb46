//! State and effects shared by pages.

pub mod use_api;
pub mod use_confirm;
pub mod use_focus_on_change;
pub mod use_head;
pub mod use_held;
pub mod use_kept_form;
pub mod use_manage;
pub mod use_more;
pub mod use_places;
pub mod use_standing;
pub mod use_take_hold;

pub use use_api::{Live, use_api, use_live_api, use_live_api_if, use_private_api};
pub use use_confirm::use_confirm;
pub use use_focus_on_change::use_focus_on_change;
pub use use_head::use_head;
pub use use_held::use_held;
pub use use_kept_form::{forget_kept_form, use_kept_form};
pub use use_more::{More, use_more};
pub use use_places::use_places;
pub use use_take_hold::{TakeHold, use_take_hold};
