//! Every SQL statement of users.

pub mod access_grant;
pub mod account;
pub mod attempt;
pub mod breach_incident;
pub mod codes;
pub mod consent;
pub mod delegation;
pub mod email_token;
pub mod holder;
pub mod invitation;
pub mod membership;
pub mod organization;
pub mod passkey;
pub mod password;
pub mod patient;
pub mod platform_staff;
pub mod published_text;
pub mod refresh_token;
pub mod session;
pub mod sign_up;
pub mod signing_key;
pub mod standing;
pub mod totp;
pub mod wrapped_key;
