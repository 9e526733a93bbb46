//! Start, serve, end: the same for one service alone and for all of them.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Chance, Clock, Service,
    address::TrustedProxies,
    audit::log::Log,
    config::{self, Settings},
    connections, database, headers, host, inbox,
    jobs::Job,
    layers,
    relay::Relay,
    telemetry, tls,
};

/// How long requests and jobs under way may take to finish once the process is asked to end.
const GRACE: Duration = Duration::from_secs(10);

/// Something that listens already, so that its address is known before it answers.
pub struct Server {
    listener: TcpListener,
    settings: Settings,
    services: Vec<Service>,
    front: Router,
    metrics: Option<PrometheusHandle>,
}

impl Server {
    /// Binds the address of the settings. `front` answers what no service does.
    ///
    /// # Errors
    /// When the address is taken; says how to choose another.
    pub async fn bind(settings: Settings, services: Vec<Service>, front: Router) -> Result<Self> {
        let listener = listen(settings.addr).await?;
        Ok(Self::on(listener, settings, services, front))
    }

    /// On a listener that is bound already: for those who ask the system for a free port and must know it before they
    /// make the settings.
    pub fn on(listener: TcpListener, settings: Settings, services: Vec<Service>, front: Router) -> Self {
        let metrics = PrometheusBuilder::new().install_recorder().ok();
        Self { listener, settings, services, front, metrics }
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn local_addr(&self) -> Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// What is spoken there: `https` when TLS ends in this process.
    pub fn scheme(&self) -> &'static str {
        if self.settings.tls.is_some() { "https" } else { "http" }
    }

    /// Serves until `stop` is ready: then stops accepting, finishes requests, then jobs.
    ///
    /// # Errors
    /// When a listener fails, or the certificate cannot be used.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let (requests_end, jobs_end) = (CancellationToken::new(), CancellationToken::new());
        let tasks = TaskTracker::new();
        // A service that runs alone has nobody to tell in process: its events wait in the outbox for a bus.
        if self.services.len() > 1 {
            tasks.spawn(Relay::new(&self.services).run(jobs_end.clone()));
        }
        let mut app = self.front;
        let mut pools = Vec::new();
        for service in self.services {
            for job in service.jobs {
                tasks.spawn(job.run(jobs_end.clone()));
            }
            let core = service.core.clone();
            let forget = Job::new("kernel.forget_old_events", Duration::from_secs(3600), move || {
                let core = core.clone();
                async move { inbox::forget_old(&core).await }
            });
            tasks.spawn(forget.run(jobs_end.clone()));
            for job in session_jobs(&service.core).await? {
                tasks.spawn(job.run(jobs_end.clone()));
            }
            app = app.merge(service.router);
            pools.push(service.core.pool);
        }
        let app = host::only(app, &self.settings);
        let app = app.route("/health", get(|| async { "ok" })).merge(readiness(pools));
        let app = layers::apply(
            app,
            Clock::System,
            Chance::system(),
            TrustedProxies(self.settings.trusted_proxies.clone()),
            &self.settings.public_url,
        )?;
        let app = headers::by_tls_only(app, &self.settings.public_url);
        let tls = self.settings.tls.as_ref().map(tls::acceptor).transpose()?;
        if let (Some(addr), Some(handle)) = (self.settings.admin_addr, self.metrics) {
            let listener = TcpListener::bind(addr).await.with_context(|| format!("listening on {addr}"))?;
            let metrics = Router::new().route("/metrics", get(move || std::future::ready(handle.render())));
            let end = requests_end.clone();
            tasks.spawn(async move {
                let served =
                    axum::serve(listener, metrics).with_graceful_shutdown(end.cancelled_owned()).await;
                if let Err(error) = served {
                    tracing::error!(%error, "the metrics listener failed");
                }
            });
        }
        let ended = requests_end.clone();
        tokio::spawn(async move {
            stop.await;
            ended.cancel();
        });
        let serving = connections::serve(self.listener, tls, app, requests_end.clone());
        tokio::select! {
            () = serving => {}
            () = async { requests_end.cancelled().await; tokio::time::sleep(GRACE).await } => {
                tracing::warn!("some connections were still open and are closed now");
            }
        }
        jobs_end.cancel();
        tasks.close();
        if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
            tracing::warn!("some jobs did not finish in time; they go on at the next start");
        }
        Ok(())
    }
}

/// Loads keys and revocations, then keeps them no older than a second: a revocation by event reaches every instance so.
async fn session_jobs(core: &crate::Core) -> Result<[Job; 2]> {
    core.sessions.load(&core.pool).await.context("reading session keys and revocations")?;
    let (loading, forgetting) = (core.clone(), core.clone());
    let load = Job::new("kernel.load_sessions", Duration::from_secs(1), move || {
        let core = loading.clone();
        async move {
            core.sessions.load(&core.pool).await?;
            Ok(0)
        }
    });
    let forget = Job::new("kernel.forget_old_revocations", Duration::from_secs(60), move || {
        let core = forgetting.clone();
        async move { crate::session::forget_old(&core).await }
    });
    Ok([load, forget])
}

/// Binds an address.
///
/// # Errors
/// When the address is taken; says how to choose another.
pub async fn listen(addr: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(addr).await.with_context(|| {
        format!("{addr} cannot be listened on; stop what uses it or set HELLOMAPPER_ADDR to another address")
    })
}

fn readiness(pools: Vec<sqlx::PgPool>) -> Router {
    Router::new().route("/ready", get(ready)).with_state(Arc::new(pools))
}

/// Ready means: every service reaches its database and its schema is migrated.
async fn ready(State(pools): State<Arc<Vec<sqlx::PgPool>>>) -> (StatusCode, &'static str) {
    for pool in pools.iter() {
        if sqlx::query("select from outbox limit 1").execute(pool).await.is_err() {
            return (StatusCode::SERVICE_UNAVAILABLE, "not ready");
        }
    }
    (StatusCode::OK, "ready")
}

/// Ready when somebody asks the process to end: Ctrl-C or SIGTERM. It listens from the call on, however late it is polled, so that
/// whoever is asked while it starts still ends as it should.
///
/// # Errors
/// When the system gives no way to listen.
pub fn asked_to_end() -> Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// The whole `main` of a service that runs alone: migrate, then serve.
///
/// # Errors
/// When a setting is missing or wrong, or the database cannot be reached.
pub async fn alone<F>(
    name: &'static str,
    migrator: &'static sqlx::migrate::Migrator,
    make: impl FnOnce(crate::Core, Settings) -> F,
) -> Result<()>
where
    F: Future<Output = Result<Service>>,
{
    let settings = Settings::from_env()?;
    telemetry::init(settings.mode);
    let upper = name.to_uppercase();
    if let Some(url) = config::database_migrate_url(name) {
        database::migrate(&url.parse()?, name, migrator).await?;
    }
    let url = config::database_url(name).with_context(|| {
        format!("set DATABASE_URL_{upper} to the database of {name}, as its role {name}_app")
    })?;
    let pool = database::pool(url.parse()?, name, 10).await?;
    let core = crate::Core::new(pool, Clock::System, Chance::system());
    let mut service = make(core, settings.clone()).await?;
    match config::database_audit_url(name) {
        Some(url) => {
            let log = Log::open(url.parse()?, name, &settings, &Clock::System, &Chance::system()).await?;
            service.jobs.extend([log.destroying(), log.job()]);
        }
        None => {
            tracing::warn!("no DATABASE_AUDIT_URL_{upper}: some other process must sequence the audit log")
        }
    }
    let server = Server::bind(settings, vec![service], Router::new()).await?;
    let ending = asked_to_end()?;
    println!("{name} listens on {}://{}", server.scheme(), server.local_addr()?);
    server.serve(ending).await
}
