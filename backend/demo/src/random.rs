//! Chance from a seed: one stream for each neighbourhood and purpose, and choices by weight.

use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// What a stream of chance is for. Each has its own, so that a change to one leaves the others' outcome alone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// Who works where.
    People = 0,
    /// Hours, prices, leave.
    Calendar = 1,
    /// Who comes.
    Diary = 2,
    /// Who goes to people's homes, and how far away these are.
    Visits = 3,
}

/// The stream of one neighbourhood for one purpose.
pub(crate) fn stream(seed: u64, neighbourhood: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(neighbourhood * 4 + purpose as u64);
    rng
}

/// One of the items, all alike. There must be one.
pub(crate) fn pick<'a, T>(rng: &mut ChaCha8Rng, items: &'a [T]) -> &'a T {
    items.choose(rng).expect("the tables of choices have rows")
}

/// One of the items by its weight. There must be one with a weight above zero.
pub(crate) fn weigh<T: Copy>(rng: &mut ChaCha8Rng, items: &[(T, u32)]) -> T {
    let mut left = rng.random_range(0..items.iter().map(|(_, weight)| weight).sum::<u32>());
    for (item, weight) in items {
        if left < *weight {
            return *item;
        }
        left -= weight;
    }
    unreachable!("the number is below the sum of the weights")
}

/// A long list of weights, ready for choosing an index.
#[derive(Clone, Debug)]
pub(crate) struct Weighted(Vec<u64>);

impl Weighted {
    /// `None` when all weights are zero.
    pub(crate) fn new(weights: impl Iterator<Item = f64>) -> Option<Self> {
        let mut sum = 0;
        let sums: Vec<u64> = weights
            .map(|weight| {
                // Millionths are fine enough; the cast of a NaN is zero.
                sum += (weight.clamp(0.0, 1e8) * 1e6) as u64;
                sum
            })
            .collect();
        (sum > 0).then_some(Self(sums))
    }

    pub(crate) fn pick(&self, rng: &mut ChaCha8Rng) -> usize {
        let total = self.0.last().copied().unwrap_or(1);
        let at = rng.random_range(0..total);
        self.0.partition_point(|sum| *sum <= at)
    }

    /// The share of one index.
    #[cfg(test)]
    pub(crate) fn share(&self, index: usize) -> f64 {
        let before = index.checked_sub(1).map_or(0, |before| self.0[before]);
        (self.0[index] - before) as f64 / self.0[self.0.len() - 1] as f64
    }
}
