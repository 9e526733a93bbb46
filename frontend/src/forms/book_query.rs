//! The query of `/book/{role_id}`: the address is the state of the first two steps, so that it can be reloaded,
//! shared and read without JavaScript.

use form_urlencoded::Serializer;
use jiff::{Timestamp, civil::Date};
use shared_types::{AppointmentTypeId, PractitionerRoleId};
use yew::AttrValue;

/// What has been chosen so far. What cannot be read counts as not chosen: the page then asks again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BookQuery {
    /// What.
    pub type_id: Option<AppointmentTypeId>,
    /// When.
    pub start: Option<Timestamp>,
    /// From which day on to show times.
    pub from: Option<Date>,
}

impl BookQuery {
    /// Reads a query string, with or without `?`.
    pub fn read(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            match &*name {
                "type" => read.type_id = value.parse().ok(),
                "start" => read.start = value.parse().ok(),
                "from" => read.from = value.parse().ok(),
                _ => {}
            }
        }
        read
    }

    /// The address for a role.
    pub fn path(&self, role_id: PractitionerRoleId) -> String {
        let mut query = Serializer::new(String::new());
        let parts = [
            ("type", self.type_id.map(|id| id.to_string())),
            ("start", self.start.map(|start| start.to_string())),
            ("from", self.from.map(|from| from.to_string())),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        let query = query.finish();
        if query.is_empty() { format!("/book/{role_id}") } else { format!("/book/{role_id}?{query}") }
    }
}

/// In which suburb or postcode a home visit would be, as the query says. It is asked about and no part of what is chosen.
pub fn near(query: &str) -> Option<AttrValue> {
    let parts = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    let words = parts.filter(|(name, _)| name == "near").map(|(_, words)| words.trim().to_owned());
    words.filter(|words| (1..=100).contains(&words.chars().count())).map(AttrValue::from).last()
}

#[cfg(test)]
mod tests {
    use super::{BookQuery, near};

    #[test]
    fn an_address_reads_back_as_what_was_chosen() {
        let chosen = BookQuery {
            type_id: Some("00000000-0000-7000-8000-000000000002".parse().unwrap()),
            start: Some("2026-11-23T22:15:00Z".parse().unwrap()),
            from: Some(jiff::civil::date(2026, 11, 24)),
        };
        let path = chosen.path("00000000-0000-7000-8000-000000000001".parse().unwrap());
        let (before, query) = path.split_once('?').unwrap();
        assert_eq!(before, "/book/00000000-0000-7000-8000-000000000001");
        assert_eq!(BookQuery::read(query), chosen);
    }

    #[test]
    fn a_place_is_read_unless_nobody_could_have_typed_it() {
        assert_eq!(near("?type=x&near=+Harris+Park+").as_deref(), Some("Harris Park"));
        assert_eq!(near("near=+"), None);
        assert_eq!(near(&format!("near={}", "a".repeat(101))), None);
    }

    #[test]
    fn what_cannot_be_read_is_asked_again() {
        assert_eq!(BookQuery::read("?type=x&start=soon&from=2026-13-01&utm_source=y"), BookQuery::default());
    }
}
