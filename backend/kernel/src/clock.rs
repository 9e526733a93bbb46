//! The only place that reads a clock.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// What time it is: the system's clock, or one that a test moves by hand.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Stands still until moved; microseconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now`.
    pub fn manual(now: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(now.as_microsecond())))
    }

    /// The time, cut to microseconds as PostgreSQL keeps them.
    pub fn now(&self) -> Timestamp {
        let microseconds = match self {
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            Self::System => Timestamp::now().as_microsecond(),
            Self::Manual(now) => now.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(microseconds).expect("a clock's own microseconds are in range")
    }

    /// Moves a manual clock.
    ///
    /// # Panics
    /// On the system's clock, which nobody moves.
    pub fn advance(&self, by: SignedDuration) {
        match self {
            Self::System => panic!("the system clock cannot be moved"),
            Self::Manual(now) => {
                let microseconds =
                    i64::try_from(by.as_micros()).expect("tests move by less than 292,000 years");
                now.fetch_add(microseconds, Ordering::SeqCst);
            }
        }
    }
}
