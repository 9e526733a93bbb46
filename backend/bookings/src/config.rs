//! Settings of the bookings service.

use std::env;

use anyhow::{Context as _, Result};
use jiff::SignedDuration;
use kernel::outbound::Reach;

/// How long what another calendar says is good for, in minutes, unless told.
const FRESH_MINUTES: i64 = 120;

/// What the service goes by, beside what every process does.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Our origin.
    pub public_url: String,
    /// How many holds one address may make at once.
    pub holds_burst: u32,
    /// Which addresses that others chose are called.
    pub reach: Reach,
    /// How long what a practitioner's other calendar says is good for. When it could not be read for longer, none of their times
    /// are offered.
    pub calendar_fresh: SignedDuration,
}

impl Settings {
    /// `HELLOMAPPER_CALENDAR_FRESH_MINUTES` and `HELLOMAPPER_OUTBOUND` beside the settings every process has.
    ///
    /// # Errors
    /// Names the variable and what it should hold.
    pub fn from_env(process: &kernel::config::Settings) -> Result<Self> {
        let minutes = match env::var("HELLOMAPPER_CALENDAR_FRESH_MINUTES") {
            Err(_) => FRESH_MINUTES,
            Ok(text) => {
                text.parse().ok().filter(|minutes| (30..=1_440).contains(minutes)).with_context(|| {
                    format!(
                        "HELLOMAPPER_CALENDAR_FRESH_MINUTES is {text:?}; expected a number from 30 to 1440"
                    )
                })?
            }
        };
        Ok(Self {
            reach: Reach::from_env(process.mode)?,
            calendar_fresh: SignedDuration::from_mins(minutes),
            ..Self::plain(&process.public_url, process.holds_burst)
        })
    }

    /// What holds unless told.
    pub fn plain(public_url: &str, holds_burst: u32) -> Self {
        Self {
            public_url: public_url.to_owned(),
            holds_burst,
            reach: Reach::Public,
            calendar_fresh: SignedDuration::from_mins(FRESH_MINUTES),
        }
    }
}
