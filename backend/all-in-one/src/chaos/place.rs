//! Where it takes place: an invented Australia whose practices take payments or bulk bill, and what is due there.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail, ensure};
use jiff::{SignedDuration, Span, Timestamp};
use kernel::{Chance, Clock, Core};
use payments::mbs::{self, Wish};
use shared_types::{
    AppointmentTypeId, AudCents, ClaimId, FundingRuleId, OrganizationId, PractitionerRoleId, Zone,
    bookings::FreeTimes,
    payments::{
        funding::{Cohort, FundedRule, FundingMode, FundingRule},
        quote::{Collection, TaxCode},
    },
};
use sqlx::{Connection as _, PgPool, types::Json};
use tokio::task::block_in_place;
use uuid::Uuid;

use crate::{
    bench::{data, http::Client},
    databases::Databases,
    reference,
};

/// The same Australia every time.
const SEED: u64 = 1;
/// The fewest roles: so that there are several practices.
const ROLES_MIN: u32 = 200;
/// On which days from today on visits are: money is held at once for the first, and later for the others.
const DAYS: [(i64, i64); 2] = [(2, 5), (7, 9)];
/// One in so many is bulk billed, of those who can be booked and of those who book.
pub const ONE_IN: usize = 10;
/// What is bulk billed, in the official layout of the schedule.
const SCHEDULE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MBS_XML>\n<Data><ItemNum>23</ItemNum>\
    <SubItemNum></SubItemNum><ItemStartDate>01.12.1989</ItemStartDate><ItemEndDate></ItemEndDate><Category>1</Category>\
    <Group>A1</Group><BenefitType>C</BenefitType><FeeType>N</FeeType><FeeStartDate>01.07.2025</FeeStartDate>\
    <ScheduleFee>43.90</ScheduleFee><Benefit100>43.90</Benefit100><DescriptionStartDate>01.11.2023</DescriptionStartDate>\
    <Description>Attendance</Description></Data>\n</MBS_XML>\n";

/// Somebody who can be booked.
pub struct Role {
    pub role: PractitionerRoleId,
    pub kind: AppointmentTypeId,
    pub practice: OrganizationId,
}

/// All who can be booked.
pub struct Roles {
    /// They collect through us.
    pub paid: Vec<Role>,
    /// They are to bulk bill.
    pub bulk_billing: Vec<Role>,
}

/// A free time.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub role: PractitionerRoleId,
    pub kind: AppointmentTypeId,
    pub start: Timestamp,
}

/// Schemas, reference data, a schedule, and a role for every booking: some are free on one day alone. Nobody has booked anything: whatever becomes due as time
/// passes is of those who come.
///
/// # Errors
/// When the database refuses.
pub async fn fill(databases: &Databases, bookings: u32) -> Result<()> {
    databases.migrate().await?;
    let pools = databases.pools().await?;
    reference::load(&pools, &Clock::System).await?;
    load_schedule(&pools.payments).await?;
    data::close(pools).await;
    reference::load_demo(databases, &Clock::System, bookings.max(ROLES_MIN), SEED).await?;
    let empty = "truncate bookings.appointment, bookings.reservation cascade; \
        update bookings.schedule set next_free_due_at = now() + interval '1 year'";
    data::administer(databases, empty.to_owned()).await
}

async fn load_schedule(pool: &PgPool) -> Result<()> {
    let core = Core::new(pool.clone(), Clock::System, Chance::system());
    let loaded = mbs::load(&core, "chaos.xml", Wish::Apply, || Ok(SCHEDULE.as_bytes())).await?;
    let Some(why) = loaded.refused else { return Ok(()) };
    bail!("the schedule was refused: {why}")
}

/// Lets practices take payments: in turn after the visit, as a deposit and in advance. Every second practitioner charges whoever cancels
/// at any time. Those who are to bulk bill have no price yet.
///
/// # Errors
/// When the database or the processor refuses.
pub async fn open(databases: &Databases, processor: SocketAddr, bookings: u32) -> Result<Roles> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let rows: Vec<(Uuid, Uuid, Uuid)> = sqlx::query_as(
        "select distinct on (role.resource_id) role.practitioner_role_id, type.appointment_type_id, role.organization_id \
         from bookings.role join bookings.appointment_type type using (practitioner_role_id) \
         where role.bookable and role.organization_id is not null and type.active and not type.needs_acceptance \
         and type.seats is null and type.audience = 'all' order by role.resource_id, type.position limit $1",
    )
    // Twice as many as are needed: around public holidays some have no time.
    .bind(i64::from(bookings.max(40) * 2))
    .fetch_all(&mut admin)
    .await?;
    let roles: Vec<Role> = rows
        .into_iter()
        .map(|(role, kind, practice)| Role {
            role: role.into(),
            kind: kind.into(),
            practice: practice.into(),
        })
        .collect();
    let mut practices: Vec<OrganizationId> = roles.iter().map(|role| role.practice).collect();
    practices.sort_unstable_by_key(|practice| practice.0);
    practices.dedup();
    let accounts = block_in_place(|| accounts(processor, practices.len()))?;
    sqlx::query(
        "insert into payments.practice_account (organization_id, processor_account, status, created_at, updated_at) \
         select organization_id, account, 'ready', now(), now() from unnest($1::uuid[], $2::text[]) as given (organization_id, account)",
    )
    .bind(practices.iter().map(|practice| practice.0).collect::<Vec<_>>())
    .bind(&accounts)
    .execute(&mut admin)
    .await
    .context("practices that are ready to be paid")?;
    sqlx::raw_sql(
        "insert into bookings.practice_account (organization_id, collects, bulk_bills_everything, aggregate_version) \
         select organization_id, true, false, 1 from payments.practice_account",
    )
    .execute(&mut admin)
    .await
    .context("practices that collect")?;
    let strict: Vec<Uuid> = roles.iter().step_by(2).map(|role| role.role.0).collect();
    let roles = divide(roles);
    for (number, role) in roles.paid.iter().enumerate() {
        let rule = rule(number);
        sqlx::query(
            "insert into bookings.funding (appointment_type_id, organization_id, version, rules, price_cents, bulk_billed) \
             values ($1, $2, 1, $3, $4, false)",
        )
        .bind(role.kind.0)
        .bind(role.practice.0)
        .bind(Json([&rule]))
        .bind(rule.rule.fee_cents.0)
        .execute(&mut admin)
        .await
        .context("who pays for what")?;
    }
    sqlx::query(
        "update bookings.schedule set free_until_hours = 720, late_fee_cents = 5000 where practitioner_role_id = any($1)",
    )
    .bind(strict)
    .execute(&mut admin)
    .await?;
    admin.close().await?;
    Ok(roles)
}

fn divide(roles: Vec<Role>) -> Roles {
    let mut divided = Roles { paid: Vec::new(), bulk_billing: Vec::new() };
    for (number, role) in roles.into_iter().enumerate() {
        let to = if number.is_multiple_of(ONE_IN) { &mut divided.bulk_billing } else { &mut divided.paid };
        to.push(role);
    }
    divided
}

fn rule(number: usize) -> FundedRule {
    let collection = match number % 3 {
        0 => Collection::AfterVisit,
        1 => Collection::Deposit,
        _ => Collection::Prepaid,
    };
    let deposit = if collection == Collection::Deposit { 3_000 } else { 0 };
    FundedRule {
        funding_rule_id: FundingRuleId(Uuid::from_u128(number as u128)),
        rule: FundingRule {
            cohort: Cohort::Anyone,
            mode: FundingMode::Private,
            item_numbers: Vec::new(),
            fee_cents: AudCents(11_000),
            collection,
            deposit_cents: AudCents(deposit),
            no_show_fee_cents: AudCents(9_000),
            tax_code: TaxCode::FreeHealth,
        },
        rebates: Vec::new(),
    }
}

/// Accounts at the processor that may be charged for, and paid.
fn accounts(processor: SocketAddr, wanted: usize) -> Result<Vec<String>> {
    const HEADERS: &str =
        "Authorization: Bearer sk_test_sandbox\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let mut client = Client::new(processor);
    let mut accounts = Vec::new();
    for _ in 0..wanted {
        let asked = "type=express&country=AU&capabilities[card_payments][requested]=true&capabilities[transfers][requested]=true";
        let made: serde_json::Value =
            client.send("POST", "/v1/accounts", HEADERS, asked)?.expect(200)?.json()?;
        let account = made["id"].as_str().context("an account has a name")?.to_owned();
        client.send("POST", &format!("/_sandbox/accounts/{account}/onboard"), HEADERS, "")?.expect(200)?;
        accounts.push(account);
    }
    Ok(accounts)
}

/// So many free times by the API's own word: one a day for each role, so that no two overlap.
///
/// # Errors
/// When there are too few.
pub fn slots(addr: SocketAddr, roles: &[Role], wanted: usize) -> Result<Vec<Slot>> {
    let mut client = Client::new(addr);
    let today = Zone::SYDNEY.date(Clock::System.now());
    let mut slots = Vec::new();
    for role in roles {
        if slots.len() >= wanted {
            break;
        }
        for (from, to) in DAYS {
            let (from, to) =
                (today.saturating_add(Span::new().days(from)), today.saturating_add(Span::new().days(to)));
            let path = format!(
                "/api/v1/bookings/roles/{}/free-times?appointment_type={}&from={from}&to={to}",
                role.role, role.kind
            );
            let free: FreeTimes = client.get(&path)?.json()?;
            let mut starts = free.starts;
            starts.dedup_by_key(|start| free.time_zone.date(*start));
            slots.extend(starts.into_iter().map(|start| Slot { role: role.role, kind: role.kind, start }));
        }
    }
    ensure!(slots.len() >= wanted, "there are only {} free times to book", slots.len());
    slots.truncate(wanted);
    Ok(slots)
}

/// Claims that can be lodged, and by which practice.
///
/// # Errors
/// When the database cannot be read.
pub async fn ready(databases: &Databases) -> Result<Vec<(OrganizationId, ClaimId)>> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let statement =
        "select organization_id, claim_id from payments.claim where status = 'ready' order by claim_id";
    let ready: Vec<(Uuid, Uuid)> = sqlx::query_as(statement).fetch_all(&mut admin).await?;
    admin.close().await?;
    Ok(ready.into_iter().map(|(practice, claim)| (practice.into(), claim.into())).collect())
}

/// How much is due so far ahead of now: events to tell, payments to act on, visits to end, comparisons to finish, reports of claims to
/// read; and webhooks to apply, calls to make and claims to lodge, also those that are due within a while.
///
/// # Errors
/// When the database cannot be read.
pub async fn due(databases: &Databases, ahead: SignedDuration, within: SignedDuration) -> Result<i64> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let due = sqlx::query_scalar(DUE)
        .bind(ahead.as_secs() as f64)
        .bind(within.as_secs() as f64)
        .fetch_one(&mut admin)
        .await?;
    admin.close().await?;
    Ok(due)
}

const DUE: &str = "with moment as (select now() + make_interval(secs => $1) as due_by, make_interval(secs => $2) as within) select \
    (select count(*) from users.outbox) + (select count(*) from providers.outbox) + (select count(*) from bookings.outbox) \
    + (select count(*) from payments.outbox) + (select count(*) from notifications.outbox) \
    + (select count(*) from payments.webhook_received, moment where status = 'received' and due_at < due_by + within) \
    + (select count(*) from payments.processor_call, moment where status = 'due' and due_at < due_by + within) \
    + (select count(*) from payments.claim_submission, moment where due_at < due_by + within) \
    + (select count(*) from payments.claim, moment where due_at < due_by) \
    + (select count(*) from payments.payment, moment where due_at < due_by) \
    + (select count(*) from payments.reconciliation where status = 'running') \
    + (select count(*) from bookings.appointment, moment where status = 'awaiting_payment' and pay_until < due_by) \
    + (select count(*) from bookings.appointment, moment where status = 'confirmed' and starts_at < due_by - interval '14 h 1 min')";
