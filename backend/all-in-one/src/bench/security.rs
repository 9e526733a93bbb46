//! What safety costs: believing a session, and writing down who read what. Both in a copy of a database, which is dropped
//! afterwards.

use std::{hint::black_box, time::Instant};

use anyhow::Result;
use jiff::SignedDuration;
use kernel::{Chance, Clock, Core, database, keys::Signer, session};
use serde::Serialize;
use shared_types::users::{Claims, Membership, StaffRole, Strength};
use tokio::task::block_in_place;

use super::{
    Bench, data,
    load::{Measured, Target, closed, rounded},
    offline::{self, AuditVerify, SealOpen},
    pgbench::{Bound, Pgbench, Raw, write_scripts},
    ratio, reading_sql,
    server::Served,
};
use crate::databases::Databases;

/// A route that anybody may call: the services look at the token of whoever brings one all the same.
const ROUTE: &str = "/api/v1/users/consent-texts/account-collection";
/// Tokens believed one after the other, without HTTP.
const CHECKS: u32 = 20_000;

/// All of it.
#[derive(Debug, Serialize)]
pub struct Security {
    pub token_check: TokenCheck,
    pub audit_overhead: AuditOverhead,
    pub audit_verify_1m: AuditVerify,
    pub seal_open: SealOpen,
}

/// What it costs to believe somebody.
#[derive(Debug, Serialize)]
pub struct TokenCheck {
    /// One signature, its claims and the revocations.
    pub ns_per_check: f64,
    pub without_session: Measured,
    pub with_session: Measured,
    /// Requests of somebody signed in for each of somebody who is not.
    pub with_vs_without: f64,
}

/// What it costs to write down that a record was read.
#[derive(Debug, Serialize)]
pub struct AuditOverhead {
    pub read_alone: Raw,
    pub read_written_down: Raw,
    /// Reads that are written down for each that is not.
    pub with_vs_without: f64,
    /// What the entry and its commit add.
    pub added_ms: f64,
}

/// Measures. Nobody may be connected to the original.
///
/// # Errors
/// When a copy cannot be made, or something cannot be measured in it.
pub async fn measure(bench: &Bench<'_>, original: &Databases) -> Result<Security> {
    let name = format!("{}_security", original.embedded()?.1);
    let copy = data::copy(original, &name).await?;
    let token_check = token_check(bench, &copy).await?;
    let audit_overhead = audit_overhead(bench, &copy).await?;
    data::remove(original, &[name]).await?;
    let (audit_verify_1m, seal_open) = block_in_place(|| {
        Ok::<_, anyhow::Error>((offline::audit_verify(&bench.home)?, offline::seal_open()?))
    })?;
    Ok(Security { token_check, audit_overhead, audit_verify_1m, seal_open })
}

async fn token_check(bench: &Bench<'_>, copy: &Databases) -> Result<TokenCheck> {
    let served = Served::start(copy, &bench.home)?;
    let target = bench.target(&served)?;
    // The key that the server has made, and published.
    let signer = Signer::in_file(&bench.home.join("keys").join("users-signing-key"), &Chance::system())?;
    let core =
        Core::new(database::pool(copy.app("users")?, "users", 1).await?, Clock::System, Chance::system());
    core.sessions.load(&core.pool).await?;
    let token = session::sign(&signer, &claims(&core));
    let measured =
        block_in_place(|| Ok::<_, anyhow::Error>((checks(&core, &token)?, requests(target, &token)?)));
    core.pool.close().await;
    served.stop()?;
    let (ns_per_check, (without_session, with_session)) = measured?;
    let with_vs_without = ratio(with_session.per_second, without_session.per_second);
    Ok(TokenCheck { ns_per_check, without_session, with_session, with_vs_without })
}

/// A member of staff at one practice.
fn claims(core: &Core) -> Claims {
    let now = core.now();
    Claims {
        session_id: core.id(),
        account_id: core.id(),
        patient_id: Some(core.id()),
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: vec![Membership { organization_id: core.id(), roles: vec![StaffRole::Reception] }],
        platform: Vec::new(),
        issued_at: now,
        expires_at: now + SignedDuration::from_hours(1),
    }
}

fn checks(core: &Core, token: &str) -> Result<f64> {
    let (begun, now) = (Instant::now(), core.now());
    for _ in 0..CHECKS {
        black_box(core.sessions.verify(black_box(token), now)?);
    }
    Ok(rounded(begun.elapsed().as_secs_f64() * 1e9 / f64::from(CHECKS)))
}

fn requests(target: Target, token: &str) -> Result<(Measured, Measured)> {
    let cookie = format!("{}={token}", session::COOKIE);
    let as_somebody = |cookie| closed(target, move |client, _| Some(client.get_as(ROUTE, cookie).map(drop)));
    Ok((as_somebody(None)?, as_somebody(Some(cookie.as_str()))?))
}

async fn audit_overhead(bench: &Bench<'_>, copy: &Databases) -> Result<AuditOverhead> {
    data::administer(copy, reading_sql::PREPARE.to_owned()).await?;
    let folder = bench.home.join("scripts").join("reading");
    let scripts = write_scripts(&folder, [reading_sql::alone(), reading_sql::written_down()])?;
    let run = |script: usize| {
        let pgbench = Pgbench {
            databases: copy,
            watched: bench.watched(None)?,
            service: "payments",
            scripts: scripts.get(script..=script).unwrap_or_default(),
            protocol: "prepared",
            variables: &[],
        };
        pgbench.run(Bound::Seconds(bench.time.as_secs()))
    };
    let (read_alone, read_written_down) = block_in_place(|| Ok::<_, anyhow::Error>((run(0)?, run(1)?)))?;
    Ok(AuditOverhead {
        with_vs_without: ratio(read_written_down.per_second, read_alone.per_second),
        added_ms: rounded(read_written_down.latency_ms - read_alone.latency_ms),
        read_alone,
        read_written_down,
    })
}
