//! Tells the others who pays for an appointment type, with what Medicare pays back and whether it is eligible where everything eligible
//! is bulk billed: now, and from each day on which that changes.

use anyhow::Result;
use jiff::civil::Date;
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AudCents, OrganizationId, Zone,
    payments::{
        PaymentsEvent,
        eligibility::{Eligibility, EligibleFrom, TypeEligibility},
        funding::{FundedRule, FundingFact, FundingMode, FundingRule},
    },
};
use sqlx::PgConnection;

use crate::{
    domain::funding::charge_cards,
    store::{
        funding::{self, Rules},
        schedule::{self, eligible},
    },
};

/// Tells an appointment type's rules, whole, in the caller's transaction.
///
/// # Errors
/// When the database fails.
pub async fn tell(conn: &mut PgConnection, core: &Core, rules: &Rules) -> Result<()> {
    let today = Zone::SYDNEY.date(core.now());
    let mut funded = Vec::with_capacity(rules.rules.len());
    for (funding_rule_id, rule) in &rules.rules {
        let rebates = rebates(conn, rule, today).await?;
        funded.push(FundedRule { funding_rule_id: *funding_rule_id, rule: rule.clone(), rebates });
    }
    let fact = FundingFact {
        organization_id: rules.organization_id,
        appointment_type_id: rules.appointment_type_id,
        version: rules.version,
        rules: funded,
        eligibility: eligibility(conn, rules, today).await?,
    };
    let about = About {
        aggregate: "funding",
        id: format!("{}/{}", rules.organization_id, rules.appointment_type_id),
        version: i64::from(rules.version),
    };
    outbox::tell(conn, core, about, &PaymentsEvent::FundingChanged(fact)).await?;
    Ok(())
}

/// Tells everything anew whose rules name one of these items.
///
/// # Errors
/// When the database fails.
pub async fn tell_of_items(conn: &mut PgConnection, core: &Core, item_numbers: &[String]) -> Result<()> {
    if item_numbers.is_empty() {
        return Ok(());
    }
    for (organization_id, of_type) in funding::renew_with_items(conn, item_numbers, core.now()).await? {
        let rules = funding::find(conn, organization_id, of_type).await?;
        tell(conn, core, &rules).await?;
    }
    Ok(())
}

/// Tells everything anew of which a practice has said who pays.
///
/// # Errors
/// When the database fails.
pub async fn tell_of_practice(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
) -> Result<()> {
    for of_type in funding::types_of(conn, organization_id).await? {
        let rules = funding::find(conn, organization_id, of_type).await?;
        tell(conn, core, &rules).await?;
    }
    Ok(())
}

/// How each appointment type stands of which a practice has said who pays.
///
/// # Errors
/// When the database fails.
pub async fn types(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
) -> Result<Vec<TypeEligibility>> {
    let today = Zone::SYDNEY.date(core.now());
    let mut types = Vec::new();
    for appointment_type_id in funding::types_of(conn, organization_id).await? {
        let rules = funding::find(conn, organization_id, appointment_type_id).await?;
        types.push(TypeEligibility {
            appointment_type_id,
            charges: charge_cards(&rules.plain()),
            no_item: rules.no_item,
            days: eligibility(conn, &rules, today).await?,
        });
    }
    Ok(types)
}

/// Whether an appointment type is eligible from a day on, by the lists as they are loaded: the type is, with every item that any of its
/// rules names, so that no rule escapes by naming fewer than another. What is no longer in force answers nothing.
///
/// # Errors
/// When the database fails.
pub async fn eligibility(
    conn: &mut PgConnection,
    rules: &Rules,
    today: Date,
) -> sqlx::Result<Vec<EligibleFrom>> {
    let items = rules.items();
    if items.is_empty() {
        let said = rules.no_item.is_some();
        let eligibility = if said { Eligibility::NoItem } else { Eligibility::Unanswered };
        return Ok(vec![EligibleFrom { from: today, eligibility }]);
    }
    let mut days = vec![today];
    days.extend(eligible::changes_after(conn, &items, today).await?);
    let mut told: Vec<EligibleFrom> = Vec::new();
    for from in days {
        let in_force = eligible::in_force_among(conn, &items, from).await?;
        let eligibility = if in_force.is_empty() {
            Eligibility::Unanswered
        } else if schedule::eligible_among(conn, &in_force, from).await?.is_empty() {
            Eligibility::NotEligible
        } else {
            Eligibility::Eligible
        };
        if told.last().is_none_or(|before| before.eligibility != eligibility) {
            told.push(EligibleFrom { from, eligibility });
        }
    }
    Ok(told)
}

/// From which day how much is paid back. What is derived is not promised, and nobody is paid back more than they paid.
async fn rebates(conn: &mut PgConnection, rule: &FundingRule, today: Date) -> Result<Vec<(Date, AudCents)>> {
    match rule.mode {
        FundingMode::Private if !rule.item_numbers.is_empty() => {}
        FundingMode::Private | FundingMode::BulkBilled | FundingMode::Veterans => return Ok(Vec::new()),
    }
    let mut days = vec![today];
    days.extend(schedule::changes_after(conn, &rule.item_numbers, today).await?);
    let mut rebates: Vec<(Date, AudCents)> = Vec::new();
    for day in days {
        let mut sum = AudCents::ZERO;
        for item in &rule.item_numbers {
            let benefit = schedule::benefit_on(conn, item, day).await?.unwrap_or(AudCents::ZERO);
            sum = sum.checked_add(benefit).unwrap_or(sum);
        }
        let paid_back = sum.min(rule.fee_cents);
        if rebates.last().is_none_or(|(_, before)| *before != paid_back) {
            rebates.push((day, paid_back));
        }
    }
    Ok(rebates)
}
