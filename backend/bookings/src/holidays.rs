//! Public holidays, as dated data with its source; and the regions that have days of their own.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use shared_types::GeoPoint;
use sqlx::PgConnection;

const HOLIDAYS: &str = include_str!("../data/holidays.csv");
const REGIONS: &str = include_str!("../data/holiday_regions.csv");

/// One day off somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub date: Date,
    pub name: String,
    /// `AU`, a state, or a region.
    pub scope: String,
    pub source: String,
}

/// Every compiled-in holiday.
///
/// # Errors
/// When a row is malformed.
pub fn holidays() -> Result<Vec<Holiday>> {
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(HOLIDAYS.as_bytes()).records() {
        let record = record?;
        let field = |index: usize| record.get(index).map(str::to_owned).context("a holiday has five columns");
        rows.push(Holiday { date: field(0)?.parse()?, name: field(1)?, scope: field(3)?, source: field(4)? });
    }
    Ok(rows)
}

/// A circle whose places share holidays of their own: good enough for the shape of a show day's district.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub slug: String,
    pub state: String,
    pub center: GeoPoint,
    pub radius_km: f64,
}

/// Every compiled-in region.
///
/// # Errors
/// When a row is malformed.
pub fn regions() -> Result<Vec<Region>> {
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(REGIONS.as_bytes()).records() {
        let record = record?;
        let field = |index: usize| record.get(index).context("a region has six columns");
        rows.push(Region {
            slug: field(0)?.to_owned(),
            state: field(1)?.to_owned(),
            center: GeoPoint::new(field(2)?.parse()?, field(3)?.parse()?)?,
            radius_km: field(4)?.parse()?,
        });
    }
    Ok(rows)
}

/// Writes the holidays that are not there yet, in the caller's transaction. Says how many there are.
///
/// # Errors
/// When a row cannot be written.
pub async fn load(conn: &mut PgConnection) -> Result<usize> {
    let rows = holidays()?;
    for row in &rows {
        sqlx::query!(
            "insert into bookings.holiday (scope, date, name, source) values ($1, $2, $3, $4) \
             on conflict (scope, date, name) do update set source = excluded.source where holiday.source <> excluded.source",
            row.scope,
            row.date.to_sqlx() as jiff_sqlx::Date,
            row.name,
            row.source,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(rows.len())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{holidays, regions};

    #[test]
    fn the_days_everybody_knows_are_there() {
        let days = holidays().unwrap();
        let has = |scope: &str, day| days.iter().any(|holiday| holiday.scope == scope && holiday.date == day);
        assert!(has("AU", date(2026, 12, 25)));
        assert!(has("AU", date(2027, 1, 26)));
        assert!(has("AU", date(2028, 4, 25)));
    }

    #[test]
    fn every_regional_day_has_a_region_on_the_map() {
        let regions = regions().unwrap();
        for holiday in holidays().unwrap().iter().filter(|holiday| holiday.scope.contains('-')) {
            assert!(regions.iter().any(|region| region.slug == holiday.scope), "{}", holiday.scope);
        }
    }
}
