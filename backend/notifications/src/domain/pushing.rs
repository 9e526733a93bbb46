//! How a notice goes to a device: what that shows, how soon, for how long it waits there, and what it takes the place of.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kernel::chance::hash_secret;
use shared_types::{
    BookingId, NoticeId, PushSubscriptionId, Zone,
    notifications::{NoticeKind, push::PushMessage},
};

use super::{
    locale::Locale,
    words::{short_start_words, wall_words},
};

/// The longest that a push service keeps a message for a device that is off: after a day the page tells it.
const LONGEST_SECONDS: i64 = 86_400;
/// How many bytes of a fingerprint make a topic: 32 letters, which is as many as there may be (RFC 8030, 5.4).
const TOPIC_BYTES: usize = 24;

/// What a device shows of a notice about what starts then, on those clocks, in a language.
pub fn message(kind: NoticeKind, start: Timestamp, zone: Zone, tag: String, locale: Locale) -> PushMessage {
    let (start, zone) = (short_start_words(start, zone, locale), wall_words(zone, locale));
    PushMessage {
        title: locale.say(title(kind), &[]),
        body: locale.say("notice-when", &[("start", &start), ("zone", &zone)]),
        path: kind.place().to_owned(),
        tag,
    }
}

fn title(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Requested => "notice-requested",
        NoticeKind::Confirmed => "notice-confirmed",
        NoticeKind::Moved => "notice-moved",
        NoticeKind::Cancelled => "notice-cancelled",
        NoticeKind::TimeProposed => "notice-time-proposed",
        NoticeKind::TimeOffered => "notice-time-offered",
        NoticeKind::Reminder => "notice-reminder",
        NoticeKind::RunningLate => "notice-running-late",
        NoticeKind::OnTime => "notice-on-time",
        NoticeKind::TimeRefused => "notice-time-refused",
        NoticeKind::TimeUnanswered => "notice-time-unanswered",
        NoticeKind::LetterUndelivered => "notice-letter-undelivered",
    }
}

/// How soon a device should be woken (RFC 8030, 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// When it has power and a network anyway.
    Normal,
    /// Also when its battery is low: it changes what somebody does next.
    High,
}

impl Urgency {
    /// Of what happened. Who asked for an appointment, or was told that it stands, need not hurry, nor
    /// need staff whose patient keeps their time, nor whoever is told that a letter did not arrive.
    pub fn of(kind: NoticeKind) -> Self {
        match kind {
            NoticeKind::Requested
            | NoticeKind::Confirmed
            | NoticeKind::TimeRefused
            | NoticeKind::TimeUnanswered
            | NoticeKind::LetterUndelivered => Self::Normal,
            NoticeKind::Moved
            | NoticeKind::Cancelled
            | NoticeKind::TimeProposed
            | NoticeKind::TimeOffered
            | NoticeKind::Reminder
            | NoticeKind::RunningLate
            | NoticeKind::OnTime => Self::High,
        }
    }

    /// The value of the header.
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// For how many seconds a push service keeps what is of use until then.
pub fn ttl_seconds(useful_until: Timestamp, now: Timestamp) -> i64 {
    useful_until.duration_since(now).as_secs().clamp(0, LONGEST_SECONDS)
}

/// The booking of which a device's message says anew where it stands, so that it takes the place of what was said of that before. That a
/// letter did not arrive takes the place of nothing.
pub fn says_anew_of(kind: NoticeKind, booking_id: Option<BookingId>) -> Option<BookingId> {
    booking_id.filter(|_| kind != NoticeKind::LetterUndelivered)
}

/// By which a push service knows what a later message takes the place of: what was said of the same booking. It is different for
/// each browser and tells no number of ours, so that nobody learns from it whose browsers belong together.
pub fn topic(browser: PushSubscriptionId, booking_id: Option<BookingId>, notice_id: NoticeId) -> String {
    let about = booking_id.map_or(notice_id.0, |booking_id| booking_id.0);
    URL_SAFE_NO_PAD.encode(&hash_secret(&format!("{browser} {about}"))[..TOPIC_BYTES])
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use shared_types::{Zone, notifications::NoticeKind};
    use uuid::Uuid;

    use super::{message, says_anew_of, topic, ttl_seconds};
    use crate::domain::locale::Locale;

    #[test]
    fn a_device_shows_what_the_notice_says() {
        let start = "2026-12-01T03:00:00Z".parse().unwrap();
        let shown = |kind| message(kind, start, Zone::SYDNEY, "tag".to_owned(), Locale::English);
        let moved = shown(NoticeKind::Moved);
        assert_eq!(moved.title, "Your appointment has moved");
        assert_eq!(moved.body, "Tue 1 Dec, 2:00 pm, Sydney time");
        assert_eq!((moved.path.as_str(), moved.tag.as_str()), ("/account/appointments", "tag"));
        // Whoever opens it reads the same on the page.
        for kind in NoticeKind::ALL {
            assert_eq!(shown(kind).title, kind.words(), "{kind:?}");
        }
    }

    #[test]
    fn a_message_waits_while_it_is_of_use_and_for_a_day_at_most() {
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        for (minutes, seconds) in [(-1, 0), (0, 0), (30, 1_800), (1_440, 86_400), (9_000, 86_400)] {
            assert_eq!(ttl_seconds(now + SignedDuration::from_mins(minutes), now), seconds, "{minutes}");
        }
    }

    #[test]
    fn that_a_letter_did_not_arrive_takes_the_place_of_nothing() {
        let booking_id = Some(Uuid::from_u128(2).into());
        assert_eq!(says_anew_of(NoticeKind::LetterUndelivered, booking_id), None);
        for kind in [NoticeKind::Confirmed, NoticeKind::Cancelled, NoticeKind::RunningLate] {
            assert_eq!(says_anew_of(kind, booking_id), booking_id, "{kind:?}");
        }
    }

    #[test]
    fn a_topic_is_one_bookings_in_one_browser() {
        let id = Uuid::from_u128;
        let one = topic(id(1).into(), Some(id(2).into()), id(3).into());
        assert_eq!(one.len(), 32);
        assert_eq!(one, topic(id(1).into(), Some(id(2).into()), id(4).into()));
        assert_ne!(one, topic(id(5).into(), Some(id(2).into()), id(3).into()));
        assert_ne!(one, topic(id(1).into(), None, id(3).into()));
    }
}
