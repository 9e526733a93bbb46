//! Whose turn it is in a pool. Deterministic: whoever asks with the same counts gets the same order.

use jiff::Timestamp;
use shared_types::PractitionerRoleId;

/// Somebody in a pool, with what their turn goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub practitioner_role_id: PractitionerRoleId,
    /// How many appointments they have in the week of the wanted time, what is held for others included.
    pub booked: i64,
    /// When they were last booked, if they ever were.
    pub last: Option<Timestamp>,
}

/// The order in which a pool's members are tried: whoever has the fewest appointments that week; among them who was booked
/// longest ago, those who never were first; among them the lowest id.
pub fn in_turn(mut turns: Vec<Turn>) -> Vec<PractitionerRoleId> {
    turns.sort_by_key(|turn| (turn.booked, turn.last, turn.practitioner_role_id));
    turns.into_iter().map(|turn| turn.practitioner_role_id).collect()
}

#[cfg(test)]
mod tests {
    use shared_types::PractitionerRoleId;
    use uuid::Uuid;

    use super::{Turn, in_turn};

    fn turn(nth: u128, booked: i64, last: Option<&str>) -> Turn {
        let practitioner_role_id = PractitionerRoleId(Uuid::from_u128(nth));
        Turn { practitioner_role_id, booked, last: last.map(|last| last.parse().unwrap()) }
    }

    fn order(turns: Vec<Turn>) -> Vec<u128> {
        in_turn(turns).into_iter().map(|role| role.0.as_u128()).collect()
    }

    #[test]
    fn the_fewest_that_week_come_first() {
        assert_eq!(order(vec![turn(1, 3, None), turn(2, 0, Some("2026-11-22T00:00:00Z"))]), [2, 1]);
    }

    #[test]
    fn among_equals_who_was_booked_longest_ago_and_first_who_never_was() {
        let (older, newer) = (Some("2026-11-20T00:00:00Z"), Some("2026-11-21T00:00:00Z"));
        assert_eq!(order(vec![turn(1, 1, newer), turn(2, 1, older), turn(3, 1, None)]), [3, 2, 1]);
    }

    #[test]
    fn the_rest_goes_by_the_id_whatever_the_order_of_the_question() {
        let (one, two, three) = (turn(1, 1, None), turn(2, 1, None), turn(3, 1, None));
        assert_eq!(order(vec![three, one, two]), [1, 2, 3]);
        assert_eq!(order(vec![two, three, one]), [1, 2, 3]);
    }
}
