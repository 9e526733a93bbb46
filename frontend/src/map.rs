//! The map as an island: what it shows and what it tells, with Leaflet behind it in the browser and nothing
//! behind it on the server. It starts in an effect and ends with its component.

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod archive;
#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod base;
#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod island;
#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod js;
#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod labels;
#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod marks;
#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod view;

use jiff::Timestamp;
use shared_types::{
    Bbox, PractitionerRoleId,
    providers::{Cluster, LocationSummary, PlaceKind, ProviderSummary, SearchProviders, SearchReply},
    time::{clock_words, day_words, weekday_name},
};

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
pub use self::island::MapView;

/// Everything on the map besides the base.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapContent {
    /// Single results.
    pub pins: Vec<Pin>,
    /// Counts, when there are too many for pins.
    pub clusters: Vec<Cluster>,
    /// How far was searched around a point, in metres.
    pub area: Option<((f64, f64), u32)>,
    /// What is in view.
    pub frame: Frame,
}

/// A result at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// Which; absent for a place without a result.
    pub id: Option<PractitionerRoleId>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// `soon` (today or tomorrow), `later`, or `none` (no time to show).
    pub kind: &'static str,
    /// `Tue`; empty for today.
    pub day: String,
    /// `9:15`.
    pub time: String,
    /// What a screen reader says.
    pub words: String,
}

/// What the map shows of Australia.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Frame {
    /// All of it.
    #[default]
    Australia,
    /// Every pin, and a point that they are around.
    Pins(Option<(f64, f64)>),
    /// The same, where the point is the reader's own.
    Here((f64, f64)),
    /// This window.
    Window(Bbox),
    /// Streets around a point.
    Close((f64, f64)),
}

impl Frame {
    /// The frame of a search and what it found.
    pub fn of(search: &SearchProviders, reply: Option<&SearchReply>) -> Self {
        if let Some(bbox) = search.bbox {
            return Self::Window(bbox);
        }
        let Some(reply) = reply else { return Self::default() };
        match &reply.place {
            Some(place) if place.kind == PlaceKind::Coordinates => Self::Here((place.lat, place.lon)),
            Some(place) => Self::Pins(Some((place.lat, place.lon))),
            None if reply.items.iter().any(|item| item.location.is_some()) => Self::Pins(None),
            None => Self::Australia,
        }
    }
}

/// What the reader does on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MapEvent {
    /// Moved it to another window, at a zoom.
    Moved(Bbox, u8),
    /// It shows what it was told to show.
    Settled,
    /// Asked for what is in this window.
    Area(Bbox, u8),
    /// Pointed at a result, or no longer.
    Active(Option<PractitionerRoleId>),
    /// Chose a result.
    Chosen(PractitionerRoleId),
}

/// How much of a map it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With everything one can do.
    Search,
    /// A picture of one place.
    Small,
}

/// A pin for each result that has a place.
pub fn pins(items: &[ProviderSummary], as_of: Timestamp) -> Vec<Pin> {
    items.iter().filter_map(|item| pin(item, item.location.as_ref()?, as_of)).collect()
}

fn pin(item: &ProviderSummary, location: &LocationSummary, as_of: Timestamp) -> Option<Pin> {
    let zone = location.time_zone;
    let start = item.next_free.first().filter(|_| item.bookable);
    let (kind, day, time, when) = match start {
        Some(start) => {
            let day = day_words(zone.date(*start), zone.date(as_of));
            let weekday = weekday_name(zone.date(*start));
            let short = if day == "today" { "" } else { &weekday[..3] };
            let clock = clock_words(zone.time(*start));
            let bare = clock.split(' ').next().unwrap_or_default().to_owned();
            // The day and the time as they are written: who speaks to their computer says what they read.
            let when = match &*day {
                "today" => format!("free today {clock}"),
                day if day == weekday => format!("free {short} {clock}"),
                day => format!("free {short} {clock}, {day}"),
            };
            let soon = matches!(&*day, "today" | "tomorrow");
            (if soon { "soon" } else { "later" }, short.to_owned(), bare, when)
        }
        None => ("none", String::new(), String::new(), "no free time to show".to_owned()),
    };
    let words = format!("{}, {when}", item.name);
    let id = Some(item.practitioner_role_id);
    Some(Pin { id, lat: location.lat, lon: location.lon, kind, day, time, words })
}

/// A map of one place and nothing else.
pub fn one_place(location: &LocationSummary) -> MapContent {
    let (lat, lon) = (location.lat, location.lon);
    let (kind, words) = ("none", location.address());
    let pin = Pin { id: None, lat, lon, kind, day: String::new(), time: String::new(), words };
    MapContent { pins: vec![pin], frame: Frame::Close((lat, lon)), ..MapContent::default() }
}

#[cfg(not(all(feature = "hydration", not(feature = "ssr"))))]
mod absent {
    use shared_types::PractitionerRoleId;
    use yew::prelude::*;

    use super::{MapContent, MapEvent, Style};

    /// The map where there is no browser: it never starts.
    #[derive(Debug)]
    pub struct MapView;

    impl MapView {
        /// Never starts.
        pub fn start(_: &NodeRef, _: Style, _: Callback<MapEvent>) -> Option<Self> {
            None
        }

        /// Nothing to take away.
        pub fn end(self) {}

        /// Shows nothing.
        pub fn show(&self, _: MapContent) {}

        /// Marks nothing.
        pub fn mark(&self, _: Option<PractitionerRoleId>) {}
    }
}

#[cfg(not(all(feature = "hydration", not(feature = "ssr"))))]
pub use absent::MapView;

#[cfg(test)]
mod tests {
    use shared_types::providers::ProviderSummary;

    use super::{Pin, pins};

    /// Free at these times, on Monday 23 November 2026 at 9:00 am in Sydney.
    fn pin(next_free: &[&str], bookable: bool) -> Pin {
        let summary: ProviderSummary = serde_json::from_value(serde_json::json!({
            "practitioner_role_id": "00000000-0000-0000-0000-000000000001",
            "slug": "priya", "name": "Priya Nairwood", "profession": null, "profession_name": null,
            "organization": null, "distance_m": null, "next_free": next_free, "bookable": bookable,
            "location": {
                "location_id": null, "lat": -33.8, "lon": 151.0, "time_zone": "Australia/Sydney", "approximate": false,
                "line": null, "suburb": "Parramatta", "state": "NSW", "postcode": "2150",
            },
            "facts": {
                "bulk_billing": false, "telehealth": false, "home_visit": false, "wheelchair": false,
                "new_patients": false, "languages": [], "gender": null,
            },
        }))
        .unwrap();
        pins(&[summary], "2026-11-22T22:00:00Z".parse().unwrap()).remove(0)
    }

    #[test]
    fn a_pin_says_the_next_time_as_short_as_it_can() {
        for (start, kind, day, time, words) in [
            ("2026-11-23T03:30:00Z", "soon", "", "2:30", "Priya Nairwood, free today 2:30 pm"),
            ("2026-11-23T22:15:00Z", "soon", "Tue", "9:15", "Priya Nairwood, free Tue 9:15 am, tomorrow"),
            ("2026-11-26T22:15:00Z", "later", "Fri", "9:15", "Priya Nairwood, free Fri 9:15 am"),
            ("2026-12-03T22:15:00Z", "later", "Fri", "9:15", "Priya Nairwood, free Fri 9:15 am, Fri 4 Dec"),
        ] {
            let pin = pin(&[start], true);
            assert_eq!((pin.kind, &*pin.day, &*pin.time, &*pin.words), (kind, day, time, words));
        }
    }

    #[test]
    fn without_a_time_to_book_a_pin_says_so() {
        for (next_free, bookable) in [(&[] as &[&str], true), (&["2026-11-23T03:30:00Z"], false)] {
            let pin = pin(next_free, bookable);
            assert_eq!((pin.kind, &*pin.time), ("none", ""));
            assert_eq!(pin.words, "Priya Nairwood, no free time to show");
        }
    }
}
