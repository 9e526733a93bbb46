//! Money: changes of payments without the processor's time, webhooks, the proof of a ledger of ten million entries, and loading the
//! Medicare Benefits Schedule. All in a copy of a database, which is dropped afterwards; the ledger is filled first, so that payments
//! change on top of it.

use std::{
    fmt::Write as _,
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use cluster::SERVICES;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kernel::{
    Chance, Clock, Core, Service,
    config::{Mode, Settings},
    database,
};
use payments::{
    Outside, ProcessorSettings,
    measured::{Waiting, begin, hold_and_take},
};
use processor_sandbox::{Sandbox, WEBHOOK_SECRET, signature};
use serde::Serialize;
use serde_json::{Value, json};
use shared_types::OrganizationId;
use tokio::{net::TcpListener, task::block_in_place};

use super::{
    Bench,
    cpu::Watched,
    data,
    http::Client,
    ledger::{self, LedgerVerify},
    load::{CLIENTS, rounded},
    worked::{Worked, work_off},
};
use crate::databases::Databases;

/// Payments whose money is held and then taken.
const PAYMENTS: usize = 4_000;
/// Webhooks, each of a payment that was made.
const WEBHOOKS: usize = 2_000;
/// Items of the schedule, about as many as the official file has, and how long their descriptions are.
const ITEMS: u32 = 6_000;
const DESCRIPTION: usize = 900;

/// All of it.
#[derive(Debug, Serialize)]
pub struct Payments {
    /// Two for each payment: held, taken.
    pub state_changes: Worked,
    /// Believed and stored, through HTTP.
    pub webhooks_stored: Worked,
    /// Applied by the job, which asks the sandbox where each object stands.
    pub webhooks_applied: Worked,
    pub ledger_verify_10m: LedgerVerify,
    pub mbs_load: MbsLoad,
}

/// The first reading of a whole schedule, by the command line.
#[derive(Debug, Serialize)]
pub struct MbsLoad {
    pub items: u32,
    pub megabytes: f64,
    pub seconds: f64,
    pub items_per_second: f64,
    /// The most memory that the program had.
    pub peak_megabytes: f64,
}

/// Measures. Nobody may be connected to the original.
///
/// # Errors
/// When a copy cannot be made, or something cannot be measured in it.
pub async fn measure(bench: &Bench<'_>, original: &Databases, settings: &Settings) -> Result<Payments> {
    let name = format!("{}_payments", original.embedded()?.1);
    let copy = data::copy(original, &name).await?;
    let ledger_verify_10m = ledger::measure(&copy).await?;
    let pool = database::pool(copy.app("payments")?, "payments", 16).await?;
    let core = Core::new(pool, Clock::System, Chance::system());
    let state_changes = state_changes(bench, &core).await?;
    let (webhooks_stored, webhooks_applied) = webhooks(bench, &core, settings).await?;
    core.pool.close().await;
    let mbs_load = block_in_place(|| mbs_load(bench, &copy))?;
    data::remove(original, &[name]).await?;
    Ok(Payments { state_changes, webhooks_stored, webhooks_applied, ledger_verify_10m, mbs_load })
}

async fn waiting(core: &Core, count: usize) -> Result<Vec<Waiting>> {
    let practice: OrganizationId = core.id();
    stream::iter(0..count).map(|_| begin(core, practice)).buffer_unordered(CLIENTS).try_collect().await
}

async fn state_changes(bench: &Bench<'_>, core: &Core) -> Result<Worked> {
    let waiting = waiting(core, PAYMENTS).await?;
    let watched = bench.watched(None)?;
    let (begun, before) = (Instant::now(), watched.read()?);
    stream::iter(waiting)
        .map(|waiting| hold_and_take(core, waiting))
        .buffer_unordered(CLIENTS)
        .try_collect::<Vec<()>>()
        .await?;
    Worked::since(watched, begun, before, 2 * PAYMENTS as u64)
}

/// Stored as they come, then applied.
async fn webhooks(bench: &Bench<'_>, core: &Core, settings: &Settings) -> Result<(Worked, Worked)> {
    let settings = Settings { home: bench.home.clone(), ..settings.clone() };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let processor = listener.local_addr()?;
    let address = format!("http://{processor}");
    let chance = Chance::system();
    let sandbox = Sandbox::new(Mode::Development, Clock::System, chance, address.clone(), None)?;
    let selling = tokio::spawn(processor_sandbox::serve(sandbox, listener, std::future::pending()));
    let outside = Outside { processor: ProcessorSettings::sandbox(&address), medicare: None };
    let service = payments::service_with(core.clone(), &settings, &outside).await?;
    let waiting = waiting(core, WEBHOOKS).await?;
    let made = block_in_place(|| pay(processor, &waiting))?;
    let watched = bench.watched(None)?;
    let stored = store(watched, &service, &made).await?;
    let applied = work_off(watched, &[service], "payments.apply_webhooks").await?;
    selling.abort();
    Ok((stored, applied))
}

/// Payments at the processor, each of one of the tries. Gives its names for them.
fn pay(processor: SocketAddr, waiting: &[Waiting]) -> Result<Vec<String>> {
    const HEADERS: &str =
        "Authorization: Bearer sk_test_sandbox\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let mut client = Client::new(processor);
    let mut made = Vec::new();
    for it in waiting {
        let asked = format!(
            "amount=11000&currency=aud&payment_method=pm_card_visa&confirm=true&metadata[reference]={}",
            it.intent_id
        );
        let reply: Value =
            client.send("POST", "/v1/payment_intents", HEADERS, &asked)?.expect(200)?.json()?;
        made.push(reply["id"].as_str().context("a payment has a name")?.to_owned());
    }
    Ok(made)
}

async fn store(watched: Watched, service: &Service, made: &[String]) -> Result<Worked> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    let router = service.router.clone();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let (begun, before) = (Instant::now(), watched.read()?);
    block_in_place(|| {
        thread::scope(|scope| {
            let each = made.len().div_ceil(CLIENTS).max(1);
            let threads: Vec<_> =
                made.chunks(each).map(|made| scope.spawn(move || tell(addr, made))).collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    })?;
    let stored = Worked::since(watched, begun, before, made.len() as u64);
    serving.abort();
    stored
}

/// Tells what the processor would, signed by it.
fn tell(addr: SocketAddr, made: &[String]) -> Result<()> {
    let mut client = Client::new(addr);
    for object in made {
        let event = json!({
            "id": format!("evt_{object}"),
            "type": "payment_intent.succeeded",
            "data": {"object": {"id": object}},
        });
        let body = event.to_string();
        let signed = signature(WEBHOOK_SECRET, Clock::System.now().as_second(), &body);
        let headers = format!("Content-Type: application/json\r\nStripe-Signature: {signed}\r\n");
        client.send("POST", "/api/v1/payments/processor/webhook", &headers, &body)?.expect(204)?;
    }
    Ok(())
}

fn mbs_load(bench: &Bench<'_>, copy: &Databases) -> Result<MbsLoad> {
    let file = bench.home.join("mbs.xml");
    fs::write(&file, schedule())?;
    let megabytes = file.metadata()?.len() as f64 / 1e6;
    let loaded = load(bench, copy, &file);
    fs::remove_file(&file)?;
    let (seconds, peak_megabytes) = loaded?;
    Ok(MbsLoad {
        items: ITEMS,
        megabytes: rounded(megabytes),
        seconds: rounded(seconds),
        items_per_second: rounded(f64::from(ITEMS) / seconds),
        peak_megabytes: rounded(peak_megabytes),
    })
}

/// `hellomapper mbs load`, watched: how long it takes, and the most memory that it has.
fn load(bench: &Bench<'_>, copy: &Databases, file: &Path) -> Result<(f64, f64)> {
    let (cluster, database) = copy.embedded()?;
    let mut command = Command::new(std::env::current_exe()?);
    for service in SERVICES {
        let url = cluster.url(&format!("{service}_app"), database)?;
        command.env(format!("DATABASE_URL_{}", service.to_uppercase()), url);
    }
    let begun = Instant::now();
    let mut child = command
        .args(["mbs", "load"])
        .arg(file)
        .env("HELLOMAPPER_HOME", &bench.home)
        .env("HELLOMAPPER_ENV", "development")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .context("loading the schedule")?;
    let mut kilobytes = 0;
    let status = loop {
        kilobytes = kilobytes.max(peak_kilobytes(child.id()));
        match child.try_wait()? {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    ensure!(status.success(), "the schedule was not loaded: {status}");
    Ok((begun.elapsed().as_secs_f64(), f64::from(kilobytes) / 1e3))
}

/// The most memory that a process has had until now; none once it has ended.
fn peak_kilobytes(pid: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

/// A file in the official layout: fixed fees of which most pay 85 percent, rounded up to five cents.
fn schedule() -> String {
    let description = "Professional attendance, with everything that is said of it. ";
    let description: String = description.chars().cycle().take(DESCRIPTION).collect();
    let mut file = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MBS_XML>\n".to_owned();
    for number in 1..=ITEMS {
        let fee = 2_000 + number * 5;
        let benefit = |percent: u32| dollars((fee * percent).div_ceil(500) * 5);
        let benefits = if number.is_multiple_of(10) {
            format!("<Benefit100>{}</Benefit100>", dollars(fee))
        } else {
            format!("<Benefit75>{}</Benefit75><Benefit85>{}</Benefit85>", benefit(75), benefit(85))
        };
        // Writing to a text cannot fail.
        let _ = writeln!(
            file,
            "<Data><ItemNum>{number}</ItemNum><SubItemNum></SubItemNum><ItemStartDate>01.12.1989</ItemStartDate>\
             <ItemEndDate></ItemEndDate><Category>1</Category><Group>A1</Group><SubGroup>1</SubGroup>\
             <BenefitType>C</BenefitType><FeeType>N</FeeType><FeeStartDate>01.07.2026</FeeStartDate>\
             <ScheduleFee>{}</ScheduleFee>{benefits}<DescriptionStartDate>01.11.2023</DescriptionStartDate>\
             <Description>{number}: {description}</Description></Data>",
            dollars(fee)
        );
    }
    file.push_str("</MBS_XML>\n");
    file
}

fn dollars(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::{ITEMS, schedule};

    #[test]
    fn the_file_has_the_official_layout() {
        let file = schedule();
        assert_eq!(file.matches("<Data>").count(), ITEMS as usize);
        let item = file.lines().nth(2 + 22).unwrap();
        assert!(item.starts_with("<Data><ItemNum>23</ItemNum>"), "{item}");
        assert!(item.contains("<ScheduleFee>21.15</ScheduleFee><Benefit75>15.90</Benefit75>"), "{item}");
        assert!(item.contains("<Benefit85>18.00</Benefit85>"), "{item}");
    }
}
