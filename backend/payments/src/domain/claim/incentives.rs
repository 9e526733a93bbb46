//! Which incentives for bulk billing go with the services of a visit.
//!
//! Each service that nobody referred has one of its own, so the same incentive may be claimed several times on a visit. It is not paid
//! for a service that is associated with one to which another incentive applies: items 10990 and 75871, MBS Online, read 2026-11-27.

use shared_types::AudCents;

/// Those that can be claimed together, of the incentive of each service and its benefit. Where they differ, those of the item that
/// comes to the most; of the first where others come to as much.
pub fn claimed_together(of_services: &[(String, AudCents)]) -> Vec<(String, AudCents)> {
    let comes_to = |item: &str| -> i64 {
        of_services.iter().filter(|(other, _)| other == item).map(|(_, benefit)| benefit.0).sum()
    };
    let mut most: Option<(&str, i64)> = None;
    for (item, _) in of_services {
        let cents = comes_to(item);
        if most.is_none_or(|(_, before)| before < cents) {
            most = Some((item.as_str(), cents));
        }
    }
    let Some((chosen, _)) = most else { return Vec::new() };
    of_services.iter().filter(|(item, _)| item == chosen).cloned().collect()
}

#[cfg(test)]
mod tests {
    use shared_types::AudCents;

    use super::claimed_together;

    fn check(of_services: &[(&str, i64)], expected: &[&str]) {
        let of_services: Vec<_> =
            of_services.iter().map(|(item, cents)| ((*item).to_owned(), AudCents(*cents))).collect();
        let claimed: Vec<_> = claimed_together(&of_services).into_iter().map(|(item, _)| item).collect();
        assert_eq!(claimed, expected, "{of_services:?}");
    }

    #[test]
    fn each_service_has_one_of_its_own() {
        check(&[], &[]);
        check(&[("10990", 690)], &["10990"]);
        check(&[("10990", 690), ("10990", 690)], &["10990", "10990"]);
    }

    #[test]
    fn of_different_ones_those_that_come_to_the_most_are_claimed() {
        check(&[("10990", 690), ("75870", 2_065)], &["75870"]);
        check(&[("75870", 2_065), ("10990", 690), ("75870", 2_065)], &["75870", "75870"]);
        check(&[("10990", 690), ("75870", 1_000), ("10990", 690)], &["10990", "10990"]);
        check(&[("10991", 690), ("10990", 690)], &["10991"]);
    }
}
