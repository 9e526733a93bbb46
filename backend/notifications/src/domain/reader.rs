//! How whoever gets a letter about an appointment reads it.

use shared_types::{Zone, notifications::ReminderNames};

use super::locale::Locale;

/// What they have said about that.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// On which clocks they read times, if not on those of the place.
    pub own: Option<Zone>,
    /// Which names a letter may have that confirms nothing.
    pub names: ReminderNames,
    /// In which language.
    pub locale: Locale,
}

impl Reader {
    /// Of that language, who has said nothing else.
    pub fn of(locale: Locale) -> Self {
        Self { own: None, names: ReminderNames::default(), locale }
    }
}
