//! Who may call what, service by service, as somebody has written it down.

mod bookings;
mod notifications;
mod payments;
mod providers;
mod users;

use kernel::Policy;

/// A route's method and path, and who may call it.
pub type Stated = (&'static str, &'static str, Policy);

/// Who may call what.
const ACCESS: [&[Stated]; 5] =
    [bookings::ROUTES, notifications::ROUTES, payments::ROUTES, providers::ROUTES, users::ROUTES];

/// Each route of every service once.
pub fn all() -> impl Iterator<Item = &'static Stated> {
    ACCESS.into_iter().flatten()
}
