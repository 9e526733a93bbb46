//! Puts a claim together: what the schedule pays for each item on the day, and the incentives that go with bulk billing them.

use std::collections::HashMap;

use anyhow::Result;
use jiff::civil::Date;
use kernel::Core;
use shared_types::{
    AudCents, ClaimId,
    payments::{
        claim::{ClaimStatus, MAX_SERVICES, Referral, ReferralOverride, ServiceOutcome, ServiceType},
        rules::lodge_until,
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use crate::{
    claiming::{note, rests_on, tell},
    domain::claim::{Claim, Service, StepBy, claimed_together},
    store::{claim, claimant, owner, role_setup, schedule},
};

/// What is to be claimed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What sort.
    pub service_type: ServiceType,
    /// Items in order.
    pub item_numbers: Vec<String>,
    /// Who is paid, when that is somebody else.
    pub payee_provider_number: Option<String>,
    /// The referral.
    pub referral: Option<Referral>,
    /// Why there is none.
    pub referral_override: Option<ReferralOverride>,
    /// The claim that it takes the place of.
    pub relodges: Option<ClaimId>,
}

/// The services of a claim, with the incentives of its place; or what is wrong with the items.
///
/// # Errors
/// When the database fails.
pub async fn compose(
    conn: &mut PgConnection,
    core: &Core,
    sort: ServiceType,
    item_numbers: &[String],
    area: Option<i16>,
    day: Date,
) -> Result<Result<Vec<Service>, Vec<FieldError>>> {
    let mut proposed = Vec::new();
    // Incentives go with services that nobody referred.
    if let (ServiceType::General, Some(area)) = (sort, area) {
        for item in item_numbers {
            let Some(incentive) = schedule::incentive_on(conn, item, area, day).await? else { continue };
            // What nobody asked for is not missed where the schedule does not pay it.
            if let Some(benefit) = schedule::benefit_on(conn, &incentive, day).await? {
                proposed.push((incentive, benefit));
            }
        }
    }
    let added = claimed_together(&proposed);
    // Staff may name one that nothing here proposes.
    let named = schedule::incentives_among(conn, item_numbers, day).await?;
    let (mut lines, mut errors) = (Vec::new(), Vec::new());
    for (place, item) in item_numbers.iter().enumerate() {
        if added.iter().any(|(incentive, _)| incentive == item) {
            continue;
        }
        match schedule::benefit_on(conn, item, day).await? {
            Some(benefit) => lines.push((item, benefit, named.contains(item))),
            None => {
                let detail = "The schedule has no benefit for this item on the day of the visit";
                errors.push(FieldError::new(format!("/item_numbers/{place}"), detail));
            }
        }
    }
    lines.extend(added.iter().map(|(item, benefit)| (item, *benefit, true)));
    let mut times: HashMap<&str, i16> = HashMap::new();
    let mut services = Vec::new();
    for (item, charge_cents, is_incentive) in lines {
        let occurrence = times.entry(item.as_str()).and_modify(|time| *time += 1).or_insert(1);
        services.push(Service {
            claim_service_id: core.id(),
            item_number: item.clone(),
            occurrence: *occurrence,
            charge_cents,
            is_incentive,
            outcome: ServiceOutcome::Pending,
            benefit_cents: None,
            reason_code: None,
        });
    }
    if services.len() > MAX_SERVICES {
        errors.push(FieldError::new("/item_numbers", "A visit has at most 14 services, incentives included"));
    }
    Ok(if errors.is_empty() { Ok(services) } else { Err(errors) })
}

/// What services come to.
pub fn claimed(services: &[Service]) -> AudCents {
    AudCents(services.iter().map(|service| service.charge_cents.0).sum())
}

/// Writes a new claim for a visit, to where what it holds puts it; or what is wrong with its items.
///
/// # Errors
/// A [`claim::StoreError`] when another claim names a service or a charge stands; else when the database fails.
pub async fn create(
    conn: &mut PgConnection,
    core: &Core,
    visit: &claimant::Row,
    wanted: &Wanted,
    by: StepBy,
) -> Result<Result<Claim, Vec<FieldError>>> {
    let setup = role_setup::find(conn, visit.organization_id, visit.practitioner_role_id).await?;
    let area = setup.modified_monash;
    let (sort, day) = (wanted.service_type, visit.service_on);
    let services = match compose(conn, core, sort, &wanted.item_numbers, area, day).await? {
        Ok(services) => services,
        Err(errors) => return Ok(Err(errors)),
    };
    let (_, patient_id) = owner::find(conn, visit.booking_id).await?.unwrap_or((None, None));
    let (now, number) = (core.now(), setup.provider_number.as_deref());
    let mut claim = Claim {
        claim_id: core.id(),
        booking_id: visit.booking_id,
        organization_id: visit.organization_id,
        patient_id,
        status: ClaimStatus::Draft,
        assignment_id: rests_on(conn, visit.booking_id, day, number, &services).await?,
        service_type: sort,
        provider_number: setup.provider_number,
        payee_provider_number: wanted.payee_provider_number.clone(),
        professional_name: visit.professional_name.clone(),
        referral: wanted.referral.clone(),
        referral_override: wanted.referral_override,
        service_date: day,
        lodge_until: lodge_until(day),
        claimed_cents: claimed(&services),
        benefit_cents: AudCents::ZERO,
        paid_cents: AudCents::ZERO,
        medicare_claim_id: None,
        relodges: wanted.relodges,
        codes: Vec::new(),
        due_at: None,
        version: 1,
        updated_at: now,
    };
    claim.status = claim.readiness(&services);
    claim::insert(conn, &claim, &services, now).await?;
    claim::note_step(conn, None, &claim, by, None).await?;
    match by {
        StepBy::Practice => {}
        StepBy::Patient | StepBy::Medicare | StepBy::System => note(conn, core, &claim).await?,
    }
    tell(conn, core, &claim).await?;
    Ok(Ok(claim))
}
