//! Loads payments' part of the demo data, for development with the sandbox card processor: a schedule whose items are invented and
//! say so, and practices that collect through us, each in one of four ways. The others hear of them as of real ones, by events.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use demo::{BookableType, Location, Plan, Practice, Role};
use kernel::Core;
use shared_types::{
    AppointmentTypeId, AudCents, OrganizationId,
    payments::{
        claim::RoleSetup,
        funding::{BulkBilling, Cohort, FundingMode, FundingRule},
        practice::{OnboardingStatus, PutPracticeAccount},
        quote::{Collection, TaxCode},
    },
};
use sqlx::{PgConnection, PgPool};

use crate::{
    applying::account,
    funding as telling,
    mbs::{self, List, Wish},
    store::{
        funding::{self, Rules},
        practice_account::{self, AccountRow},
        role_setup,
    },
};

/// One practice in so many collects.
const EVERY: usize = 8;
/// And so many at the most, so that a large Australia starts as fast as a small one.
const AT_MOST: usize = 200;
/// How the processor's names for demo practices begin.
const ACCOUNT: &str = "acct_demo";
/// What not coming costs at the most.
const NO_SHOW_FEE: AudCents = AudCents(5_000);

/// Invented: its items have numbers and fees that the Medicare Benefits Schedule does not have.
const SCHEDULE: &[u8] = include_bytes!("../data/demo_schedule.xml");
const LISTS: [(List, &[u8]); 2] = [
    (List::GapCaps, include_bytes!("../data/demo_gap_caps.csv")),
    (List::EligibleItems, include_bytes!("../data/demo_eligible_items.csv")),
];

/// How a practice collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The whole price when booking.
    Prepaid,
    /// A part of it when booking.
    Deposit,
    /// From a saved card once the visit is over; who has a concession card is bulk billed where Medicare pays.
    AfterVisit,
    /// Nobody pays: Medicare does.
    BulkBillsEverything,
}

/// Loads the plan's practices that collect. Says how many; none when they are there already.
///
/// # Errors
/// When the database fails. The practices are there whole or not at all.
pub async fn load(core: &Core, plan: &Plan) -> Result<usize> {
    let chosen = || plan.practices().step_by(EVERY).take(AT_MOST);
    let mut conn = core.pool.acquire().await?;
    if let Some(first) = chosen().next()
        && practice_account::find(&mut conn, first.organization_id).await?.is_some()
    {
        return Ok(0);
    }
    drop(conn);
    load_schedule(core).await.context("loading the demo schedule")?;
    let areas = Areas::of(plan);
    let mut tx = core.begin().await?;
    let mut loaded = 0;
    for practice in chosen() {
        let desk = Desk { core, plan, practice: &practice, way: way(loaded, plan, &practice) };
        let area = areas.of_place(&practice.location);
        desk.open(&mut tx, loaded, area)
            .await
            .with_context(|| format!("loading the money of {}", practice.slug))?;
        loaded += 1;
    }
    core.commit(tx).await?;
    Ok(loaded)
}

/// The demo practices with the processor's names for them, for a sandbox that has not seen them.
///
/// # Errors
/// When the database fails.
pub async fn accounts(pool: &PgPool) -> Result<Vec<(OrganizationId, String)>> {
    let mut conn = pool.acquire().await?;
    // Ids of demo data come before all others.
    let mut accounts = practice_account::at_processor(&mut conn, None, i64::try_from(AT_MOST)?).await?;
    accounts.retain(|(_, account)| account.starts_with(ACCOUNT));
    Ok(accounts)
}

/// A real schedule that is there already stays, with its lists.
async fn load_schedule(core: &Core) -> Result<()> {
    let loaded = mbs::load(core, "demo_schedule.xml (invented)", Wish::Apply, || Ok(SCHEDULE)).await?;
    if loaded.refused.is_some() {
        return Ok(());
    }
    for (list, rows) in LISTS {
        mbs::load_list(core, list, rows).await?;
    }
    Ok(())
}

fn way(nth: usize, plan: &Plan, practice: &Practice) -> Way {
    let medicare_pays = practice.roles.iter().all(|role| plan.profession(role).bulk_billing_possible);
    match nth % 4 {
        0 => Way::Prepaid,
        1 if medicare_pays => Way::BulkBillsEverything,
        1 | 2 => Way::AfterVisit,
        _ => Way::Deposit,
    }
}

/// A practice that begins to collect.
struct Desk<'a> {
    core: &'a Core,
    plan: &'a Plan,
    practice: &'a Practice,
    way: Way,
}

impl Desk<'_> {
    async fn open(&self, conn: &mut PgConnection, nth: usize, area: i16) -> Result<()> {
        let (id, now) = (self.practice.organization_id, self.core.now());
        let wanted = PutPracticeAccount {
            legal_name: self.practice.name.clone(),
            abn: self.practice.abn.as_str().to_owned(),
            gst_registered: true,
            version: 0,
        };
        practice_account::put(conn, id, &wanted, now).await?;
        practice_account::name(conn, id, &format!("{ACCOUNT}{}", id.0.simple()), now).await?;
        role_setup::put_location(conn, id, &format!("DEMO{nth:04}"), 3, now).await?;
        if self.way == Way::BulkBillsEverything {
            let said =
                BulkBilling { everything: true, attested_at: Some(now), types: Vec::new(), version: 4 };
            funding::put_bulk_billing(conn, id, &said, now).await?;
        }
        let row = practice_account::find(conn, id).await?.context("an account that was just written")?;
        let ready = AccountRow { status: OnboardingStatus::Ready, version: row.version + 1, ..row };
        practice_account::set_standing(conn, &ready, now).await?;
        account::tell(conn, self.core, &ready).await?;
        for role in &self.practice.roles {
            self.role(conn, role, area).await?;
        }
        Ok(())
    }

    async fn role(&self, conn: &mut PgConnection, role: &Role, area: i16) -> Result<()> {
        let id = self.practice.organization_id;
        if let Some(number) = &role.provider_number {
            let setup = RoleSetup {
                practitioner_role_id: role.practitioner_role_id,
                provider_number: Some(number.as_str().to_owned()),
                modified_monash: Some(area),
                version: 1,
            };
            role_setup::put(conn, id, &setup, self.core.now()).await?;
        }
        let medicare_pays = self.plan.profession(role).bulk_billing_possible;
        for offered in &role.calendar.types {
            let rules = rules(self.way, offered, medicare_pays);
            self.put_rules(conn, offered.id(), rules).await?;
        }
        Ok(())
    }

    async fn put_rules(
        &self,
        conn: &mut PgConnection,
        appointment_type_id: AppointmentTypeId,
        rules: Vec<FundingRule>,
    ) -> Result<()> {
        let rules = Rules {
            organization_id: self.practice.organization_id,
            appointment_type_id,
            version: 1,
            rules: rules.into_iter().map(|rule| (self.core.id(), rule)).collect(),
            no_item: None,
        };
        funding::put(conn, &rules, self.core.now()).await?;
        telling::tell(conn, self.core, &rules).await
    }
}

/// The rules of what a practice offers.
fn rules(way: Way, offered: &BookableType, medicare_pays: bool) -> Vec<FundingRule> {
    let price = offered.shown.price_cents;
    if offered.shown.bulk_billed || (way == Way::BulkBillsEverything && medicare_pays) {
        return vec![bulk_billed(Cohort::Anyone, offered)];
    }
    let deposit = AudCents(price.0 / 400 * 100);
    // For what is free, or costs next to nothing, nobody needs a card.
    let needs_card = deposit > AudCents::ZERO;
    let collection = match way {
        Way::Prepaid if needs_card => Collection::Prepaid,
        Way::Deposit if needs_card => Collection::Deposit,
        Way::AfterVisit | Way::BulkBillsEverything if needs_card => Collection::AfterVisit,
        Way::Prepaid | Way::Deposit | Way::AfterVisit | Way::BulkBillsEverything => Collection::AtPractice,
    };
    let deposit_cents = if collection == Collection::Deposit { deposit } else { AudCents::ZERO };
    let private = FundingRule {
        cohort: Cohort::Anyone,
        mode: FundingMode::Private,
        item_numbers: if medicare_pays { vec![item(offered)] } else { Vec::new() },
        fee_cents: price,
        collection,
        deposit_cents,
        no_show_fee_cents: price.min(NO_SHOW_FEE),
        tax_code: if medicare_pays { TaxCode::FreeMedical } else { TaxCode::FreeHealth },
    };
    match way {
        Way::AfterVisit if medicare_pays => vec![bulk_billed(Cohort::Concession, offered), private],
        Way::AfterVisit | Way::Prepaid | Way::Deposit | Way::BulkBillsEverything => vec![private],
    }
}

/// Nothing of any kind is asked of the patient (C-52).
fn bulk_billed(cohort: Cohort, offered: &BookableType) -> FundingRule {
    FundingRule {
        cohort,
        mode: FundingMode::BulkBilled,
        item_numbers: vec![item(offered)],
        fee_cents: AudCents::ZERO,
        collection: Collection::AtPractice,
        deposit_cents: AudCents::ZERO,
        no_show_fee_cents: AudCents::ZERO,
        tax_code: TaxCode::FreeMedical,
    }
}

/// The invented item for a visit.
fn item(offered: &BookableType) -> String {
    let number = match (offered.shown.telehealth, offered.shown.duration_minutes) {
        (true, _) => "99904",
        (false, ..20) => "99901",
        (false, 20..40) => "99902",
        (false, 40..) => "99903",
    };
    number.to_owned()
}

/// Modified Monash areas of places.
struct Areas(HashMap<(String, String), i16>);

impl Areas {
    fn of(plan: &Plan) -> Self {
        let known = plan.input().localities.iter().filter_map(|locality| {
            let area = i16::from(locality.mmm?);
            Some(((locality.name.clone(), locality.postcode.clone()), area))
        });
        Self(known.collect())
    }

    /// A city's, where nothing else is known.
    fn of_place(&self, location: &Location) -> i16 {
        let place = (location.suburb.clone(), location.postcode.clone());
        self.0.get(&place).copied().unwrap_or(1)
    }
}
