//! How many streams an account has open in this process. Each costs a look at the database every few seconds.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared_types::AccountId;

/// How many an account may have.
const EACH: usize = 4;

/// Who has how many.
#[derive(Debug, Default)]
pub struct Seats(Mutex<HashMap<AccountId, usize>>);

/// One stream's, until it is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    account_id: AccountId,
}

impl Seats {
    /// A seat, if one is left.
    pub fn take(seats: &Arc<Self>, account_id: AccountId) -> Option<Seat> {
        let mut taken = seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(account_id).or_default();
        if *count >= EACH {
            return None;
        }
        *count += 1;
        Some(Seat { seats: Arc::clone(seats), account_id })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = taken.get_mut(&self.account_id) else { return };
        *count -= 1;
        if *count == 0 {
            taken.remove(&self.account_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use shared_types::AccountId;
    use uuid::Uuid;

    use super::Seats;

    #[test]
    fn an_account_has_four_seats_and_gets_one_back_that_is_left() {
        let (seats, ada, bo) = (Arc::default(), AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let mut taken: Vec<_> = (0..4).map(|_| Seats::take(&seats, ada).unwrap()).collect();
        assert!(Seats::take(&seats, ada).is_none() && Seats::take(&seats, bo).is_some());
        taken.pop();
        assert!(Seats::take(&seats, ada).is_some());
        drop(taken);
        assert!(seats.0.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }
}
