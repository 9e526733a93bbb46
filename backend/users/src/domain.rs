//! Rules of the users context. No I/O.

pub mod age;
pub mod attempts;
pub mod auth_key;
pub mod breach;
pub mod codes;
pub mod credentials;
pub mod device;
pub mod email;
pub mod envelope;
pub mod identity;
pub mod leaf;
pub mod leave;
pub mod mailbox;
pub mod session_limits;
pub mod text_name;
pub mod texts;
pub mod withdrawal;
