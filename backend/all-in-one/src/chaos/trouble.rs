//! What goes wrong while people book, and when.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use cluster::Cluster;
use jiff::SignedDuration;
use kernel::Chance;

use super::{
    Options,
    guest::{Ended, Guests, Plan, below},
    place::Slot,
    server::Server,
};

/// How many people are there at once.
const AT_ONCE: usize = 8;
/// Every so many kills the database restarts, and once in any case.
const KILLS_PER_RESTART: u32 = 20;
/// How many times it is said how far they are.
const PROGRESS_LINES: usize = 10;

/// What.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// The program is killed, and started again.
    Kill,
    /// The database restarts.
    Restart,
}

/// One thing that goes wrong: once so many people are through, and a little later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    after: u32,
    later: Duration,
    what: What,
}

/// Draws them, in their order.
pub fn draw(options: &Options, chance: &Chance) -> Vec<Trouble> {
    let restarts = options.kills / KILLS_PER_RESTART + 1;
    let kinds = [(What::Kill, options.kills), (What::Restart, restarts)];
    let all = kinds.into_iter().flat_map(|(what, times)| (0..times).map(move |_| what));
    let mut troubles: Vec<_> = all
        .map(|what| Trouble {
            after: below(chance, options.bookings),
            later: Duration::from_millis(below(chance, 100).into()),
            what,
        })
        .collect();
    troubles.sort_unstable();
    troubles
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Driven {
    pub left: usize,
    pub paid: usize,
    pub cancelled: usize,
    pub agreed: usize,
    /// Who was not answered, or otherwise than they should be.
    pub failed: usize,
    pub first_failure: Option<String>,
    pub kills: usize,
    pub database_restarts: usize,
    pub answered: u64,
    pub asked_again: u64,
}

impl Driven {
    fn count(&mut self, ended: Result<Ended>) {
        match ended {
            Ok(Ended::Left) => self.left += 1,
            Ok(Ended::Paid) => self.paid += 1,
            Ok(Ended::Cancelled) => self.cancelled += 1,
            Ok(Ended::Agreed) => self.agreed += 1,
            Err(error) => {
                self.failed += 1;
                self.first_failure.get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }
}

/// Everybody books, and everything goes wrong that was drawn.
///
/// # Errors
/// When the server or the database does not come back.
pub fn drive(
    guests: &Guests,
    people: &[(Slot, Plan)],
    troubles: &[Trouble],
    server: &Mutex<Server>,
    cluster: &Cluster,
) -> Result<Driven> {
    let (next, through) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (driven, begun) = (Mutex::new(Driven::default()), Instant::now());
    let driven_now = || driven.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let Some((slot, plan)) = people.get(number) else { return };
                    if guests.asking.stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    let ended = guests.arrive(number).book(*slot, *plan);
                    driven_now().count(ended);
                    let there = through.fetch_add(1, Ordering::SeqCst) + 1;
                    if there.is_multiple_of(people.len().div_ceil(PROGRESS_LINES)) {
                        let (kills, seconds) = (driven_now().kills, begun.elapsed().as_secs());
                        println!("{there} of {} people were there, {kills} kills, {seconds} s", people.len());
                    }
                }
            });
        }
        for trouble in troubles {
            while through.load(Ordering::SeqCst) < usize::try_from(trouble.after)? {
                thread::sleep(Duration::from_millis(2));
            }
            thread::sleep(trouble.later);
            let made = match trouble.what {
                What::Kill => {
                    let mut server = server.lock().unwrap_or_else(PoisonError::into_inner);
                    driven_now().kills += 1;
                    server.kill().and_then(|()| server.start(SignedDuration::ZERO))
                }
                What::Restart => {
                    driven_now().database_restarts += 1;
                    cluster.restart()
                }
            };
            if made.is_err() {
                // Nobody waits for what does not come back.
                guests.asking.stopped.store(true, Ordering::SeqCst);
                return made;
            }
        }
        Ok(())
    })?;
    let mut driven = driven.into_inner().unwrap_or_else(PoisonError::into_inner);
    driven.answered = guests.asking.answered.load(Ordering::SeqCst);
    driven.asked_again = guests.asking.asked_again.load(Ordering::SeqCst);
    Ok(driven)
}
