//! Where practices are: spread by population, and a little way out of each locality's middle.
//!
//! Owns the guess of how many people live where the data does not say. Does not know the coast: points are put
//! between middles of localities, which are land, and so are mostly on land too.

use std::collections::HashMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use shared_types::GeoPoint;

use crate::{
    input::Locality,
    random::{Weighted, pick},
};

const METRES_PER_DEGREE: f64 = 111_195.0;

/// From this population on, a row is a whole city and its suburbs are rows of their own.
const CITY: u32 = 200_000;

/// Which part of a city's practices is at its central postcode.
const CENTRE_SHARE: f64 = 0.06;

/// People of a locality whose population nobody told us, by Modified Monash class; the first is for none.
const UNKNOWN_POPULATION: [f64; 8] = [50.0, 2_500.0, 500.0, 400.0, 300.0, 120.0, 30.0, 20.0];

/// Localities with weights and neighbours.
#[derive(Debug)]
pub(crate) struct Places {
    middles: Vec<(f64, f64)>,
    weights: Weighted,
    neighbours: Vec<Box<[u32]>>,
}

impl Places {
    /// `None` without a locality.
    pub(crate) fn new(localities: &[Locality]) -> Option<Self> {
        let middles: Vec<_> = localities.iter().map(|locality| (locality.lat, locality.lon)).collect();
        let weights = Weighted::new(people(localities).into_iter())?;
        Some(Self { neighbours: neighbours(localities), middles, weights })
    }

    /// A locality by population.
    pub(crate) fn pick(&self, rng: &mut ChaCha8Rng) -> usize {
        self.weights.pick(rng)
    }

    /// A locality that one also works in: next door, or the same.
    pub(crate) fn pick_near(&self, rng: &mut ChaCha8Rng, locality: usize) -> usize {
        match &*self.neighbours[locality] {
            [] => locality,
            _ if rng.random_bool(0.3) => locality,
            near => *pick(rng, near) as usize,
        }
    }

    /// A point within about 1.5 km of the middle, towards a neighbour; nearer where there is none close by.
    pub(crate) fn point(&self, rng: &mut ChaCha8Rng, locality: usize) -> GeoPoint {
        let middle = self.middles[locality];
        let near = &*self.neighbours[locality];
        let toward = if near.is_empty() { middle } else { self.middles[*pick(rng, near) as usize] };
        let (north, east) = offset_metres(middle, toward);
        let distance = north.hypot(east);
        let out = rng.random_range(0.05_f64..1.0).sqrt();
        let side = rng.random_range(-0.35..0.35);
        let (north, east) = if distance < 100.0 {
            (300.0 * out, 300.0 * side)
        } else {
            let reach = out * (distance * 0.5).min(1_400.0) / distance;
            (north * reach - east * reach * side, east * reach + north * reach * side)
        };
        moved(middle, north, east)
    }

    #[cfg(test)]
    pub(crate) fn share(&self, locality: usize) -> f64 {
        self.weights.share(locality)
    }
}

/// A ring of 32 points around a place, not quite round, 4 to 30 km out; the last point is not repeated.
pub(crate) fn coverage(rng: &mut ChaCha8Rng, place: GeoPoint, remote: bool) -> Vec<GeoPoint> {
    use std::f64::consts::TAU;
    let widest: f64 = if remote { 25_000.0 } else { 14_000.0 };
    let radius = 5_000.0 * (widest / 5_000.0).powf(rng.random_range(0.0..1.0));
    let (turn_a, turn_b) = (rng.random_range(0.0..TAU), rng.random_range(0.0..TAU));
    (0..32)
        .map(|nth| {
            let angle = TAU * f64::from(nth) / 32.0;
            let dent = 1.0 + 0.12 * (3.0 * angle + turn_a).sin() + 0.07 * (5.0 * angle + turn_b).sin();
            moved((place.lat(), place.lon()), radius * dent * angle.sin(), radius * dent * angle.cos())
        })
        .collect()
}

/// How many people each locality's practices are for. The number of a city or of an area (which has no postcode) is
/// spread over the suburbs around it that have none of their own, thinner with distance. Nobody's practice is in an
/// area: its suburbs are rows of their own.
fn people(localities: &[Locality]) -> Vec<f64> {
    let is_area = |locality: &Locality| locality.postcode.is_empty();
    let is_suburb = |locality: &Locality| !is_area(locality) && locality.population < CITY;
    let guess = |locality: &Locality| match locality.population {
        _ if is_area(locality) => 0.0,
        0 => UNKNOWN_POPULATION[usize::from(locality.mmm.unwrap_or(0).min(7))],
        known if known >= CITY => f64::from(known) * CENTRE_SHARE,
        known => f64::from(known),
    };
    let mut people: Vec<f64> = localities.iter().map(guess).collect();
    for city in localities.iter().filter(|locality| !is_suburb(locality)) {
        let population = f64::from(city.population);
        let reach = 12_000.0 * (population / 500_000.0).sqrt();
        let distance = |other: &Locality| {
            let (north, east) = offset_metres((city.lat, city.lon), (other.lat, other.lon));
            north.hypot(east)
        };
        let suburbs = || {
            let near = |other: &Locality| is_suburb(other) && distance(other) <= reach;
            localities.iter().enumerate().filter(move |(_, other)| near(other))
        };
        let known: f64 = suburbs().map(|(_, suburb)| f64::from(suburb.population)).sum();
        let share = |suburb: &Locality| {
            let built_up = if suburb.mmm == Some(1) { 1.0 } else { 0.15 };
            built_up / (1.0 + 2.0 * distance(suburb) / reach)
        };
        let unknown = || suburbs().filter(|(_, suburb)| suburb.population == 0);
        let shares: f64 = unknown().map(|(_, suburb)| share(suburb)).sum();
        let rest = (population * (1.0 - CENTRE_SHARE) - known).max(0.0);
        for (nth, suburb) in unknown() {
            people[nth] = people[nth].max(rest * share(suburb) / shares).min(30_000.0);
        }
    }
    people
}

/// For each locality up to six others within about 30 km, nearest first, of the same state and zone.
fn neighbours(localities: &[Locality]) -> Vec<Box<[u32]>> {
    const CELLS_PER_DEGREE: f64 = 4.0;
    let cell = |locality: &Locality| {
        ((locality.lat * CELLS_PER_DEGREE).floor() as i32, (locality.lon * CELLS_PER_DEGREE).floor() as i32)
    };
    let mut cells: HashMap<(i32, i32), Vec<u32>> = HashMap::new();
    for (index, locality) in (0..).zip(localities) {
        cells.entry(cell(locality)).or_default().push(index);
    }
    let nearest = |(index, locality): (u32, &Locality)| {
        let (row, column) = cell(locality);
        let around =
            (row - 1..=row + 1).flat_map(|row| (column - 1..=column + 1).map(move |column| (row, column)));
        let mut near: Vec<(u64, u32)> = around
            .filter_map(|cell| cells.get(&cell))
            .flatten()
            .filter(|other| **other != index)
            .map(|other| (&localities[*other as usize], *other))
            .filter(|(other, _)| {
                other.state == locality.state && other.zone == locality.zone && !other.postcode.is_empty()
            })
            .map(|(other, at)| {
                let (north, east) = offset_metres((locality.lat, locality.lon), (other.lat, other.lon));
                (north.hypot(east) as u64, at)
            })
            // Two names for one point are no neighbours.
            .filter(|(metres, _)| (100..30_000).contains(metres))
            .collect();
        near.sort_unstable();
        near.truncate(6);
        near.into_iter().map(|(_, at)| at).collect()
    };
    (0..).zip(localities).map(nearest).collect()
}

/// Metres north and east from one point to another, on a flat map: good enough for tens of kilometres.
fn offset_metres(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let east = (to.1 - from.1) * METRES_PER_DEGREE * from.0.to_radians().cos();
    ((to.0 - from.0) * METRES_PER_DEGREE, east)
}

/// A point so many metres away, to about a metre.
fn moved(from: (f64, f64), north: f64, east: f64) -> GeoPoint {
    let round = |degrees: f64| (degrees * 100_000.0).round() / 100_000.0;
    let lat = round(from.0 + north / METRES_PER_DEGREE);
    let lon = round(from.1 + east / (METRES_PER_DEGREE * from.0.to_radians().cos()));
    GeoPoint::new(lat, lon).expect("Australia is far from the poles and the edge of the map")
}
