//! Whether a practice's page says that it bulk bills every eligible service: only what the practice itself said, with the day, and for a
//! year (C-53).

use jiff::{Span, Timestamp, civil::Date};
use shared_types::Zone;

/// The day of what a practice said, while that is shown.
pub fn bulk_billing_badge(attested_at: Option<Timestamp>, now: Timestamp) -> Option<Date> {
    let said_on = Zone::SYDNEY.date(attested_at?);
    let ends = said_on.saturating_add(Span::new().years(1));
    (Zone::SYDNEY.date(now) < ends).then_some(said_on)
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::bulk_billing_badge;

    #[test]
    fn a_year_after_it_was_said_it_is_not_shown_any_more() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let said = Some(at("2026-11-22T00:00:00Z"));
        assert_eq!(bulk_billing_badge(said, at("2027-11-21T00:00:00Z")), Some(date(2026, 11, 22)));
        assert_eq!(bulk_billing_badge(said, at("2027-11-22T00:00:00Z")), None);
        assert_eq!(bulk_billing_badge(None, at("2026-11-22T00:00:00Z")), None);
    }
}
