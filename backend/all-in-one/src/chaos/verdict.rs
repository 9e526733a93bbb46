//! Everything counted: what the processor has, what payments and bookings say, and whether they say the same.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};
use processor_sandbox::Figures;
use serde::Serialize;
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

use super::{
    claimed::{self, Claimed},
    outside::Outside,
    trouble::Driven,
};
use crate::databases::Databases;

const FOLDER: &str = "target/chaos";

/// What a run was.
pub struct Run {
    pub driven: Driven,
    pub bookings: u32,
    /// All of them.
    pub kills: usize,
    /// How much is due still, although all the time passed.
    pub left: i64,
    pub seconds: u64,
}

/// What a run found.
#[derive(Debug, Serialize)]
pub struct Found {
    pub bookings: u32,
    pub seconds: u64,
    /// What people asked and were answered, how many of them gave up, and what of their money and of practices' claims is not where it
    /// should be, or was charged or claimed twice.
    pub requests: u64,
    pub errors: usize,
    pub lost: i64,
    pub doubled: usize,
    pub first_error: Option<String>,
    /// While people booked.
    pub kills: usize,
    /// While time passed.
    pub kills_later: usize,
    pub database_restarts: usize,
    pub asked_again: u64,
    /// How people came out of it, as they saw it.
    pub left_the_page: usize,
    pub paid: usize,
    pub cancelled: usize,
    pub agreed_to_bulk_billing: usize,
    /// What the processor did, and did wrong on purpose.
    pub processor: Figures,
    /// How many payments stand where.
    pub payments: BTreeMap<String, i64>,
    /// How many appointments stand where.
    pub appointments: BTreeMap<String, i64>,
    /// Money that is kept of a booking that does not stand, beyond its fee.
    pub paid_and_not_booked: i64,
    /// Bookings that stand without the payment that they asked for.
    pub booked_and_not_paid: i64,
    /// Bookings that wait for a payment still.
    pub waiting: i64,
    /// Tries whose card the bank agreed to more than once.
    pub charged_twice: usize,
    /// Tries of which the processor took something else than we say.
    pub taken_otherwise: usize,
    /// Refunds of which it gave back something else.
    pub given_back_otherwise: usize,
    /// What is bulk billed.
    pub claimed: Claimed,
    /// What is due still, although all the time passed.
    pub left_over: i64,
    pub ledger_is_whole: bool,
    pub ledger: String,
}

impl Found {
    /// Whether nothing was lost.
    pub fn is_well(&self) -> bool {
        self.wrong().is_empty()
    }

    /// What was.
    pub fn wrong(&self) -> Vec<String> {
        let counts = [
            ("bookings have money that is neither for a visit nor given back", self.paid_and_not_booked),
            ("bookings stand without their payment", self.booked_and_not_paid),
            ("bookings wait for a payment for ever", self.waiting),
            ("things are due and nobody does them", self.left_over),
            ("cards were charged twice", number(self.charged_twice)),
            ("charges are not what we say", number(self.taken_otherwise)),
            ("refunds are not what we say", number(self.given_back_otherwise)),
        ];
        let mut wrong: Vec<_> = counts
            .into_iter()
            .chain(self.claimed.wrong())
            .filter(|(_, count)| *count > 0)
            .map(|(what, count)| format!("{count} {what}"))
            .collect();
        if !self.ledger_is_whole {
            wrong.push(format!("the ledger is not whole: {}", self.ledger.trim_end()));
        }
        // With hardly anybody through, nothing was tried out.
        if (self.paid + self.cancelled) * 2 < usize::try_from(self.bookings).unwrap_or(usize::MAX) {
            let why = self.first_error.as_deref().unwrap_or("nobody was refused");
            wrong.push(format!("fewer than half of the people could pay: {why}"));
        }
        if self.claimed.is_hardly_any() {
            wrong.push("fewer than half of the bulk-billed visits were claimed".to_owned());
        }
        wrong
    }

    /// Writes it where other figures are, from the checkout's root.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self) -> Result<()> {
        fs::create_dir_all(FOLDER).with_context(|| format!("making {FOLDER}"))?;
        let path = Path::new(FOLDER).join("payments.json");
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    }

    /// For people.
    pub fn words(&self) -> String {
        let mut words = serde_json::to_string_pretty(self).unwrap_or_default();
        words.push('\n');
        for wrong in self.wrong() {
            words.push_str(&format!("Lost: {wrong}.\n"));
        }
        words.push_str(if self.is_well() { "Nothing was lost.\n" } else { "Something was lost.\n" });
        words
    }
}

pub fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Counts.
///
/// # Errors
/// When the database cannot be read.
pub async fn look(
    databases: &Databases,
    outside: &Outside,
    run: Run,
    (ledger_is_whole, ledger): (bool, String),
) -> Result<Found> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let conn = &mut admin;
    let (driven, sandbox) = (run.driven, &outside.sandbox);
    let agreed = sandbox.agreed();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (metadata, _) in &agreed {
        *times.entry(reference(metadata)).or_default() += 1;
    }
    let taken = by_reference(agreed.into_iter().filter(|(_, cents)| *cents > 0));
    let given_back = by_reference(sandbox.given_back());
    let mut found = Found {
        bookings: run.bookings,
        seconds: run.seconds,
        requests: driven.answered,
        errors: driven.failed,
        lost: 0,
        doubled: 0,
        first_error: driven.first_failure,
        kills: driven.kills,
        kills_later: run.kills.saturating_sub(driven.kills),
        database_restarts: driven.database_restarts,
        asked_again: driven.asked_again,
        left_the_page: driven.left,
        paid: driven.paid,
        cancelled: driven.cancelled,
        agreed_to_bulk_billing: driven.agreed,
        processor: sandbox.figures(),
        payments: counts(conn, PAYMENTS).await?,
        appointments: counts(conn, APPOINTMENTS).await?,
        paid_and_not_booked: count(conn, PAID_AND_NOT_BOOKED).await?,
        booked_and_not_paid: count(conn, BOOKED_AND_NOT_PAID).await?,
        waiting: count(conn, WAITING).await?,
        charged_twice: times.values().filter(|times| **times > 1).count(),
        taken_otherwise: differing(&taken, &counts(conn, TAKEN).await?),
        given_back_otherwise: differing(&given_back, &counts(conn, GIVEN_BACK).await?),
        claimed: claimed::look(conn, &outside.simulator).await?,
        left_over: run.left,
        ledger_is_whole,
        ledger,
    };
    admin.close().await?;
    found.doubled = found.charged_twice + found.claimed.doubled();
    found.lost = found.paid_and_not_booked
        + found.booked_and_not_paid
        + found.waiting
        + number(found.taken_otherwise)
        + number(found.given_back_otherwise)
        + found.claimed.lost();
    Ok(found)
}

const PAYMENTS: &str = "select status, count(*) from payments.payment group by status";
const APPOINTMENTS: &str =
    "select status, count(*) from bookings.appointment where quote is not null group by status";
const WAITING: &str = "select count(*) from bookings.appointment where status = 'awaiting_payment'";

/// Where a booking stands is where the last link of its chain does.
const PAID_AND_NOT_BOOKED: &str = "select count(*) from payments.payment left join lateral (\
    select status from bookings.appointment where appointment.booking_id = payment.booking_id \
    order by sequence desc limit 1) booked on true \
    where payment.captured_cents > payment.refunded_cents and case \
    when booked.status in ('requested', 'confirmed', 'arrived', 'checked_in', 'in_consult', 'completed', 'no_show_patient') \
    then false else payment.captured_cents - payment.refunded_cents <> payment.fee_cents end";

/// A visit that is over may have been let go: the bank did not hold the money long enough, or the card failed.
const BOOKED_AND_NOT_PAID: &str = "select count(*) from bookings.appointment a left join payments.payment using (booking_id) \
    where a.status in ('requested', 'confirmed', 'arrived', 'checked_in', 'in_consult', 'completed') \
    and a.quote -> 'terms' ->> 'collection' in ('after_visit', 'deposit', 'prepaid') \
    and (coalesce(payment.status, 'not_required') in ('not_required', 'awaiting') \
    or (a.status <> 'completed' and payment.status in ('voided', 'refunded')))";

const TAKEN: &str = "select intent_id::text, captured_cents from payments.intent where captured_cents > 0";
const GIVEN_BACK: &str =
    "select refund_id::text, amount_cents from payments.refund where status = 'succeeded'";

pub async fn count(conn: &mut PgConnection, statement: &'static str) -> Result<i64> {
    Ok(sqlx::query_scalar(statement).fetch_one(conn).await?)
}

/// A number for each name.
pub async fn counts(conn: &mut PgConnection, statement: &'static str) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(statement).fetch_all(conn).await?;
    Ok(rows.into_iter().collect())
}

/// What the seller calls it.
fn reference(metadata: &Value) -> String {
    metadata["reference"].as_str().unwrap_or_default().to_owned()
}

fn by_reference(all: impl IntoIterator<Item = (Value, i64)>) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for (metadata, cents) in all {
        *sums.entry(reference(&metadata)).or_default() += cents;
    }
    sums
}

/// How many of them one side alone has, or has otherwise.
pub fn differing(theirs: &BTreeMap<String, i64>, ours: &BTreeMap<String, i64>) -> usize {
    let unknown = ours.keys().filter(|name| !theirs.contains_key(*name)).count();
    unknown + theirs.iter().filter(|(name, cents)| ours.get(*name) != Some(*cents)).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{by_reference, differing};

    #[test]
    fn what_one_side_alone_has_or_has_otherwise_differs() {
        let sums = |all: &[(&str, i64)]| {
            by_reference(all.iter().map(|(name, cents)| (json!({"reference": name}), *cents)))
        };
        let ours = sums(&[("a", 100), ("b", 200), ("c", 300)]);
        assert_eq!(differing(&sums(&[("a", 60), ("a", 40), ("b", 200), ("c", 300)]), &ours), 0);
        assert_eq!(differing(&sums(&[("a", 100), ("a", 100), ("d", 5)]), &ours), 4);
        assert_eq!(differing(&BTreeMap::new(), &BTreeMap::new()), 0);
    }
}
