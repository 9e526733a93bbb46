//! Staff of practices that bulk bill. They set up by which numbers they claim, and lodge the claims of the visits that took place, each
//! once, while the program is killed and Medicare's answers are lost.

use std::{
    net::SocketAddr,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use claims_simulator::{Fault, Simulator};
use jiff::SignedDuration;
use kernel::{
    Chance, Clock,
    keys::Signer,
    session::{self, TOKEN_LIFETIME},
};
use serde_json::{Value, json};
use shared_types::{
    AccountId, ClaimId, OrganizationId, SessionId,
    users::{Claims, Membership, StaffRole, Strength},
};

use super::{
    asking::{Asker, Asking},
    guest::below,
    place::Role,
    server::Server,
};

/// Under which number practitioners claim. It may be the same for all, since every patient has a card of their own.
const PROVIDER_NUMBER: &str = "2447781L";
/// What becomes of one message in so many, in turn.
const FAULTY_ONE_IN: usize = 3;
const FAULTS: [Fault; 3] = [Fault::AnswerLost, Fault::Hidden, Fault::Lost];
/// Longer than the job waits that lodges.
const LONGEST: Duration = Duration::from_secs(6);

/// Staff of every practice.
pub struct Desk {
    asking: Asking,
    /// What the users service signs sessions with.
    signer: Signer,
    account_id: AccountId,
    session_id: SessionId,
    clock: Clock,
    simulator: Simulator,
    chance: Chance,
}

impl Desk {
    /// At the program that listens at an address, and keeps its keys in a folder.
    ///
    /// # Errors
    /// When the key of sessions cannot be read or made.
    pub fn open(
        home: &Path,
        addr: SocketAddr,
        clock: &Clock,
        simulator: &Simulator,
        seed: u64,
    ) -> Result<Self> {
        let chance = Chance::seeded(seed);
        Ok(Self {
            asking: Asking::at(addr),
            signer: Signer::in_file(&home.join("keys").join("users-signing-key"), &Chance::system())?,
            account_id: chance.id(clock),
            session_id: chance.id(clock),
            clock: clock.clone(),
            simulator: simulator.clone(),
            chance,
        })
    }

    /// Says by which numbers each of them claims, and that what they offer is bulk billed.
    ///
    /// # Errors
    /// When it is not taken.
    pub fn set_up(&self, roles: &[Role]) -> Result<()> {
        let mut asker = self.asking.begin();
        let mut practices: Vec<OrganizationId> = roles.iter().map(|role| role.practice).collect();
        practices.sort_unstable();
        practices.dedup();
        for (number, practice) in practices.into_iter().enumerate() {
            let location = json!({"location_id": format!("CHA{number:05}")});
            self.put(&mut asker, practice, "medicare", location)?;
        }
        for Role { role, kind, practice } in roles {
            let setup = json!({"provider_number": PROVIDER_NUMBER, "modified_monash": 1});
            self.put(&mut asker, *practice, &format!("roles/{role}/medicare"), setup)?;
            self.put(&mut asker, *practice, &format!("funding/{kind}"), json!({"rules": [rule()]}))?;
        }
        Ok(())
    }

    /// Lodges claims while the program is killed, once while they are written down and so often while they are sent.
    ///
    /// # Errors
    /// When a claim is not taken, or the program does not come back.
    pub fn lodge(
        &self,
        server: &mut Server,
        ahead: SignedDuration,
        ready: &[(OrganizationId, ClaimId)],
        kills: u32,
    ) -> Result<()> {
        let (written, most) = (AtomicUsize::new(0), u32::try_from(ready.len())?);
        thread::scope(|scope| {
            let submitting = scope.spawn(|| self.submit(ready, &written));
            let killed = self.kill_meanwhile(server, ahead, &written, most, kills);
            if killed.is_err() {
                // Nobody waits for what does not come back.
                self.asking.stopped.store(true, Ordering::SeqCst);
            }
            let submitted = submitting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            killed.and(submitted)
        })
    }

    fn submit(&self, ready: &[(OrganizationId, ClaimId)], written: &AtomicUsize) -> Result<()> {
        let mut asker = self.asking.begin();
        for (number, (practice, claim_id)) in ready.iter().enumerate() {
            if number.is_multiple_of(FAULTY_ONE_IN) {
                self.simulator.add_faults(FAULTS.get(number / FAULTY_ONE_IN % FAULTS.len()).cloned());
            }
            let path = format!("/api/v1/payments/practices/{practice}/claims/{claim_id}/submit");
            asker.post(&path, &self.cookie(*practice), "")?.expect(202)?;
            written.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }

    /// A claim that Medicare has just got is one whose answer is on its way.
    fn kill_meanwhile(
        &self,
        server: &mut Server,
        ahead: SignedDuration,
        written: &AtomicUsize,
        most: u32,
        kills: u32,
    ) -> Result<()> {
        let before = self.lodged();
        let mark = usize::try_from(below(&self.chance, most))?;
        kill_once(server, ahead, || written.load(Ordering::SeqCst) > mark)?;
        // Some of them arrive later, if only when they are sent again.
        let draw = |_| Ok(before + usize::try_from(below(&self.chance, most.div_ceil(2)))?);
        let mut marks = (0..kills).map(draw).collect::<Result<Vec<_>>>()?;
        marks.sort_unstable();
        for mark in marks {
            kill_once(server, ahead, || self.lodged() > mark)?;
        }
        Ok(())
    }

    /// How many claims Medicare has.
    fn lodged(&self) -> usize {
        self.simulator.world().lodged().len()
    }

    /// Replaces what is there, as last seen.
    fn put(&self, asker: &mut Asker<'_>, practice: OrganizationId, rest: &str, mut to: Value) -> Result<()> {
        let path = format!("/api/v1/payments/practices/{practice}/{rest}");
        let cookie = self.cookie(practice);
        let before: Value = asker.insist("GET", &path, &cookie, "")?.expect(200)?.json()?;
        to["version"] = before["version"].clone();
        let headers = format!("Content-Type: application/json\r\n{cookie}");
        asker.insist("PUT", &path, &headers, &to.to_string())?.expect(200)?;
        Ok(())
    }

    /// Somebody who owns a practice is signed in with a passkey.
    fn cookie(&self, practice: OrganizationId) -> String {
        let now = self.clock.now();
        let claims = Claims {
            session_id: self.session_id,
            account_id: self.account_id,
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: vec![Membership { organization_id: practice, roles: vec![StaffRole::Owner] }],
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + TOKEN_LIFETIME,
        };
        format!("Cookie: {}={}\r\n", session::COOKIE, session::sign(&self.signer, &claims))
    }
}

/// Kills the program once something is reached, or after a while, and starts it again.
fn kill_once(server: &mut Server, ahead: SignedDuration, is_reached: impl Fn() -> bool) -> Result<()> {
    let deadline = Instant::now() + LONGEST;
    while !is_reached() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    server.kill()?;
    server.start(ahead)
}

/// For who has a Medicare card, it costs nothing.
fn rule() -> Value {
    json!({
        "cohort": "medicare", "mode": "bulk_billed", "item_numbers": ["23"], "fee_cents": 0, "collection": "at_practice",
        "deposit_cents": 0, "no_show_fee_cents": 0, "tax_code": "free_medical",
    })
}
