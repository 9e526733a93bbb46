//! `/api/v1/payments/practices/{organization_id}/funding/{appointment_type_id}`: who pays for an appointment type.

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
};
use kernel::{
    Core, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{
    AppointmentTypeId, OrganizationId, Problem, Zone,
    payments::{
        eligibility::{Eligibility, NoItemSaid, eligibility_on},
        funding::{Funding, FundingRule, PutFunding},
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use crate::{
    domain::funding::{charge_cards, check, check_no_item},
    funding::{eligibility, tell},
    state::State,
    store::{
        funding::{self, Rules},
        schedule,
    },
};

type OfType = Path<(OrganizationId, AppointmentTypeId)>;

/// The rules of an appointment type; none yet has version zero.
pub async fn find_funding(
    Extract(state): Extract<State>,
    Path((organization_id, of_type)): OfType,
) -> Result<Plain<Funding>, Reject> {
    let mut tx = state.core.begin().await?;
    let rules = funding::find(&mut tx, organization_id, of_type).await?;
    Ok(Plain(view(&rules)))
}

/// Replaces them as last seen, and tells the others.
pub async fn put_funding(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, of_type)): OfType,
    Json(body): Json<PutFunding>,
) -> Result<Plain<Funding>, Reject> {
    let core = &state.core;
    let mut errors = check(&body.rules);
    if body.no_item {
        errors.extend(check_no_item(&body.rules));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    let mut tx = core.begin().await?;
    // Whoever says at this moment that everything is bulk billed is done before, or finds the new rules.
    let bulk_billing = funding::bulk_billing(&mut tx, organization_id).await?;
    require_in_force(&mut tx, core, &body.rules).await?;
    let rules = Rules {
        organization_id,
        appointment_type_id: of_type,
        version: body.version.saturating_add(1),
        rules: body.rules.into_iter().map(|rule| (core.id(), rule)).collect(),
        no_item: body.no_item.then(|| NoItemSaid { at: core.now(), by: caller.account_id }),
    };
    if bulk_billing.everything {
        match charges_for(&mut tx, core, &rules).await? {
            Some(Eligibility::Eligible) => return Err(bulk_bills_everything().into()),
            Some(Eligibility::Unanswered) => return Err(unanswered().into()),
            Some(Eligibility::NoItem | Eligibility::NotEligible) | None => {}
        }
    }
    if !funding::put(&mut tx, &rules, core.now()).await? {
        return Err(stale().into());
    }
    tell(&mut tx, core, &rules).await?;
    note(&mut tx, core, &caller, organization_id, "put_funding").await?;
    core.commit(tx).await?;
    Ok(Plain(view(&rules)))
}

fn view(rules: &Rules) -> Funding {
    Funding {
        appointment_type_id: rules.appointment_type_id,
        rules: rules.plain(),
        no_item: rules.no_item,
        version: rules.version,
    }
}

/// What it is today for which these rules charge somebody with a Medicare card; none where they charge nobody who has one.
pub async fn charges_for(
    conn: &mut PgConnection,
    core: &Core,
    rules: &Rules,
) -> sqlx::Result<Option<Eligibility>> {
    if charge_cards(&rules.plain()) != Some(true) {
        return Ok(None);
    }
    let today = Zone::SYDNEY.date(core.now());
    let days = eligibility(conn, rules, today).await?;
    Ok(Some(eligibility_on(&days, today)))
}

async fn require_in_force(conn: &mut PgConnection, core: &Core, rules: &[FundingRule]) -> Result<(), Reject> {
    let today = Zone::SYDNEY.date(core.now());
    let mut errors = Vec::new();
    for (nth, rule) in rules.iter().enumerate() {
        for (at, item) in rule.item_numbers.iter().enumerate() {
            if schedule::item_on(conn, item, today).await?.is_none() {
                let pointer = format!("/rules/{nth}/item_numbers/{at}");
                errors.push(FieldError::new(pointer, "The schedule has no such item today"));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors).into()) }
}

/// A private price for what the practice says it bulk bills.
pub fn bulk_bills_everything() -> Problem {
    Problem::new("bulk-bills-everything", 409, "This practice bulk bills every eligible service").detail(
        "Nothing was changed. Bulk bill patients with a Medicare card for these items, or say first that the practice does not \
         bulk bill everything.",
    )
}

/// A price of which nobody can tell whether it is for something eligible.
fn unanswered() -> Problem {
    let detail = "Your practice bulk bills every eligible service: name the items of these rules, or say that no Medicare item applies";
    Problem::invalid(vec![FieldError::new("/no_item", detail)])
}

/// Somebody else changed it meanwhile.
pub fn stale() -> Problem {
    Problem::new("stale-version", 412, "This has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// Writes down that somebody changed what the practice asks for.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    organization_id: OrganizationId,
    action: &'static str,
) -> sqlx::Result<()> {
    let entry = audit::Entry {
        actor: Actor::for_practice(caller, organization_id),
        action,
        resource: organization_id.into(),
        whose: None,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
