//! A database of its own for each test, copied from a template in the cluster that `cargo xtask test` starts.

mod alone;
mod calendars;
mod cut;
mod program;
mod seeds;

use std::{
    env, mem,
    path::Path,
    process,
    sync::{LazyLock, Mutex, PoisonError},
};

use cluster::Cluster;
use jiff::Timestamp;
use shared_types::users::Claims;
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::OnceCell;

pub use self::{
    alone::runs_alone,
    calendars::{read_by_others, read_mailed_by_others},
    cut::Cuts,
    program::Program,
    seeds::{STEPS_VARIABLE, with_seeds},
};
use crate::{
    Chance, Clock, Core, database,
    keys::{self, Signer},
    session,
};

/// The environment variable that names the test cluster's folder.
pub const CLUSTER_VARIABLE: &str = "HELLOMAPPER_TEST_CLUSTER";
/// The database that tests are copied from: migrated, and empty but for what migrations put there.
pub const TEMPLATE: &str = "hm_template";

static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let folder =
        env::var(CLUSTER_VARIABLE).expect("tests need a database server: run them with `cargo xtask test`");
    Cluster::open(Path::new(&folder)).expect("the test cluster was made by xtask")
});

/// Done once in each test process.
static SWEPT: OnceCell<()> = OnceCell::const_new();

/// Databases of this process that a test has let go of. Its connections end a moment later, with its runtime, so the next test that
/// needs a database drops them: hundreds of copies together would fill a disk.
static LET_GO: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Drops those that nobody is connected to any more.
async fn drop_what_was_let_go(admin: &mut PgConnection) {
    let names = mem::take(&mut *LET_GO.lock().unwrap_or_else(PoisonError::into_inner));
    let in_use: Vec<String> =
        sqlx::query_scalar("select distinct datname::text from pg_stat_activity where datname = any($1)")
            .bind(&names)
            .fetch_all(&mut *admin)
            .await
            .expect("the administrator may look");
    let (kept, free): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| in_use.contains(name));
    for name in &free {
        let _ = cluster::drop_database(admin, name).await;
    }
    LET_GO.lock().unwrap_or_else(PoisonError::into_inner).extend(kept);
}

/// Drops what test processes that have ended left.
async fn sweep() {
    let mut admin = CLUSTER.administrator("postgres").await.expect("the test cluster runs");
    let left: Vec<String> =
        sqlx::query_scalar("select datname from pg_database where datname ~ '^test_[0-9]+_'")
            .fetch_all(&mut admin)
            .await
            .expect("the administrator may look");
    let ended = |name: &&String| {
        let process = name.split('_').nth(1).unwrap_or_default();
        !Path::new("/proc").join(process).exists()
    };
    for name in left.iter().filter(ended) {
        // Another process may sweep at the same time; what it was quicker to drop is dropped.
        let _ = cluster::drop_database(&mut admin, name).await;
    }
}

/// A fresh database with every service's schema, dropped some time after this is.
pub struct Database {
    name: String,
}

impl Database {
    /// Copies the template.
    pub async fn new() -> Self {
        Self::made_from(Some(TEMPLATE)).await
    }

    /// A copy of this one, which nobody may be connected to meanwhile.
    pub async fn copy(&self) -> Self {
        Self::made_from(Some(&self.name)).await
    }

    /// As an administrator prepares it: extensions, schemas and grants, and no migration run.
    pub async fn unmigrated() -> Self {
        let database = Self::made_from(None).await;
        CLUSTER.prepare_database(&database.name).await.expect("extensions and schemas can be made");
        database
    }

    async fn made_from(template: Option<&str>) -> Self {
        let name = format!("test_{}_{}", process::id(), hex::encode(Chance::system().bytes::<8>()));
        let mut admin = CLUSTER.administrator("postgres").await.expect("the test cluster runs");
        SWEPT.get_or_init(sweep).await;
        drop_what_was_let_go(&mut admin).await;
        cluster::create_database(&mut admin, &name, template).await.expect("the template exists");
        admin.close().await.expect("closing");
        Self { name }
    }

    /// Drops it now, whoever is still connected, for tests that use one after the other by the thousand and make no other meanwhile.
    pub async fn discard(&self) {
        let mut admin = CLUSTER.administrator("postgres").await.expect("the test cluster runs");
        let _ = cluster::drop_database(&mut admin, &self.name).await;
    }

    /// How a role connects to it.
    pub fn options(&self, role: &str) -> PgConnectOptions {
        CLUSTER.connect_options(role, &self.name).expect("the test cluster runs")
    }

    /// The same as a URL.
    pub fn url(&self, role: &str) -> String {
        CLUSTER.url(role, &self.name).expect("the test cluster runs")
    }

    /// One connection as a role, such as `bookings_migrate`.
    pub async fn connect(&self, role: &str) -> PgConnection {
        PgConnection::connect_with(&self.options(role)).await.expect("the role may connect")
    }

    /// One connection as the administrator, to look behind the curtain.
    pub async fn administrator(&self) -> PgConnection {
        CLUSTER.administrator(&self.name).await.expect("the administrator may connect")
    }

    /// A service's core on this database, with a clock that stands still and a seeded source of chance.
    pub async fn core(&self, service: &str, now: Timestamp) -> Core {
        let options = self.options(&format!("{service}_app"));
        let pool = database::pool(options, service, 8).await.expect("the app role may connect");
        Core::new(
            pool,
            Clock::manual(now),
            Chance::seeded(u64::from(self.name.bytes().map(u32::from).sum::<u32>())),
        )
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        LET_GO.lock().unwrap_or_else(PoisonError::into_inner).push(mem::take(&mut self.name));
    }
}

/// Somebody who can sign tokens that a service believes, as users does.
pub struct TokenIssuer(Signer);

impl TokenIssuer {
    /// Makes a key and lets the service learn it.
    pub async fn known_to(core: &Core) -> Self {
        let signer = Signer::generate(&Chance::seeded(4711));
        let mut conn = core.pool.acquire().await.expect("the app role may connect");
        keys::learn(&mut conn, core, &signer.published("users")).await.expect("the key is well-formed");
        core.sessions.load(&core.pool).await.expect("the tables are there");
        Self(signer)
    }

    /// A `Cookie` header of somebody signed in with those claims.
    pub fn cookie(&self, claims: &Claims) -> String {
        format!("{}={}", session::COOKIE, session::sign(&self.0, claims))
    }
}
