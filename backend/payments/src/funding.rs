//! Tells the others who pays for an appointment type, with what Medicare pays back now and from each day on which that changes.

use anyhow::Result;
use jiff::civil::Date;
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AudCents, Zone,
    payments::{
        PaymentsEvent,
        funding::{FundedRule, FundingFact, FundingMode, FundingRule},
    },
};
use sqlx::PgConnection;

use crate::store::{
    funding::{self, Rules},
    schedule,
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
