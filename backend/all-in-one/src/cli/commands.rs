//! What each command does.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use frontend::server::BaseMap;
use kernel::{
    Chance, Clock, Core,
    config::{Mode, Settings},
    run::{Server, asked_to_end, listen},
    telemetry,
};
use providers::domain::Profession;

use tokio::net::TcpListener;

use crate::{
    Outside, Pools, assemble_with, base_map, claims, databases::Databases, directory, dist, front,
    keep_audit_logs, reference, sandbox,
};

/// Serves until somebody asks it to end, then stops what it started.
pub async fn serve(demo_if_empty: Option<u32>) -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    telemetry::init(settings.mode);
    if settings.mode == Mode::Production && demo_if_empty.is_some() {
        bail!("production never loads demo data");
    }
    let base_map = base_map(&settings)?;
    // Both before the database is touched: a second server must not stop the first one's.
    let listener = listen(settings.addr).await?;
    let _only_one = lock_home(&settings)?;
    // From here on there is something to stop.
    let mut ending = Box::pin(asked_to_end()?);
    let beside = Beside::start(&settings).await?;
    println!("Starting the database");
    let databases = Databases::open(&settings).await?;
    let served = tokio::select! {
        ready = prepare(&settings, &databases, &beside, demo_if_empty, base_map, listener) => match ready {
            Ok(server) => server.serve(ending).await,
            Err(error) => Err(error),
        },
        // Only while preparing; the server listens from then on.
        () = &mut ending => Ok(()),
    };
    let closed = databases.close(true);
    beside.end().await?;
    served?;
    closed?;
    println!("Stopped.");
    Ok(ExitCode::SUCCESS)
}

/// Who stands in for the world outside, in development.
struct Beside {
    sandbox: Option<sandbox::Running>,
    claims: Option<claims::Running>,
}

impl Beside {
    async fn start(settings: &Settings) -> Result<Self> {
        let (clock, chance) = (Clock::System, Chance::system());
        let sandbox = sandbox::start(settings, &clock, &chance).await?;
        let claims = claims::start(settings, &clock, &chance).await?;
        Ok(Self { sandbox, claims })
    }

    /// Whom payments speaks to.
    fn outside(&self, mode: Mode) -> Result<Outside> {
        let outside = Outside::from_env(mode)?;
        Ok(match &self.claims {
            Some(claims) => Outside { medicare: Some(claims.settings.clone()), ..outside },
            None => outside,
        })
    }

    /// Lets the sandbox know the demo's practices, which never went to its pages.
    async fn introduce_demo(&self, pools: &Pools) -> Result<()> {
        let Some(running) = &self.sandbox else { return Ok(()) };
        for (organization_id, account) in payments::demo::accounts(&pools.payments).await? {
            running.sandbox.know_account(&account, &organization_id.to_string());
        }
        Ok(())
    }

    async fn end(self) -> Result<()> {
        if let Some(sandbox) = self.sandbox {
            sandbox.end().await?;
        }
        if let Some(claims) = self.claims {
            claims.end().await?;
        }
        Ok(())
    }
}

/// One server for each `HELLOMAPPER_HOME`, since it stops the database there when it ends. The lock goes with the
/// process.
fn lock_home(settings: &Settings) -> Result<File> {
    fs::create_dir_all(&settings.home).with_context(|| format!("making {}", settings.home.display()))?;
    let file = File::create(settings.home.join("serve.lock")).context("making serve.lock")?;
    if file.try_lock().is_err() {
        bail!(
            "another server runs with {}; stop it, or set HELLOMAPPER_HOME to another folder",
            settings.home.display()
        );
    }
    Ok(file)
}

/// Everything up to the first request.
async fn prepare(
    settings: &Settings,
    databases: &Databases,
    beside: &Beside,
    demo_if_empty: Option<u32>,
    base_map: BaseMap,
    listener: TcpListener,
) -> Result<Server> {
    let (clock, chance) = (Clock::System, Chance::system());
    databases.migrate().await?;
    let pools = databases.pools().await?;
    reference::load(&pools, &clock).await?;
    if let Some(roles) = demo_if_empty
        && reference::is_empty(&pools).await?
    {
        println!("Inventing an Australia of {roles} practitioner roles");
        if beside.sandbox.is_some() {
            reference::load_demo_money(&pools, &clock, roles, 1).await?;
        }
        reference::load_demo(databases, &clock, roles, 1).await?;
    }
    beside.introduce_demo(&pools).await?;
    let outside = beside.outside(settings.mode)?;
    let mut services = assemble_with(settings, &pools, &clock, &chance, &outside).await?;
    keep_audit_logs(settings, databases, &mut services).await?;
    let front = front(settings, &services, base_map, &dist())?;
    println!("Data: {}", databases.describe());
    if settings.smtp_url.is_none() {
        println!("Mail: written to {}/mail (set SMTP_URL to send it)", settings.home.display());
    }
    println!("\n  HelloMapper: {}\n\nCtrl-C stops it.", settings.public_url);
    Ok(Server::on(listener, settings.clone(), services, front))
}

/// Brings schemas and reference data up to date.
pub async fn migrate() -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let migrated = async {
        databases.migrate().await?;
        reference::load(&databases.pools().await?, &Clock::System).await
    };
    let migrated = migrated.await;
    databases.close(false)?;
    migrated?;
    println!("Every schema is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Loads demo data.
pub async fn demo(roles: u32, seed: u64) -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    if settings.mode == Mode::Production {
        bail!("production never loads demo data");
    }
    let databases = Databases::open(&settings).await?;
    let loaded = async {
        databases.migrate().await?;
        let pools = databases.pools().await?;
        reference::load(&pools, &Clock::System).await?;
        if sandbox::is_wanted(&settings) && reference::is_empty(&pools).await? {
            reference::load_demo_money(&pools, &Clock::System, roles, seed).await?;
        }
        reference::load_demo(&databases, &Clock::System, roles, seed).await
    };
    let loaded = loaded.await;
    databases.close(false)?;
    loaded?;
    println!("{roles} practitioner roles are there. Everybody in them is invented.");
    Ok(ExitCode::SUCCESS)
}

/// What `import fhir` was asked.
pub struct Import {
    pub path: PathBuf,
    pub json: bool,
    pub dry_run: bool,
    pub strict: bool,
    pub report: Option<PathBuf>,
}

/// Imports a directory in FHIR. Ends with 2 when something was refused, so that a script notices.
pub async fn import_fhir(import: Import) -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let imported = import_with(&settings, &databases, import).await;
    databases.close(false)?;
    imported
}

async fn import_with(settings: &Settings, databases: &Databases, import: Import) -> Result<ExitCode> {
    let (clock, chance) = (Clock::System, Chance::system());
    databases.migrate().await?;
    let pools = databases.pools().await?;
    reference::load(&pools, &clock).await?;
    let core = Core::new(pools.providers.clone(), clock.clone(), chance.clone());
    let report = import.report.unwrap_or_else(|| {
        let now = clock.now().strftime("%Y%m%dT%H%M%SZ");
        settings.home.join("reports").join(format!("import-{now}.jsonl"))
    });
    let how = directory::Import { dry_run: import.dry_run, strict: import.strict, report };
    let mut conn = databases.migrate_connection("providers").await?;
    let summary = directory::import_fhir(&mut conn, &core, &import.path, how).await?;
    if import.json {
        println!("{}", serde_json::to_string(&summary)?);
    } else {
        println!(
            "created {}, changed {}, unchanged {}, refused {}, warnings {}{}\nreport: {}",
            summary.created,
            summary.changed,
            summary.unchanged,
            summary.refused,
            summary.warnings,
            if import.dry_run { " (dry run: nothing was kept)" } else { "" },
            summary.report.display()
        );
    }
    Ok(if summary.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Lists provider types.
pub async fn list_provider_types() -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let listed = async {
        let pools = databases.pools().await?;
        let mut conn = pools.providers.acquire().await?;
        for profession in providers::store::profession::list(&mut conn).await? {
            println!("{:<50} version {:<3} {}", profession.slug, profession.version, profession.name);
        }
        anyhow::Ok(())
    };
    let listed = listed.await;
    databases.close(false)?;
    listed?;
    Ok(ExitCode::SUCCESS)
}

/// Checks a provider type's file.
pub fn check_provider_type(file: &Path) -> Result<ExitCode> {
    let profession = read_provider_type(file)?;
    println!("{} version {} is well formed.", profession.slug, profession.version);
    Ok(ExitCode::SUCCESS)
}

/// Applies a provider type's file.
pub async fn apply_provider_type(file: &Path) -> Result<ExitCode> {
    let profession = read_provider_type(file)?;
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let applied = async {
        let pools = databases.pools().await?;
        let mut conn = pools.providers.acquire().await?;
        providers::store::profession::apply(&mut conn, &profession).await
    };
    let applied = applied.await;
    databases.close(false)?;
    if applied? {
        println!("{} version {} applies from the next start.", profession.slug, profession.version);
    } else {
        println!(
            "{} is there in version {} or newer already; raise the version to change it.",
            profession.slug, profession.version
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn read_provider_type(file: &Path) -> Result<Profession> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Profession::parse(&text).with_context(|| format!("{} is no provider type", file.display()))
}

/// Looks whether everything is there.
pub async fn doctor() -> Result<ExitCode> {
    let mut well = true;
    let mut say = |what: &str, result: Result<String>| match result {
        Ok(found) => println!("ok    {what}: {found}"),
        Err(error) => {
            well = false;
            println!("wrong {what}: {error:#}");
        }
    };
    let settings = Settings::from_env();
    say(
        "settings",
        settings
            .as_ref()
            .map(|settings| settings.public_url.clone())
            .map_err(|error| anyhow::anyhow!("{error:#}")),
    );
    let bundle = dist().join("index.html");
    let built = if bundle.exists() {
        Ok(bundle.display().to_string())
    } else {
        Err(anyhow::anyhow!("not built; `cargo xtask run` builds it"))
    };
    say("browser bundle", built);
    if let Ok(settings) = settings {
        say("base map", base_map(&settings).map(|base_map| base_map.to_string()));
        let stolen = users::BreachedList::open(settings.breached_passwords.as_deref());
        say("stolen passwords", stolen.map(|list| list.to_string()));
        match Databases::open(&settings).await {
            Ok(databases) => {
                say("databases", databases.pools().await.map(|_| databases.describe()));
                databases.close(false)?;
            }
            Err(error) => say("databases", Err(error)),
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
