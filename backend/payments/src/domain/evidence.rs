//! What we know ourselves that speaks for a charge a cardholder disputes: when the visit was, what was agreed to and when, and the
//! receipt. Nothing of it says what kind of visit it was, or with whom.

use jiff::{Timestamp, civil::Date};
use shared_types::{
    AudCents, Zone,
    payments::{platform::Evidence, quote::QuoteTerms},
    time::long_date,
};

/// What is known of a payment.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// What was agreed to, as bookings signed it.
    pub terms: Option<&'a QuoteTerms>,
    /// When it was agreed to.
    pub agreed_at: Timestamp,
    /// When the visit begins, where that was told.
    pub starts_at: Option<Timestamp>,
    /// When somebody noted that the visit was over: not where it only counts as having taken place, where it was none after all, or
    /// where that was taken back.
    pub noted_at: Option<Timestamp>,
    /// The zone of its place.
    pub zone: Zone,
    /// The number, day and whole of the receipt.
    pub receipt: Option<(i64, Date, AudCents)>,
}

/// The same as evidence. It is proposed to an administrator, who decides what of it is sent.
pub fn known(of: &Known<'_>) -> Evidence {
    let receipt = of.receipt.map(|(number, day, cents)| {
        format!("Receipt {number} for {cents} was issued on {}.", long_date(day))
    });
    let over = of
        .noted_at
        .map(|at| format!("The visit was noted as having taken place on {}.", long_date(of.zone.date(at))));
    let history: Vec<_> = [receipt, over].into_iter().flatten().collect();
    Evidence {
        service_date: of.starts_at.map(|at| of.zone.date(at)),
        // Without terms nobody was shown a policy by us.
        agreed_at: of.terms.map(|_| of.agreed_at),
        policy: of.terms.map(policy),
        history: Some(history.join("\n")).filter(|text| !text.is_empty()),
        note: None,
    }
}

/// What a bank is told of when the policy was shown. Without a policy there is nothing that was.
pub fn disclosure(of: &Evidence) -> Option<String> {
    let has_policy = of.policy.as_ref().is_some_and(|policy| !policy.trim().is_empty());
    of.agreed_at.filter(|_| has_policy).map(|at| format!("Shown and agreed to at {at}."))
}

/// The policy in the words of somebody who knows neither the visit nor the practice.
fn policy(terms: &QuoteTerms) -> String {
    let costs = |cents: AudCents| match cents {
        AudCents::ZERO => "costs nothing".to_owned(),
        cents => format!("costs {cents}"),
    };
    format!(
        "The price is {}. Cancelling is free until {} hours before the visit. Cancelling later {}. Not coming {}.",
        terms.total_cents,
        terms.free_until_hours,
        costs(terms.late_fee_cents),
        costs(terms.no_show_fee_cents),
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        AudCents, Zone,
        payments::{
            funding::FundingMode,
            platform::Evidence,
            quote::{Collection, QuoteTerms, TaxCode},
        },
    };
    use uuid::Uuid;

    use super::{Known, disclosure, known};

    fn terms() -> QuoteTerms {
        QuoteTerms {
            hold_id: Uuid::from_u128(1).into(),
            organization_id: Uuid::from_u128(2).into(),
            appointment_type_id: Uuid::from_u128(3).into(),
            start: "2026-11-23T22:15:00Z".parse().unwrap(),
            funding: FundingMode::Private,
            collection: Collection::Prepaid,
            tax_code: TaxCode::FreeHealth,
            total_cents: AudCents(11_000),
            deposit_cents: AudCents::ZERO,
            late_fee_cents: AudCents(5_000),
            no_show_fee_cents: AudCents::ZERO,
            free_until_hours: 24,
        }
    }

    #[test]
    fn what_is_known_is_proposed_and_days_are_those_of_the_place() {
        let terms = terms();
        let of = Known {
            terms: Some(&terms),
            agreed_at: "2026-11-20T01:00:00Z".parse().unwrap(),
            starts_at: Some("2026-11-23T22:15:00Z".parse().unwrap()),
            noted_at: Some("2026-11-23T23:00:00Z".parse().unwrap()),
            zone: Zone::SYDNEY,
            receipt: Some((12, date(2026, 11, 20), AudCents(11_000))),
        };
        let evidence = known(&of);
        assert_eq!(evidence.service_date, Some(date(2026, 11, 24)));
        assert_eq!(evidence.agreed_at, Some(of.agreed_at));
        assert_eq!(
            evidence.policy.as_deref(),
            Some(
                "The price is $110. Cancelling is free until 24 hours before the visit. Cancelling later costs $50. \
                 Not coming costs nothing."
            )
        );
        assert_eq!(
            evidence.history.as_deref(),
            Some(
                "Receipt 12 for $110 was issued on Friday 20 November 2026.\n\
                 The visit was noted as having taken place on Tuesday 24 November 2026."
            )
        );
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let of = Known {
            terms: None,
            agreed_at: "2026-11-20T01:00:00Z".parse().unwrap(),
            starts_at: None,
            noted_at: None,
            zone: Zone::SYDNEY,
            receipt: None,
        };
        assert_eq!(known(&of), Evidence::default());
    }

    #[test]
    fn nothing_was_agreed_to_where_no_policy_is_sent() {
        let agreed_at = Some("2026-11-20T01:00:00Z".parse().unwrap());
        let of = |policy: Option<&str>| Evidence {
            agreed_at,
            policy: policy.map(str::to_owned),
            ..Evidence::default()
        };
        let told = disclosure(&of(Some("Cancelling costs nothing.")));
        assert_eq!(told.as_deref(), Some("Shown and agreed to at 2026-11-20T01:00:00Z."));
        for policy in [None, Some(" ")] {
            assert_eq!(disclosure(&of(policy)), None, "{policy:?}");
        }
    }
}
