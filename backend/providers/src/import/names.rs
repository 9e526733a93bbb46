//! What people and practices are called, and how to reach them.

use jiff::civil::Time;
use serde_json::Value;
use shared_types::providers::OpeningHours;

use super::json::{absent_reason, clean, elements, text};

/// A person's name as it is listed: given names and family name, without titles, which the law protects. `None`
/// when the directory names nobody.
pub(super) fn person(practitioner: &Value) -> Option<String> {
    let names = elements(practitioner, "", "name");
    let used = |usage: &str| names.iter().find(|(_, name)| text(name, "use").as_deref() == Some(usage));
    let any = || names.iter().find(|(_, name)| text(name, "use").is_none_or(|usage| usage != "old"));
    let (_, name) = used("official").or_else(|| used("usual")).or_else(any)?;
    let Some(family) = text(name, "family") else {
        return text(name, "text");
    };
    let given = name.get("given").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let given = given.iter().filter_map(Value::as_str).filter_map(clean);
    // Two capitals are initials and stay.
    let given = given.map(|name| if name.chars().count() > 2 { calm(&name) } else { name });
    Some(given.chain([calm(&family)]).collect::<Vec<_>>().join(" "))
}

/// What to write where a name is needed and the directory keeps it back or has none.
pub(super) fn stand_in(element: Option<&Value>) -> &'static str {
    match element.and_then(absent_reason) {
        Some("masked") => "Name withheld",
        _ => "Name not given",
    }
}

/// `O'DONNELL-MCLEOD` as `O'Donnell-McLeod`; names that are not all capitals stay as they are.
fn calm(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut calm = String::with_capacity(name.len());
    let mut at_start = true;
    for letter in name.chars() {
        if at_start {
            calm.push(letter)
        } else {
            calm.extend(letter.to_lowercase())
        }
        at_start = !letter.is_alphanumeric();
        // `McLeod`, but not `Mc` alone.
        at_start |=
            calm.ends_with("Mc") && calm.chars().rev().nth(2).is_none_or(|before| !before.is_alphanumeric());
    }
    calm
}

/// The way to reach somebody by `system` (`phone`, `email`, `url`) that its owner ranks first.
pub(super) fn contact(resource: &Value, system: &str) -> Option<String> {
    let telecom = elements(resource, "", "telecom");
    let fitting = telecom.iter().filter(|(_, point)| {
        text(point, "system").as_deref() == Some(system)
            && text(point, "use").is_none_or(|usage| usage != "old")
    });
    let rank = |point: &Value| point.get("rank").and_then(Value::as_u64).unwrap_or(u64::MAX);
    let (_, first) = fitting.min_by_key(|(_, point)| rank(point))?;
    text(first, "value")
}

/// An e-mail address that looks like one.
pub(super) fn email(resource: &Value) -> Option<String> {
    contact(resource, "email").filter(|email| email.contains('@') && !email.contains(' '))
}

/// A web address that a browser opens as a page.
pub(super) fn website(resource: &Value) -> Option<String> {
    contact(resource, "url").filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}

/// A place's hours. What cannot be read is left out: no hours are better than wrong ones.
pub(super) fn opening_hours(location: &Value) -> Vec<OpeningHours> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut hours = Vec::new();
    for (_, row) in elements(location, "", "hoursOfOperation") {
        let all_day = row.get("allDay").and_then(Value::as_bool).unwrap_or_default();
        let time = |name: &str| text(row, name).and_then(|time| time.parse::<Time>().ok());
        let span = if all_day {
            Some((Time::MIN, Time::constant(23, 59, 0, 0)))
        } else {
            time("openingTime").zip(time("closingTime"))
        };
        let Some((opens, closes)) = span.filter(|(opens, closes)| opens < closes) else { continue };
        let days = row.get("daysOfWeek").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for day in days.iter().filter_map(Value::as_str) {
            if let Some(weekday) = (1_i8..).zip(DAYS).find(|(_, code)| *code == day).map(|(number, _)| number)
            {
                hours.push(OpeningHours { weekday, opens, closes });
            }
        }
    }
    hours.sort_by_key(|hours| (hours.weekday, hours.opens));
    hours
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{contact, opening_hours, person, stand_in, website};

    #[test]
    fn people_are_listed_by_their_names_and_without_titles() {
        for (given, listed) in [
            (json!([{"family": "O'DONNELL", "given": ["Xuan"], "prefix": ["Dr."]}]), Some("Xuan O'Donnell")),
            (json!([{"family": "MCLEOD-SMITH", "given": ["AJ", "MARY"]}]), Some("AJ Mary McLeod-Smith")),
            (json!([{"family": "van der Berg", "given": ["Jo"]}]), Some("Jo van der Berg")),
            (json!([{"family": "DE LA CRUZ"}]), Some("De La Cruz")),
            (json!([{"text": "Jill Bradley"}]), Some("Jill Bradley")),
            (json!([{"family": "Old", "use": "old"}, {"family": "Usual", "use": "usual"}]), Some("Usual")),
            (
                json!([{"family": "Usual", "use": "usual"}, {"family": "Full", "use": "official"}]),
                Some("Full"),
            ),
            (json!([{"_family": {"extension": []}}]), None),
            (json!([]), None),
        ] {
            assert_eq!(person(&json!({ "name": given })).as_deref(), listed, "{given}");
        }
    }

    #[test]
    fn a_name_kept_back_is_said_to_be_kept_back() {
        let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
        assert_eq!(
            stand_in(Some(&json!({"extension": [{"url": url, "valueCode": "masked"}]}))),
            "Name withheld"
        );
        assert_eq!(stand_in(Some(&json!({}))), "Name not given");
        assert_eq!(stand_in(None), "Name not given");
    }

    #[test]
    fn the_first_ranked_contact_in_use_is_taken() {
        let resource = json!({"telecom": [
            {"system": "fax", "value": "1"},
            {"system": "phone", "value": "2", "use": "old"},
            {"system": "phone", "value": "3"},
            {"system": "phone", "value": "4", "rank": 1},
            {"system": "url", "value": "javascript:alert(1)"},
        ]});
        assert_eq!(contact(&resource, "phone").as_deref(), Some("4"));
        assert_eq!(contact(&resource, "email"), None);
        assert_eq!(website(&resource), None);
    }

    #[test]
    fn hours_are_kept_by_day_and_nonsense_is_not() {
        let location = json!({"hoursOfOperation": [
            {"daysOfWeek": ["tue", "mon"], "openingTime": "09:00:00", "closingTime": "17:30:00"},
            {"daysOfWeek": ["sun"], "allDay": true},
            {"daysOfWeek": ["sat"], "openingTime": "17:00:00", "closingTime": "09:00:00"},
            {"daysOfWeek": ["someday"], "openingTime": "09:00:00", "closingTime": "10:00:00"},
            {"daysOfWeek": ["fri"], "openingTime": "nine", "closingTime": "10:00:00"},
        ]});
        let hours = opening_hours(&location);
        assert_eq!(hours.iter().map(|hours| hours.weekday).collect::<Vec<_>>(), [1, 2, 7]);
        assert_eq!(hours[0].closes.to_string(), "17:30:00");
    }
}
