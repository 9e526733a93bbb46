//! Asking until somebody answers: what was killed is started again.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use kernel::{Chance, Clock};
use shared_types::Problem;
use uuid::Uuid;

use crate::bench::http::{Client, Reply};

/// How long somebody asks again before they give up.
pub const PATIENCE: Duration = Duration::from_secs(40);
pub const PAUSE: Duration = Duration::from_millis(50);

/// What all who ask have in common.
pub struct Asking {
    addr: SocketAddr,
    pub chance: Chance,
    /// How often somebody was answered, and how often they had to ask again.
    pub answered: AtomicU64,
    pub asked_again: AtomicU64,
    /// Nobody need go on.
    pub stopped: AtomicBool,
}

impl Asking {
    pub fn at(addr: SocketAddr) -> Self {
        Self {
            addr,
            chance: Chance::system(),
            answered: AtomicU64::new(0),
            asked_again: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Somebody, with a connection of their own.
    pub fn begin(&self) -> Asker<'_> {
        Asker { all: self, client: Client::new(self.addr) }
    }
}

/// Somebody who asks.
pub struct Asker<'a> {
    all: &'a Asking,
    client: Client,
}

impl Asker<'_> {
    /// A change, under a key that is the same however often it is asked for.
    ///
    /// # Errors
    /// When nobody answers in time.
    pub fn post(&mut self, path: &str, headers: &str, json: &str) -> Result<Reply> {
        let key: Uuid = self.all.chance.id(&Clock::System);
        let headers = format!("Content-Type: application/json\r\nIdempotency-Key: {key}\r\n{headers}");
        self.insist("POST", path, &headers, json)
    }

    /// Asks until somebody answers.
    ///
    /// # Errors
    /// When nobody does in time.
    pub fn insist(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Reply> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answered = self.client.send(method, path, headers, body).and_then(Reply::answer);
            let nothing = match answered {
                Ok(reply) => {
                    self.all.answered.fetch_add(1, Ordering::SeqCst);
                    return Ok(reply);
                }
                Err(nothing) => nothing,
            };
            let goes_on = Instant::now() < deadline && !self.all.stopped.load(Ordering::SeqCst);
            ensure!(goes_on, "{method} {path} was not answered: {nothing:#}");
            self.all.asked_again.fetch_add(1, Ordering::SeqCst);
            thread::sleep(PAUSE);
        }
    }
}

impl Reply {
    /// Itself, unless it says that it is no answer yet.
    fn answer(self) -> Result<Self> {
        let is_under_way =
            self.status == 409 && self.json::<Problem>().is_ok_and(|it| it.kind.ends_with("/in-progress"));
        ensure!(
            self.status < 500 && self.status != 429 && !is_under_way,
            "status {}: {}",
            self.status,
            String::from_utf8_lossy(&self.body).chars().take(300).collect::<String>()
        );
        Ok(self)
    }
}
