//! A clock that goes as the system's does, so much ahead of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread,
    time::Duration,
};

use jiff::SignedDuration;
use kernel::Clock;

/// How often it is moved.
const TICK: Duration = Duration::from_millis(2);

/// Moves its clock until dropped.
pub struct RunsAhead {
    pub clock: Clock,
    seconds: Arc<AtomicI64>,
}

impl RunsAhead {
    /// Begins to move a clock.
    pub fn by(ahead: SignedDuration) -> Self {
        let seconds = Arc::new(AtomicI64::new(ahead.as_secs()));
        let clock = Clock::manual(Clock::System.now() + ahead);
        let (moving, by) = (clock.clone(), Arc::downgrade(&seconds));
        thread::spawn(move || {
            while let Some(seconds) = by.upgrade().map(|seconds| seconds.load(Ordering::SeqCst)) {
                let due = Clock::System.now() + SignedDuration::from_secs(seconds);
                let late = due.duration_since(moving.now());
                if late.is_positive() {
                    moving.advance(late);
                }
                thread::sleep(TICK);
            }
        });
        Self { clock, seconds }
    }

    /// Lets time pass at once. It never goes back.
    pub fn set(&self, ahead: SignedDuration) {
        self.seconds.store(ahead.as_secs(), Ordering::SeqCst);
    }
}
