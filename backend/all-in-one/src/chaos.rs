//! `hellomapper chaos payments`: people book and pay while the program is killed, the database restarts, webhooks are dropped, come
//! twice and in any order, and the processor's replies are lost. One in ten is bulk billed instead: pays nothing and assigns the benefit,
//! and once the visits are over their claims are lodged while the program is killed and Medicare's answers are lost. Then time passes
//! until nothing is due any more, and everything is counted: what was paid is booked or given back, the ledger balances to the cent, no
//! card was charged twice, no claim was lodged twice, and nothing is charged for what is bulk billed.
//!
//! It makes a database cluster of its own, keeps to the loopback address, ends nothing but what it started, and ends by itself.

mod agreeing;
mod ahead;
mod asking;
mod claimed;
mod desk;
mod guest;
mod options;
mod outside;
mod place;
mod server;
mod trouble;
mod verdict;

use std::{
    env, fs,
    path::Path,
    process::ExitCode,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use jiff::SignedDuration;
use kernel::{Chance, config::Settings};
use processor_sandbox::{Faults, Receiver, WEBHOOK_SECRET};
use tokio::task::block_in_place;

use self::{
    ahead::RunsAhead,
    desk::Desk,
    guest::{Guests, Paying, Plan},
    outside::Outside,
    place::{ONE_IN, Roles, Slot},
    server::Server,
    trouble::Driven,
};
pub use self::{options::Options, verdict::Found};
use crate::{bench::data, databases::Databases};

/// Where bookings and payments are, in a cluster of our own.
const DATABASE: &str = "chaos_payments";
/// Where payments listens for what the processor tells.
const WEBHOOK: &str = "/api/v1/payments/processor/webhook";
/// How far the time has moved on, one after the other: pages run out, the night's comparison is made, cards that are kept are charged,
/// visits take place, fees are due.
const LATER: [SignedDuration; 6] = [
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(26),
    SignedDuration::from_hours(4 * 24),
    SignedDuration::from_hours(6 * 24),
    SignedDuration::from_hours(10 * 24 + 12),
    SignedDuration::from_hours(11 * 24 + 18),
];
/// From when on claims are lodged: all visits are over.
const LODGED_FROM: SignedDuration = LATER[4];
/// While claims are lodged, the program is killed once for so many times that it was while people booked, and once more.
const KILLS_PER_KILL: u32 = 20;
/// Whoever was killed has its work for so long; then another takes it.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// What is due within this is waited for.
const SOON: SignedDuration = SignedDuration::from_secs(12);
/// How often a little more time passes for what was left in the middle.
const LEASES: u32 = 4;
/// How long it may take until nothing is due at one of these times.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often is looked, and how often in a row nothing may be due.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 10;

#[derive(clap::Subcommand)]
pub enum Chaos {
    /// Bookings are made and paid, or bulk billed.
    Payments(Options),
    /// What is killed: every service without the pages, at a time to come, until nobody holds its input open.
    Server {
        #[arg(long)]
        ahead_seconds: i64,
    },
}

/// Does what was asked. Fails where something was lost.
///
/// # Errors
/// When it cannot be tried out.
pub async fn run(asked: Chaos) -> Result<ExitCode> {
    match asked {
        Chaos::Payments(options) => {
            let home = std::path::absolute(Settings::from_env()?.home.join("chaos"))?;
            let found = payments(&options, &home, &env::current_exe()?).await?;
            found.write()?;
            print!("{}", found.words());
            Ok(if found.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Chaos::Server { ahead_seconds } => server::serve(SignedDuration::from_secs(ahead_seconds)).await,
    }
}

/// Books, pays and counts. `home` takes the cluster, keys, mail and logs; `program` is this one.
///
/// # Errors
/// When it cannot be tried out. That something was lost is a result, not an error.
pub async fn payments(options: &Options, home: &Path, program: &Path) -> Result<Found> {
    let databases = Databases::own(&home.join("postgres")).await?;
    let found = payments_in(options, &databases, &home.join("run"), program).await;
    databases.close(true)?;
    found
}

async fn payments_in(options: &Options, databases: &Databases, home: &Path, program: &Path) -> Result<Found> {
    // Keys and mail of an earlier run; there may be none.
    drop(fs::remove_dir_all(home));
    fs::create_dir_all(home).with_context(|| format!("making {}", home.display()))?;
    data::remove(databases, &[DATABASE.to_owned()]).await?;
    let place = databases.beside(DATABASE).await?;
    place::fill(&place, options.bookings).await?;
    let time = RunsAhead::by(SignedDuration::ZERO);
    let outside = Outside::begin(&time.clock, options.seed).await?;
    let roles = place::open(&place, outside.processor, options.bookings).await?;
    let server = Server::new(program, home, &outside, &place)?;
    outside.sandbox.tell(Receiver {
        url: format!("http://{}{WEBHOOK}", server.addr),
        secret: WEBHOOK_SECRET.to_owned(),
    });
    let seed = options.seed.wrapping_add(2);
    let desk = Desk::open(home, server.addr, &time.clock, &outside.simulator, seed)?;
    let run = Run { options, place: &place, time: &time, outside: &outside, desk: &desk };
    run.through(server, &roles, &Chance::seeded(options.seed.wrapping_add(1))).await
}

/// Everything a run has.
struct Run<'a> {
    options: &'a Options,
    place: &'a Databases,
    time: &'a RunsAhead,
    outside: &'a Outside,
    desk: &'a Desk,
}

impl Run<'_> {
    async fn through(&self, mut server: Server, roles: &Roles, chance: &Chance) -> Result<Found> {
        let begun = Instant::now();
        // Services tell each other their keys and texts before anybody comes, and then who bulk bills.
        self.let_pass(&mut server, SignedDuration::ZERO, false).await?;
        block_in_place(|| self.desk.set_up(&roles.bulk_billing))?;
        self.settle(&mut server, SignedDuration::ZERO, false).await?;
        let server = Mutex::new(server);
        let driven = block_in_place(|| self.drive(&server, roles, chance))?;
        println!("{} people were there; now time passes", self.options.bookings);
        let mut server = server.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut left = 0;
        for (number, later) in LATER.into_iter().enumerate() {
            let is_last = number + 1 == LATER.len();
            let due = place::due(self.place, later, SOON).await.context("looking for what is due")?;
            println!("{} hours later: {due} things are due", later.as_hours());
            if is_last {
                self.outside.sandbox.set_faults(Faults::default());
            }
            left = self.let_pass(&mut server, later, !is_last).await?;
        }
        server.kill()?;
        let ledger = server.verify_ledger()?;
        let seconds = begun.elapsed().as_secs();
        let run =
            verdict::Run { driven, bookings: self.options.bookings, kills: server.kills, left, seconds };
        verdict::look(self.place, self.outside, run, ledger).await
    }

    /// Starts the program at a time, and waits until it has done what is due. A little more time passes while something was left in
    /// the middle: the processor forgets its keys after a day. Says how much is left.
    async fn let_pass(&self, server: &mut Server, later: SignedDuration, kills: bool) -> Result<i64> {
        let (mut ahead, mut left) = (later, 0);
        for _ in 0..LEASES {
            server.kill()?;
            self.time.set(ahead);
            server.start(ahead)?;
            self.settle(server, ahead, kills).await?;
            if kills && later >= LODGED_FROM && self.lodge(server, ahead).await? {
                self.settle(server, ahead, kills).await?;
            }
            left = place::due(self.place, ahead, LEASE).await?;
            if left == 0 {
                break;
            }
            ahead += LEASE;
        }
        Ok(left)
    }

    /// Lodges the claims that can be, while things go wrong. Says whether there were any.
    async fn lodge(&self, server: &mut Server, ahead: SignedDuration) -> Result<bool> {
        let ready = place::ready(self.place).await.context("looking for claims to lodge")?;
        if ready.is_empty() {
            return Ok(false);
        }
        let kills = 1 + self.options.kills / KILLS_PER_KILL;
        block_in_place(|| self.desk.lodge(server, ahead, &ready, kills))?;
        Ok(true)
    }

    /// Waits until nothing is due, but not for ever: what is left then is counted in the end. Where it is killed once more every few
    /// seconds, its jobs look again at once.
    async fn settle(&self, server: &mut Server, ahead: SignedDuration, kills: bool) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let round = Duration::from_secs(3 + u64::from(self.options.bookings / 500));
        let (mut quiet, mut begun) = (0, Instant::now());
        while quiet < LOOKS && Instant::now() < deadline {
            let due = place::due(self.place, ahead, SOON).await.context("looking for what is due")?;
            quiet = if due == 0 { quiet + 1 } else { 0 };
            if kills && quiet == 0 && begun.elapsed() > round {
                server.kill()?;
                server.start(ahead)?;
                begun = Instant::now();
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// People book while things go wrong.
    fn drive(&self, server: &Mutex<Server>, roles: &Roles, chance: &Chance) -> Result<Driven> {
        let addr = server.lock().unwrap_or_else(PoisonError::into_inner).addr;
        let everybody = usize::try_from(self.options.bookings)?;
        let bulk_billed = place::slots(addr, &roles.bulk_billing, everybody / ONE_IN)?;
        let paid = place::slots(addr, &roles.paid, everybody - bulk_billed.len())?;
        let guests = Guests::new(addr, self.outside.processor)?;
        let people = mixed(paid, bulk_billed, chance);
        self.outside.sandbox.set_faults(self.options.faults());
        let (cluster, _) = self.place.embedded()?;
        let troubles = trouble::draw(self.options, chance);
        trouble::drive(&guests, &people, &troubles, server, cluster)
    }
}

/// What everybody is going to do, those who are bulk billed among the others.
fn mixed(paid: Vec<Slot>, bulk_billed: Vec<Slot>, chance: &Chance) -> Vec<(Slot, Plan)> {
    let (mut paid, mut bulk_billed) = (paid.into_iter(), bulk_billed.into_iter());
    let mut people = Vec::new();
    while paid.len() + bulk_billed.len() > 0 {
        let some = paid.by_ref().take(ONE_IN - 1);
        people.extend(some.map(|slot| (slot, Plan::Pay(Paying::draw(chance)))));
        people.extend(bulk_billed.next().map(|slot| (slot, Plan::Agree)));
    }
    people
}
