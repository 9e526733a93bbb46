//! All five services and the pages, served on a free port over a database of their own.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::Router;
use claims_simulator::Simulator;
use hellomapper::{MedicareSettings, Outside, Pools, ProcessorSettings, claims, reference};
use jiff::Timestamp;
use kernel::{
    Chance, Clock, Core, Service,
    audit::log::Log,
    config::{Mode, Settings},
    database,
    jobs::Job,
    relay::Relay,
    routes::Route,
    run::{self, Server},
    testing::{Database, TokenIssuer},
};
use processor_sandbox::{Receiver, Sandbox, WEBHOOK_SECRET, serve};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::{Mutex, OnceCell, oneshot};

/// The services, by name.
pub const SERVICES: [&str; 5] = ["users", "providers", "bookings", "payments", "notifications"];
/// How many practitioner roles the invented Australia has.
const ROLES: u32 = 1_000;
/// Connections of each service: many tests run beside each other on one server.
const POOL: u32 = 5;

/// A database with reference data and the invented Australia, loaded once for each test program and copied from then on.
static AUSTRALIA: OnceCell<Database> = OnceCell::const_new();

/// Whose turn it is to run a job: the server's, or a test's.
type Turn = Arc<Mutex<()>>;

/// HelloMapper, running until dropped.
pub struct Running {
    /// Its data.
    pub database: Database,
    /// Its app roles' connections.
    pub pools: Pools,
    /// What it was started with; mail is under `home`.
    pub settings: Settings,
    /// Every route of every service.
    pub inventory: Vec<(&'static str, Vec<Route>)>,
    /// The card processor that payments speaks to.
    pub sandbox: Sandbox,
    /// Every service's jobs, to be run before their time.
    jobs: Vec<(Job, Turn)>,
    stop: Option<oneshot::Sender<()>>,
    _home: TempDir,
}

impl Running {
    /// With the invented Australia and the pages of the browser bundle.
    pub async fn start() -> Self {
        let database = AUSTRALIA.get_or_init(australia).await.copy().await;
        Self::on(database, pages).await
    }

    /// The same with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let database = AUSTRALIA.get_or_init(australia).await.copy().await;
        Self::set_up(database, change, None, pages).await
    }

    /// The same with a channel for claims, which is a simulator.
    pub async fn with_claims() -> (Self, Simulator) {
        let database = AUSTRALIA.get_or_init(australia).await.copy().await;
        let (simulator, medicare) = channel_for_claims().await;
        (Self::set_up(database, |_| {}, Some(medicare), pages).await, simulator)
    }

    /// The same with the pages of another bundle.
    pub async fn with_bundle(dist: &Path) -> Self {
        let database = AUSTRALIA.get_or_init(australia).await.copy().await;
        Self::on(database, |settings, services| pages_of(dist, settings, services)).await
    }

    /// The same, over a PMTiles archive as the base map.
    pub async fn with_archive(archive: &Path) -> Self {
        let database = AUSTRALIA.get_or_init(australia).await.copy().await;
        Self::on(database, |settings, services| {
            pages(&Settings { pmtiles: Some(archive.to_owned()), ..settings.clone() }, services)
        })
        .await
    }

    /// With the invented Australia and the pages in a bare frame: what the server does, without a browser bundle.
    pub async fn without_bundle() -> Self {
        let database = AUSTRALIA.get_or_init(australia).await.copy().await;
        Self::on(database, |settings, services| {
            let dist = settings.home.join("dist");
            fs::create_dir(&dist).expect("a folder for the frame");
            let frame = "<!doctype html><html><head><!--head--></head><body><!--body--></body></html>";
            fs::write(dist.join("index.html"), frame).expect("a frame");
            let base_map = hellomapper::base_map(settings).expect("the built-in map");
            hellomapper::front(settings, services, base_map, &dist).expect("a frame is enough")
        })
        .await
    }

    /// The services alone, over schemas without listings.
    pub async fn without_pages() -> Self {
        Self::on(Database::new().await, |_, _| Router::new()).await
    }

    async fn on(database: Database, front: impl FnOnce(&Settings, &[Service]) -> Router) -> Self {
        Self::set_up(database, |_| {}, None, front).await
    }

    async fn set_up(
        database: Database,
        change: impl FnOnce(&mut Settings),
        medicare: Option<MedicareSettings>,
        front: impl FnOnce(&Settings, &[Service]) -> Router,
    ) -> Self {
        let home = tempfile::tempdir().expect("a folder for mail and keys");
        let listener = run::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let mut settings = settings(&home, listener.local_addr().expect("a bound port"));
        change(&mut settings);
        let pools = pools(&database).await;
        let (sandbox, processor) = card_processor(&settings).await;
        let (clock, chance) = (Clock::System, Chance::system());
        let outside = Outside { processor, medicare };
        let mut services = hellomapper::assemble_with(&settings, &pools, &clock, &chance, &outside)
            .await
            .expect("the services start");
        let inventory =
            services.iter().map(|service| (service.name, service.inventory.clone())).collect::<Vec<_>>();
        let jobs = take_turns(&mut services);
        let front = front(&settings, &services);
        let server = Server::on(listener, settings.clone(), services, front);
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let ended = async {
                // Dropping the sender stops it as well.
                let _ = stopped.await;
            };
            server.serve(ended).await.expect("serving");
        });
        Self { database, pools, settings, inventory, sandbox, jobs, stop: Some(stop), _home: home }
    }

    /// The address of a path: `http://localhost:4711/search`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_url)
    }

    /// Where mail files appear.
    pub fn mail_folder(&self) -> PathBuf {
        self.settings.home.join("mail")
    }

    /// The core of providers, as the command line has one for an import.
    pub fn providers_core(&self) -> Core {
        Core::new(self.pools.providers.clone(), Clock::System, Chance::system())
    }

    /// Somebody whose tokens every service believes.
    pub async fn issuer(&self) -> TokenIssuer {
        let pools = &self.pools;
        let mut issuer = None;
        for pool in [&pools.users, &pools.providers, &pools.bookings, &pools.payments, &pools.notifications] {
            let core = Core::new(pool.clone(), Clock::System, Chance::system());
            issuer = Some(TokenIssuer::known_to(&core).await);
        }
        issuer.expect("there are services")
    }

    /// Gives every audit entry its place and signs each service's log, as the process with the audit roles does by and by.
    pub async fn sign_audit_logs(&self) {
        for service in SERVICES {
            let options = self.database.options(&format!("{service}_audit"));
            let (clock, chance) = (Clock::System, Chance::system());
            let log = Log::open(options, service, &self.settings, &clock, &chance).await;
            let log = log.expect("the audit role may connect");
            while log.sequence().await.expect("entries get their places") > 0 {}
            log.checkpoint().await.expect("the log is as it was signed");
        }
    }

    /// Runs a job now, again and again until nothing is due: `payments.issue_invoices`. What the server has in hand of it is
    /// done before.
    ///
    /// # Panics
    /// When there is no such job, or it fails.
    pub async fn run_job(&self, name: &str) {
        let (job, turn) = self.job(name);
        let _turn = turn.lock().await;
        while job.run_once().await.expect("a job ends well") > 0 {}
    }

    /// The same as at another moment, over the same data: for what goes by the time of day.
    ///
    /// # Panics
    /// As [`Running::run_job`].
    pub async fn run_job_at(&self, name: &str, now: Timestamp) {
        let (clock, chance) = (Clock::manual(now), Chance::system());
        let services = hellomapper::assemble(&self.settings, &self.pools, &clock, &chance).await;
        let services = services.expect("the services start");
        let mut jobs = services.iter().flat_map(|service| &service.jobs);
        let job = jobs.find(|job| job.name == name).expect("a job of that name");
        let _turn = self.job(name).1.lock().await;
        while job.run_once().await.expect("a job ends well") > 0 {}
    }

    fn job(&self, name: &str) -> &(Job, Turn) {
        self.jobs.iter().find(|(job, _)| job.name == name).expect("a job of that name")
    }

    /// Waits until every event has been told to everybody and every message is out.
    pub async fn quiet(&self) {
        let mut admin = self.database.administrator().await;
        let admin = Mutex::new(&mut admin);
        // All in one statement: an event that is told between two of them would be seen by neither.
        let outboxes = SERVICES.map(|service| format!(" union all select 1 from {service}.outbox")).concat();
        let waiting =
            format!("(select 1 from notifications.message where status = 'queued'{outboxes}) as waiting");
        crate::until_true("every outbox and the message queue to be empty", || async {
            let mut conn = admin.lock().await;
            count(&mut conn, &waiting).await == 0
        })
        .await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

/// Gives every job of the services its turn. The server and a test never run the same one at once: what the server has taken
/// is not due any more, and not done either.
fn take_turns(services: &mut [Service]) -> Vec<(Job, Turn)> {
    let mut jobs = Vec::new();
    for job in services.iter_mut().flat_map(|service| &mut service.jobs) {
        let (own, turn) = (job.clone(), Turn::default());
        jobs.push((own.clone(), Arc::clone(&turn)));
        *job = Job::new(own.name, own.every, move || {
            let (own, turn) = (own.clone(), Arc::clone(&turn));
            async move {
                let _turn = turn.lock().await;
                own.run_once().await
            }
        });
    }
    jobs
}

/// How many rows a table has; `table` is our own text and may have a condition.
pub async fn count(conn: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")))
        .fetch_one(conn)
        .await
        .expect("an administrator may count")
}

/// Settings for a server at that address.
pub fn settings(home: &TempDir, addr: SocketAddr) -> Settings {
    Settings {
        mode: Mode::Development,
        home: home.path().to_owned(),
        addr,
        admin_addr: None,
        public_url: format!("http://localhost:{}", addr.port()),
        tls: None,
        trusted_proxies: Vec::new(),
        holds_burst: 300,
        session_keys: Vec::new(),
        coverage_keys: Vec::new(),
        bookings_keys: Vec::new(),
        breached_passwords: None,
        pmtiles: None,
        tile_url: None,
        smtp_url: None,
    }
}

fn pages(settings: &Settings, services: &[Service]) -> Router {
    pages_of(&bundle(), settings, services)
}

fn pages_of(dist: &Path, settings: &Settings, services: &[Service]) -> Router {
    let base_map = hellomapper::base_map(settings).expect("an archive that can be drawn");
    hellomapper::front(settings, services, base_map, dist).expect("the browser bundle is built")
}

/// The browser bundle: `HELLOMAPPER_DIST`, or `dist` beside the workspace's manifest.
pub fn bundle() -> PathBuf {
    std::env::var_os("HELLOMAPPER_DIST").map_or_else(|| workspace().join("dist"), PathBuf::from)
}

/// The workspace's folder.
pub fn workspace() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A card processor on a free port, which tells payments what happens; until the test ends.
async fn card_processor(settings: &Settings) -> (Sandbox, ProcessorSettings) {
    let listener = run::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("a bound port"));
    let processor = ProcessorSettings::sandbox(&address);
    let sandbox = Sandbox::new(Mode::Development, Clock::System, Chance::system(), address, None)
        .expect("tests are no production");
    let url = format!("{}/api/v1/payments/processor/webhook", settings.public_url);
    sandbox.tell(Receiver { url, secret: WEBHOOK_SECRET.to_owned() });
    tokio::spawn(serve(sandbox.clone(), listener, std::future::pending()));
    (sandbox, processor)
}

/// A simulator of Medicare's channel on a free port, and how payments reaches it; until the test ends.
async fn channel_for_claims() -> (Simulator, MedicareSettings) {
    let listener = run::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
    let simulator = Simulator::new(Clock::System, Chance::system());
    let reached = claims::reach(&simulator, listener.local_addr().expect("a bound port"));
    let router = claims_simulator::router(simulator.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (simulator, reached.expect("a device gets a key"))
}

/// Connections of each service's app role.
pub async fn pools(database: &Database) -> Pools {
    let pool = async |service: &str| {
        let options = database.options(&format!("{service}_app"));
        database::pool(options, service, POOL).await.expect("the app role may connect")
    };
    Pools {
        users: pool("users").await,
        providers: pool("providers").await,
        bookings: pool("bookings").await,
        payments: pool("payments").await,
        notifications: pool("notifications").await,
    }
}

/// Loads everything, lets the services tell each other of it, and leaves nobody connected.
async fn australia() -> Database {
    let database = Database::new().await;
    let (clock, home) = (Clock::System, tempfile::tempdir().expect("a folder for keys"));
    let pools = pools(&database).await;
    reference::load(&pools, &clock).await.expect("reference data");
    let mut listings = database.connect("providers_migrate").await;
    let mut calendars = database.connect("bookings_migrate").await;
    reference::load_demo_over(&mut listings, &mut calendars, &clock, ROLES, 1).await.expect("demo data");
    let settings = settings(&home, SocketAddr::from(([127, 0, 0, 1], 0)));
    let services = hellomapper::assemble(&settings, &pools, &clock, &Chance::system())
        .await
        .expect("the services start");
    for job in services.iter().flat_map(|service| &service.jobs) {
        while job.run_once().await.expect("a job of a fresh database") > 0 {}
    }
    Relay::new(&services).drain().await.expect("events of a fresh database");
    drop(services);
    for pool in [pools.users, pools.providers, pools.bookings, pools.payments, pools.notifications] {
        pool.close().await;
    }
    listings.close().await.expect("closing");
    calendars.close().await.expect("closing");
    database
}
