//! The log's words in everybody's: who, what and what for. An operation that is not in the table yet is named as the log
//! names it.

mod acts;

use std::collections::BTreeMap;

use shared_types::{AccessGrantId, AccountId, OrganizationId, users::AccessGrant};
use transparency::{Details, Entry};

use self::acts::ACTS;
use super::Line;

/// What the page knows beside the log, to give things their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Whose page it is.
    pub me: Option<AccountId>,
    /// Practices by their ids.
    pub practices: BTreeMap<OrganizationId, String>,
    /// Why platform staff may or might look, by the ids of the stated reasons.
    pub reasons: BTreeMap<AccessGrantId, String>,
    /// The same as they were stated, the newest first.
    pub grants: Vec<AccessGrant>,
}

/// What a service is called here.
pub fn service_name(service: &str) -> &'static str {
    match service {
        "users" => "Account",
        "bookings" => "Bookings",
        "providers" => "Search and practices",
        "payments" => "Payments and cards",
        "notifications" => "Messages",
        _ => "Another part of HelloMapper",
    }
}

/// Who did it.
pub fn who(details: &Details, known: &Known) -> String {
    if let Some(id) = details.access_grant_id {
        return match known.reasons.get(&id.into()) {
            Some(reason) => format!("HelloMapper support, reason: {reason}"),
            None => "HelloMapper support, by a stated reason".to_owned(),
        };
    }
    let me = known.me.map(|id| id.to_string());
    let mine = me.is_some() && details.actor == me;
    if let Some(id) = details.organization_id {
        let practice = known.practices.get(&id.into()).map_or("a practice", String::as_str);
        return if mine { format!("You, for {practice}") } else { format!("Staff of {practice}") };
    }
    match details.actor_kind.as_str() {
        "account" if mine => "You",
        "account" if details.on_behalf_of.is_some() => "Somebody who may act for you",
        "account" => "Somebody else who is signed in",
        "guest" => "A browser without an account",
        "link" if details.resource_kind == "calendar_feed" => "A calendar that has the secret address",
        "link" => "Somebody with the link of the booking",
        "system" => "HelloMapper, by itself",
        "anonymous" => "Somebody who is not signed in",
        other => other,
    }
    .to_owned()
}

/// What it was used for.
pub fn purpose(details: &Details) -> &str {
    match details.purpose.as_str() {
        "booking" => "for an appointment",
        "care" => "to give care",
        "payment" => "to settle what is owed",
        "account" => "to sign in and keep the account safe",
        "own_record" => "because the record is theirs",
        "practice" => "to run the practice",
        "support" => "to help, by a stated reason",
        "administration" => "to run HelloMapper",
        other => other,
    }
}

/// What was done; a refused try is called one.
pub fn what(line: &Line<'_>) -> String {
    let Some(Entry { action, .. }) = line.act() else {
        return "Details were destroyed at the end of their time".to_owned();
    };
    let words =
        act_words(action).map_or_else(|| format!("Did “{}”", action.replace('_', " ")), str::to_owned);
    if line.was_refused() { format!("Tried and was refused: {}", lower_first(&words)) } else { words }
}

/// An operation in words, when it has any.
pub fn act_words(action: &str) -> Option<&'static str> {
    ACTS.iter().find(|(name, _)| *name == action).map(|(_, words)| *words)
}

fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared_types::AccountId;
    use transparency::{Details, Outcome};
    use uuid::Uuid;

    use super::{ACTS, Known, act_words, purpose, what, who};
    use crate::record::{Line, tests::entry};

    fn details() -> Details {
        entry(1, 1).logged.entry.unwrap().details
    }

    fn known() -> Known {
        Known {
            me: Some(AccountId(Uuid::from_u128(7))),
            practices: BTreeMap::from([(Uuid::from_u128(3).into(), "Wattle Lane Physio".to_owned())]),
            reasons: BTreeMap::from([(
                Uuid::from_u128(4).into(),
                "You asked us to find a booking".to_owned(),
            )]),
            grants: Vec::new(),
        }
    }

    #[test]
    fn people_practices_and_support_have_their_names() {
        let somebody = || Details { actor: Some(Uuid::from_u128(8).to_string()), ..details() };
        let (practice, other, reason) =
            (Some(Uuid::from_u128(3)), Some(Uuid::from_u128(5)), Some(Uuid::from_u128(4)));
        for (details, words) in [
            (details(), "You"),
            (somebody(), "Somebody else who is signed in"),
            (Details { on_behalf_of: other, ..somebody() }, "Somebody who may act for you"),
            (Details { organization_id: practice, ..somebody() }, "Staff of Wattle Lane Physio"),
            (Details { organization_id: other, ..somebody() }, "Staff of a practice"),
            (Details { organization_id: practice, ..details() }, "You, for Wattle Lane Physio"),
            (
                Details { access_grant_id: reason, ..somebody() },
                "HelloMapper support, reason: You asked us to find a booking",
            ),
            (Details { access_grant_id: other, ..somebody() }, "HelloMapper support, by a stated reason"),
            (
                Details { actor_kind: "system".to_owned(), actor: Some("a job".to_owned()), ..details() },
                "HelloMapper, by itself",
            ),
        ] {
            assert_eq!(who(&details, &known()), words);
        }
        // A stranger without an account is not taken for somebody who is not known.
        let nobody = Details { actor: None, actor_kind: "anonymous".to_owned(), ..details() };
        assert_eq!(who(&nobody, &Known::default()), "Somebody who is not signed in");
    }

    #[test]
    fn acts_have_words_and_unknown_ones_their_names() {
        let mut entry = entry(1, 1);
        let words = |entry: &_| {
            what(&Line { service: "users", entry, verdict: None, at: jiff::Timestamp::UNIX_EPOCH })
        };
        assert_eq!(words(&entry), "Looked at an appointment");
        let act = entry.logged.entry.as_mut().unwrap();
        act.outcome = Outcome::Denied;
        assert_eq!(words(&entry), "Tried and was refused: looked at an appointment");
        let act = entry.logged.entry.as_mut().unwrap();
        (act.outcome, act.action) = (Outcome::Allowed, "paint_it_black".to_owned());
        assert_eq!(words(&entry), "Did “paint it black”");
        entry.logged.entry = None;
        assert_eq!(words(&entry), "Details were destroyed at the end of their time");
        assert_eq!(purpose(&details()), "for an appointment");
    }

    #[test]
    fn the_table_is_in_order_and_says_each_thing_once() {
        assert!(ACTS.is_sorted_by(|one, other| one.0 < other.0));
        assert_eq!(act_words("find_me"), Some("Looked at the account"));
    }
}
