//! "Who looked at my record": what every service's audit log says of a person, put together by time. Pure: the page
//! fetches, the vault checks.

pub mod file;
pub mod words;

use std::{cmp::Reverse, collections::BTreeSet, rc::Rc};

use jiff::Timestamp;
use shared_types::{
    OrganizationId, Problem,
    vault::{TrailVerdict, VaultRefusal},
};
use transparency::{
    Leaf,
    entry::{Entry, Outcome},
    trail::{AuditTrail, TrailEntry},
};
use yew::Reducible;

use crate::api::own_record::SERVICES;

/// A page of one service's log, with what the vault says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// As the service sent it.
    pub trail: AuditTrail,
    /// One for each entry; why not, when the vault would not say.
    pub verdicts: Result<Vec<TrailVerdict>, VaultRefusal>,
}

/// What is known of one service's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The service.
    pub service: &'static str,
    /// Page by page, the newest first.
    pub pages: Vec<Checked>,
    /// Where the next page begins; the first page has no cursor.
    pub next: Next,
    /// Whether a page is on its way.
    pub loading: bool,
    /// Why the last one did not come.
    pub problem: Option<Problem>,
}

/// Where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// At the beginning.
    First,
    /// Behind this cursor.
    After(String),
    /// There is no more.
    End,
}

/// Every service's log, as far as it was fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// In the order of [`SERVICES`].
    pub sources: Vec<Source>,
}

impl Default for Record {
    fn default() -> Self {
        let source =
            |service| Source { service, pages: Vec::new(), next: Next::First, loading: false, problem: None };
        Self { sources: SERVICES.into_iter().map(source).collect() }
    }
}

/// Something that happened to it.
pub enum RecordAction {
    /// A page of this service was asked for.
    Asked(&'static str),
    /// It came.
    Came(&'static str, Box<Checked>),
    /// It did not.
    Failed(&'static str, Problem),
}

impl Reducible for Record {
    type Action = RecordAction;

    fn reduce(self: Rc<Self>, action: RecordAction) -> Rc<Self> {
        let mut record = Rc::unwrap_or_clone(self);
        let (RecordAction::Asked(service)
        | RecordAction::Came(service, _)
        | RecordAction::Failed(service, _)) = &action;
        let Some(source) = record.sources.iter_mut().find(|source| source.service == *service) else {
            return Rc::new(record);
        };
        match action {
            RecordAction::Asked(_) => (source.loading, source.problem) = (true, None),
            RecordAction::Came(_, page) => {
                source.loading = false;
                source.next = page.trail.next.clone().map_or(Next::End, Next::After);
                source.pages.push(*page);
            }
            RecordAction::Failed(_, problem) => (source.loading, source.problem) = (false, Some(problem)),
        }
        Rc::new(record)
    }
}

/// One entry, wherever it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'r> {
    /// The service whose log it is in.
    pub service: &'static str,
    /// As the log has it.
    pub entry: &'r TrailEntry,
    /// What the vault says of it; nothing when it could not check.
    pub verdict: Option<TrailVerdict>,
    /// When.
    pub at: Timestamp,
}

impl Line<'_> {
    /// The act; none once its details were destroyed.
    pub fn act(&self) -> Option<&Entry> {
        self.entry.logged.entry.as_ref()
    }

    /// Whether it was refused or failed.
    pub fn was_refused(&self) -> bool {
        match self.act().map(|act| act.outcome) {
            Some(Outcome::Denied | Outcome::Failed) => true,
            Some(Outcome::Allowed) | None => false,
        }
    }
}

impl Source {
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.pages.iter().flat_map(move |page| {
            page.trail.items.iter().enumerate().map(move |(place, entry)| Line {
                service: self.service,
                entry,
                verdict: page.verdicts.as_ref().ok().and_then(|verdicts| verdicts.get(place).copied()),
                at: time(entry),
            })
        })
    }

    /// The earliest moment from which everything is known; none when all of it is, or when no more is to be had.
    fn known_from(&self) -> Option<Timestamp> {
        if self.problem.is_some() {
            return None;
        }
        match self.next {
            Next::End => None,
            Next::First => Some(Timestamp::MAX),
            Next::After(_) => self.lines().map(|line| line.at).min().or(Some(Timestamp::MAX)),
        }
    }

    /// Why the vault would not vouch for some of it.
    pub fn doubt(&self) -> Option<VaultRefusal> {
        self.pages.iter().find_map(|page| page.verdicts.as_ref().err().copied())
    }
}

/// When an entry was written. The leaf says so too, and it stays when the details are gone.
fn time(entry: &TrailEntry) -> Timestamp {
    let leaf = || Leaf::parse(entry.logged.leaf.as_bytes()).map(|leaf| leaf.time_us);
    let micros = entry.logged.entry.as_ref().map(|act| act.time_us).or_else(leaf);
    micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()).unwrap_or_default()
}

impl Record {
    /// The entries of one service or of all, the newest first, down to where something may be missing: an older page of
    /// one log could belong between two entries of another.
    pub fn lines(&self, only: Option<&str>) -> Vec<Line<'_>> {
        let from = self.wanted(only).filter_map(Source::known_from).max();
        let mut lines: Vec<_> = self
            .wanted(only)
            .flat_map(Source::lines)
            .filter(|line| from.is_none_or(|from| line.at >= from))
            .collect();
        lines.sort_by_key(|line| Reverse((line.at, line.entry.logged.index)));
        lines
    }

    /// Whose next pages are to be fetched, so that older entries can be shown: those that reach back the least and those
    /// that failed, and not what is on its way. Where to begin is said with each.
    pub fn wants(&self, only: Option<&str>) -> Vec<(&'static str, Option<String>)> {
        let from = self.wanted(only).filter_map(Source::known_from).max();
        let is_behind = |source: &&Source| {
            source.problem.is_some() || (source.known_from().is_some() && source.known_from() == from)
        };
        self.wanted(only)
            .filter(is_behind)
            .filter(|source| !source.loading)
            .map(|source| match &source.next {
                Next::After(cursor) => (source.service, Some(cursor.clone())),
                Next::First | Next::End => (source.service, None),
            })
            .collect()
    }

    /// Whether there is more than is shown.
    pub fn has_more(&self, only: Option<&str>) -> bool {
        self.wanted(only).any(|source| source.next != Next::End)
    }

    /// Whether anything is on its way.
    pub fn is_loading(&self, only: Option<&str>) -> bool {
        self.wanted(only).any(|source| source.loading)
    }

    /// Whether anything could not be fetched.
    pub fn has_failed(&self, only: Option<&str>) -> bool {
        self.wanted(only).any(|source| source.problem.is_some())
    }

    /// The practices for which somebody did something, as far as it was fetched.
    pub fn practices(&self) -> BTreeSet<OrganizationId> {
        let lines = self.sources.iter().flat_map(Source::lines);
        lines.filter_map(|line| line.act()?.details.organization_id).map(OrganizationId).collect()
    }

    fn wanted<'r>(&'r self, only: Option<&str>) -> impl Iterator<Item = &'r Source> {
        self.sources.iter().filter(move |source| only.is_none_or(|only| source.service == only))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::rc::Rc;

    use shared_types::{Problem, vault::TrailVerdict};
    use transparency::{
        Details, Entry, Leaf, Outcome, Salt,
        entry::Logged,
        trail::{AuditTrail, TrailEntry},
    };
    use uuid::Uuid;
    use yew::Reducible as _;

    use super::{Checked, Record, RecordAction};

    /// An entry of so many seconds after 1970.
    pub(crate) fn entry(index: u64, second: i64) -> TrailEntry {
        let entry = Entry {
            action: "find_appointment".to_owned(),
            details: Details {
                access_grant_id: None,
                actor: Some(Uuid::from_u128(7).to_string()),
                actor_kind: "account".to_owned(),
                audit_entry_id: Uuid::from_u128(index.into()),
                network: None,
                on_behalf_of: None,
                organization_id: None,
                purpose: "booking".to_owned(),
                request_id: None,
                resource_id: Uuid::nil().to_string(),
                resource_kind: "booking".to_owned(),
                session_id: None,
                strength: None,
                whose: None,
            },
            outcome: Outcome::Allowed,
            salt: Salt([0; 16]),
            time_us: second * 1_000_000,
        };
        let leaf = String::from_utf8(Leaf::of(&entry, index, false).data()).unwrap();
        TrailEntry { logged: Logged { index, leaf, entry: Some(entry) }, proof: None }
    }

    /// A page whose entries were written in these seconds.
    pub(crate) fn page(seconds: &[i64], next: Option<&str>) -> Box<Checked> {
        let items: Vec<_> = seconds.iter().map(|second| entry(second.unsigned_abs(), *second)).collect();
        let verdicts = Ok(vec![TrailVerdict::InLog; items.len()]);
        let next = next.map(str::to_owned);
        Box::new(Checked {
            trail: AuditTrail { items, checkpoint: None, key: None, consistency: None, next },
            verdicts,
        })
    }

    /// Every other log was fetched and is empty.
    fn record(actions: Vec<RecordAction>) -> Rc<Record> {
        let empty =
            ["providers", "payments", "notifications"].map(|name| RecordAction::Came(name, page(&[], None)));
        empty
            .into_iter()
            .chain(actions)
            .fold(Rc::new(Record::default()), |record, action| record.reduce(action))
    }

    fn seconds(record: &Record, only: Option<&str>) -> Vec<i64> {
        record.lines(only).iter().map(|line| line.at.as_second()).collect()
    }

    #[test]
    fn entries_of_all_services_stand_in_the_order_of_time() {
        let record = record(vec![
            RecordAction::Came("users", page(&[9, 5, 1], None)),
            RecordAction::Came("bookings", page(&[7, 3], None)),
        ]);
        assert_eq!(seconds(&record, None), [9, 7, 5, 3, 1]);
        assert_eq!(seconds(&record, Some("bookings")), [7, 3]);
        assert!(!record.has_more(None) && record.wants(None).is_empty());
    }

    #[test]
    fn nothing_is_shown_beyond_the_place_where_an_entry_may_be_missing() {
        let before = record(vec![
            RecordAction::Came("users", page(&[9, 8], Some("8"))),
            RecordAction::Came("bookings", page(&[7, 3], None)),
        ]);
        assert_eq!(seconds(&before, None), [9, 8]);
        assert_eq!(before.wants(None), [("users", Some("8".to_owned()))]);
        let after = before.reduce(RecordAction::Came("users", page(&[5, 2], None)));
        assert_eq!(seconds(&after, None), [9, 8, 7, 5, 3, 2]);
    }

    #[test]
    fn what_is_on_its_way_is_not_asked_for_twice_and_what_failed_is() {
        let fresh = Rc::new(Record::default());
        assert_eq!(fresh.wants(None).len(), 5);
        let asked = fresh.reduce(RecordAction::Asked("users"));
        assert!(asked.is_loading(None) && !asked.wants(None).iter().any(|(service, _)| *service == "users"));
        let failed = asked.reduce(RecordAction::Failed("users", Problem::internal()));
        assert!(failed.wants(None).contains(&("users", None)));
        assert!(failed.sources[0].problem.is_some());
    }

    #[test]
    fn an_entry_whose_details_are_gone_keeps_its_time() {
        let mut page = page(&[9], None);
        page.trail.items[0].logged.entry = None;
        let record = record(vec![
            RecordAction::Came("users", page),
            RecordAction::Came("bookings", super::tests::page(&[], None)),
        ]);
        assert_eq!(seconds(&record, None), [9]);
        assert!(record.lines(None)[0].act().is_none());
    }
}
