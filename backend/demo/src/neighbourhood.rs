//! Two practices and the people who work there, some of them at both.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use shared_types::{
    GeoPoint, LocationId, Metres, OrganizationId, PractitionerId, PractitionerRoleId, bookings::Audience,
    slug::slugify,
};

use crate::{
    Plan,
    calendar::{self, Hours, Setting},
    input::Locality,
    names, numbers, places,
    practice::{Location, Practice, Practitioner, Role},
    random::{Purpose, pick, stream, weigh},
};

/// How many work at a practice.
const SIZES: [(usize, u32); 12] = [
    (1, 30),
    (2, 18),
    (3, 14),
    (4, 10),
    (5, 8),
    (6, 6),
    (7, 4),
    (8, 3),
    (9, 2),
    (10, 2),
    (11, 1),
    (numbers::MOST_ROLES, 2),
];

/// Weekday bits of the two places of somebody who works at both.
const SPLIT_WEEKS: [(u8, u8); 4] =
    [(0b000_0111, 0b011_1000), (0b001_0101, 0b010_1010), (0b000_0011, 0b011_1100), (0b001_1100, 0b010_0011)];

const EVERY_DAY: u8 = 0b111_1111;

/// Makes the practices of one neighbourhood, with at most so many roles and appointments in all.
pub(crate) fn make(plan: &Plan, index: u64, roles_left: usize, appointments_left: usize) -> Vec<Practice> {
    let mut workshop = Workshop {
        plan,
        index,
        people: stream(plan.input.seed, index, Purpose::People),
        calendars: stream(plan.input.seed, index, Purpose::Calendar),
        visits: stream(plan.input.seed, index, Purpose::Visits),
        roles_made: 0,
    };
    let mut practices = workshop.practices();
    let mut left = roles_left;
    for practice in &mut practices {
        practice.roles.truncate(left);
        left -= practice.roles.len();
    }
    practices.retain(|practice| !practice.roles.is_empty());
    plan.diary.fill(plan, index, &mut practices, appointments_left);
    practices
}

struct Workshop<'a> {
    plan: &'a Plan,
    index: u64,
    people: ChaCha8Rng,
    calendars: ChaCha8Rng,
    visits: ChaCha8Rng,
    roles_made: usize,
}

/// Somebody who works at a place, and on which days they may.
struct Worker {
    practitioner: Practitioner,
    number: u64,
    profession: usize,
    days: u8,
    place: usize,
}

impl Workshop<'_> {
    fn practices(&mut self) -> Vec<Practice> {
        let first = self.plan.places.pick(&mut self.people);
        let shares = self.people.random_bool(0.3);
        let second = if shares {
            self.plan.places.pick_near(&mut self.people, first)
        } else {
            self.plan.places.pick(&mut self.people)
        };
        let main = self.plan.professions.pick(&mut self.people);
        let mut at_first = self.workers(first, main, 0);
        let mut at_second = Vec::new();
        if shares {
            let both = at_first.len().min(self.people.random_range(1..=2));
            for worker in &mut at_first[..both] {
                let (here, there) = *pick(&mut self.people, &SPLIT_WEEKS);
                worker.days = here;
                at_second.push(Worker {
                    practitioner: worker.practitioner.clone(),
                    days: there,
                    place: 1,
                    ..*worker
                });
            }
        }
        let main = if shares { main } else { self.plan.professions.pick(&mut self.people) };
        let wanted = self.workers(second, main, at_first.len());
        at_second.extend(wanted);
        at_second.truncate(numbers::MOST_ROLES);
        vec![self.practice(0, first, at_first), self.practice(1, second, at_second)]
    }

    /// New people for a place. `known` is how many the neighbourhood has already.
    fn workers(&mut self, locality: usize, main: usize, known: usize) -> Vec<Worker> {
        let remote = self.plan.input.localities[locality].mmm.is_some_and(|class| class >= 6);
        let size = weigh(&mut self.people, &SIZES).min(if remote { 4 } else { numbers::MOST_ROLES });
        let mixed = size > 1 && self.people.random_bool(0.35);
        (0..size)
            .map(|nth| {
                let other = mixed && nth > 0 && self.people.random_bool(0.4);
                let profession = if other { self.plan.professions.pick(&mut self.people) } else { main };
                self.worker(known + nth, profession)
            })
            .collect()
    }

    fn worker(&mut self, nth: usize, profession: usize) -> Worker {
        let rng = &mut self.people;
        let number = numbers::count(self.index, nth);
        let person = names::person(rng);
        let prefix = self.plan.input.professions[profession].ahpra_prefix.as_deref();
        let about = rng.random_bool(0.4).then(|| pick(rng, &ABOUT).to_string());
        let practitioner = Practitioner {
            practitioner_id: PractitionerId(numbers::id(rng, self.index)),
            name: person.name,
            gender: person.gender,
            languages: person.languages,
            about,
            hpi_i: numbers::hpi_i(number),
            ahpra_number: prefix.and_then(|prefix| numbers::ahpra(prefix, number)),
        };
        Worker { practitioner, number, profession, days: EVERY_DAY, place: 0 }
    }

    fn practice(&mut self, nth: usize, place: usize, workers: Vec<Worker>) -> Practice {
        let plan = self.plan;
        let locality = &plan.input.localities[place];
        let rng = &mut self.people;
        let number = numbers::count(self.index, nth);
        let tag = numbers::tag(number);
        let main = workers.first().map_or(0, |worker| worker.profession);
        let several = workers.iter().any(|worker| worker.profession != main);
        let work = names::work(&plan.input.professions[main].slug, several);
        let name = names::practice(rng, &locality.name, work);
        let point = plan.places.point(rng, place);
        let hours = Hours::invent(rng);
        let location = Location {
            location_id: LocationId(numbers::id(rng, self.index)),
            line: names::street(rng),
            suburb: locality.name.clone(),
            state: locality.state.clone(),
            postcode: locality.postcode.clone(),
            point,
            zone: locality.zone,
            wheelchair: rng.random_bool(0.72),
            opening_hours: hours.shown(),
            holiday_scopes: holiday_scopes(plan, locality, point),
        };
        let setting = Setting::new(plan, &mut self.calendars, locality, &location, hours);
        let organization_id = OrganizationId(numbers::id(&mut self.people, self.index));
        let email = names::practice_email(&mut self.people, &name, &tag);
        let phone = names::phone(&mut self.people, &locality.state);
        let roles = workers.into_iter().map(|worker| self.role(worker, locality, point, &setting)).collect();
        Practice {
            organization_id,
            slug: format!("{}-{tag}", slugify(&format!("{name} {}", locality.postcode))),
            name,
            phone,
            email,
            hpi_o: numbers::hpi_o(number),
            abn: numbers::abn(number),
            location,
            roles,
        }
    }

    fn role(&mut self, worker: Worker, locality: &Locality, point: GeoPoint, setting: &Setting<'_>) -> Role {
        let profession = &self.plan.input.professions[worker.profession];
        let tag = numbers::tag(numbers::count(self.index, self.roles_made));
        self.roles_made += 1;
        let rng = &mut self.people;
        let remote = locality.mmm.is_some_and(|class| class >= 4);
        // Without a type for everybody there would be nothing for those who look.
        let for_everybody =
            profession.appointment_types.iter().any(|planned| planned.audience == Audience::All);
        let new_patients = rng.random_bool(if for_everybody { 0.75 } else { 0.93 });
        let visits = rng.random_bool(if VISITING.contains(&&*profession.slug) { 0.22 } else { 0.05 });
        let mut calendar =
            calendar::make(&mut self.calendars, self.index, setting, profession, worker.days, new_patients);
        if let Some(first) = calendar.types.first().filter(|_| visits) {
            let home_visit = calendar::home_visit(&mut self.visits, self.index, first);
            calendar.types.push(home_visit);
        }
        let words = format!("{} {} {}", worker.practitioner.name, profession.name, locality.name);
        Role {
            practitioner_role_id: PractitionerRoleId(numbers::id(rng, self.index)),
            slug: format!("{}-{tag}", slugify(&words)),
            first_of_practitioner: worker.place == 0,
            profession: worker.profession,
            provider_number: profession
                .ahpra_prefix
                .as_ref()
                .and_then(|_| numbers::provider_number(worker.number, worker.place)),
            new_patients,
            home_visits: visits.then(|| places::coverage(rng, point, remote)),
            calendar,
            practitioner: worker.practitioner,
            appointments: Vec::new(),
            next_free: Vec::new(),
        }
    }
}

/// Professions that often go to people's homes.
const VISITING: [&str; 8] = [
    "physiotherapist",
    "occupational-therapist",
    "registered-nurse",
    "nurse-practitioner",
    "podiatrist",
    "midwife",
    "speech-pathologist",
    "general-practitioner",
];

const ABOUT: [&str; 6] = [
    "Sees people of all ages.",
    "Sees adults and older people.",
    "Sees children and their families.",
    "Takes time to explain what happens next.",
    "Works closely with other practices nearby.",
    "Longer appointments are possible when asked for.",
];

fn holiday_scopes(plan: &Plan, locality: &Locality, point: GeoPoint) -> Vec<String> {
    let regions = plan.input.holiday_regions.iter().filter(|region| {
        let middle = GeoPoint::new(region.lat, region.lon);
        region.state == locality.state
            && middle.is_ok_and(|middle| point.distance_to(middle) <= Metres(region.radius_km * 1000.0))
    });
    let mut scopes = vec!["AU".to_owned(), locality.state.clone()];
    scopes.extend(regions.map(|region| region.slug.clone()));
    // A region may have several circles.
    scopes.dedup();
    scopes
}
