//! A service's log with its folder, and what an administrator may do to it.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose, export, log::Log},
    config::Settings,
    testing::Database,
};
use shared_types::{BookingId, PatientId};
use sqlx::{Executor as _, PgConnection, SqlSafeStr};
use tempfile::TempDir;
use transparency::{
    SignedCheckpoint,
    verify::{Failure, Report, verify},
};

pub const SERVICE: &str = "bookings";

pub struct Kept {
    pub database: Database,
    pub core: Core,
    pub log: Log,
    pub home: TempDir,
}

impl Kept {
    pub async fn new() -> Self {
        let database = Database::new().await;
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let core = database.core(SERVICE, now).await;
        let home = tempfile::tempdir().unwrap();
        let log = open_log(&database, &core, &home).await;
        Self { database, core, log, home }
    }

    /// A log with that many entries, sequenced and signed.
    pub async fn signed(entries: usize) -> (Self, SignedCheckpoint) {
        let kept = Self::new().await;
        for _ in 0..entries {
            kept.act(None).await;
        }
        let checkpoint = kept.sign().await;
        (kept, checkpoint)
    }

    /// Somebody reads a booking a moment later, as a service writes it down. Entries of one moment have no order.
    pub async fn act(&self, whose: Option<PatientId>) {
        self.core.clock.advance(SignedDuration::from_millis(1));
        let mut tx = self.core.begin().await.unwrap();
        audit::record(&mut tx, &self.core, entry(self.core.id(), whose)).await.unwrap();
        self.core.commit(tx).await.unwrap();
    }

    pub async fn sequence(&self) {
        while self.log.sequence().await.unwrap() > 0 {}
    }

    pub async fn sign(&self) -> SignedCheckpoint {
        self.sequence().await;
        self.log.checkpoint().await.unwrap().expect("something is new")
    }

    /// What an administrator can do when nothing holds them back: triggers do not fire.
    pub async fn superuser(&self, statements: impl SqlSafeStr) {
        let mut admin = self.database.administrator().await;
        admin.execute("set session_replication_role = replica; set search_path = bookings").await.unwrap();
        sqlx::raw_sql(statements).execute(&mut admin).await.unwrap();
    }

    pub async fn auditor(&self) -> PgConnection {
        self.database.connect("bookings_audit").await
    }

    pub async fn export(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let origin = self.log.key().name().to_owned();
        export::export(&mut self.auditor().await, SERVICE, &origin, &mut file).await.unwrap();
        file
    }

    /// What the offline verifier says of the log as it is now.
    pub async fn verdict(
        &self,
        checkpoint: &SignedCheckpoint,
        since: Option<&SignedCheckpoint>,
    ) -> Result<Report, Failure> {
        verify(self.export().await.as_slice(), checkpoint, self.log.key(), since)
    }
}

pub async fn open_log(database: &Database, core: &Core, home: &TempDir) -> Log {
    let settings = Settings {
        home: home.path().to_owned(),
        public_url: "https://hellomapper.example".to_owned(),
        ..Settings::from_env().unwrap()
    };
    let options = database.options("bookings_audit");
    Log::open(options, SERVICE, &settings, &core.clock, &core.chance).await.unwrap()
}

pub fn entry(booking_id: BookingId, whose: Option<PatientId>) -> Entry {
    Entry {
        actor: Actor::System("a test"),
        action: "find_appointment",
        resource: booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    }
}
