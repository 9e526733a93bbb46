//! Reading FHIR JSON with care: what has the wrong shape is refused by name, and no text enters a column uncleaned.

use serde_json::Value;

use super::Refusal;

/// The longest text kept, in characters.
const MAX_TEXT: usize = 500;

/// A text fit for a column: no control characters, single spaces, at most 500 characters; `None` when nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let single = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = single.chars().take(MAX_TEXT).collect();
    if cut.is_empty() { None } else { Some(cut) }
}

/// A member that should be text.
pub(super) fn string(parent: &Value, name: &str) -> Result<Option<String>, Refusal> {
    match parent.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(clean(text)),
        Some(other) => Err(Refusal::new(format!("/{name}"), format!("expected text, found {}", kind(other)))),
    }
}

/// A member that should be true or false.
pub(super) fn boolean(parent: &Value, name: &str) -> Result<Option<bool>, Refusal> {
    match parent.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(other) => {
            Err(Refusal::new(format!("/{name}"), format!("expected true or false, found {}", kind(other))))
        }
    }
}

/// A member's text where anything else counts as absent.
pub(super) fn text(parent: &Value, name: &str) -> Option<String> {
    parent.get(name).and_then(Value::as_str).and_then(clean)
}

/// The elements of a repeating member with their pointers; a lone object counts as a list of one.
pub(super) fn elements<'v>(parent: &'v Value, pointer: &str, name: &str) -> Vec<(String, &'v Value)> {
    match parent.get(name) {
        Some(Value::Array(items)) => {
            items.iter().enumerate().map(|(i, item)| (format!("{pointer}/{name}/{i}"), item)).collect()
        }
        Some(item @ Value::Object(_)) => vec![(format!("{pointer}/{name}"), item)],
        _ => Vec::new(),
    }
}

/// Why a primitive is absent, when the data-absent-reason extension says so.
pub(super) fn absent_reason(element: &Value) -> Option<&str> {
    element.get("extension")?.as_array()?.iter().find_map(|extension| {
        let url = extension.get("url")?.as_str()?;
        if url.ends_with("/data-absent-reason") { extension.get("valueCode")?.as_str() } else { None }
    })
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{absent_reason, boolean, clean, elements, string};

    #[test]
    fn text_is_cleaned_before_it_is_kept() {
        for (given, kept) in
            [("  Renal  Unit \n", Some("Renal Unit")), ("a\u{0}b", Some("a b")), (" \t ", None), ("", None)]
        {
            assert_eq!(clean(given).as_deref(), kept, "{given:?}");
        }
        assert_eq!(clean(&"é".repeat(600)).unwrap().chars().count(), 500);
    }

    #[test]
    fn wrong_shapes_are_refused_by_name() {
        let value = json!({"name": 5, "active": "yes"});
        assert_eq!(string(&value, "name").unwrap_err().pointer, "/name");
        assert_eq!(boolean(&value, "active").unwrap_err().reason, "expected true or false, found text");
        assert_eq!(string(&value, "alias").unwrap(), None);
    }

    #[test]
    fn elements_know_where_they_are() {
        let value = json!({"location": [{"a": 1}, {"a": 2}], "address": {"city": "Perth"}});
        let pointers = |name| elements(&value, "", name).into_iter().map(|(p, _)| p).collect::<Vec<_>>();
        assert_eq!(pointers("location"), ["/location/0", "/location/1"]);
        assert_eq!(pointers("address"), ["/address"]);
        assert!(pointers("telecom").is_empty());
    }

    #[test]
    fn an_absent_value_may_say_why() {
        let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
        let element = json!({"extension": [{"url": url, "valueCode": "masked"}]});
        assert_eq!(absent_reason(&element), Some("masked"));
        assert_eq!(absent_reason(&json!({})), None);
    }
}
