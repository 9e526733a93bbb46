//! One JSON document: a resource, or a Bundle whose entries are handed on one by one, so that a Bundle of any size
//! needs the memory of its largest entry.

use std::{
    cell::{Cell, RefCell},
    fmt,
    io::{self, Read},
};

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, error::Category, value::RawValue};

/// The largest resource, Bundle entry or NDJSON line. Directory resources are a few kilobytes.
pub(super) const MAX_RESOURCE_BYTES: u64 = 16 * 1024 * 1024;

/// What a document is made of. `index` counts the entries of a Bundle from 0.
#[derive(Debug, PartialEq)]
pub(super) enum Element {
    Resource { index: Option<usize>, full_url: Option<String>, value: Value },
    Refused { index: usize, pointer: &'static str, reason: String },
}

/// Hands on the elements of a document until `emit` says that nobody listens any more.
///
/// # Errors
/// What is wrong with the document as a whole, continuing a sentence that begins with its name.
pub(super) fn read_document(reader: impl Read, emit: &mut dyn FnMut(Element) -> bool) -> Result<(), String> {
    let left = Cell::new(MAX_RESOURCE_BYTES);
    let walk = Walk {
        left: &left,
        emit: RefCell::new(emit),
        fault: RefCell::new(None),
        entry: Cell::new(None),
        stopped: Cell::new(false),
    };
    let mut deserializer = serde_json::Deserializer::from_reader(Metered { reader, left: &left });
    let read = deserializer.deserialize_any(DocumentVisitor(&walk)).and_then(|()| deserializer.end());
    match read {
        Ok(()) => Ok(()),
        Err(_) if walk.stopped.get() => Ok(()),
        Err(error) => Err(walk.fault.take().unwrap_or_else(|| match walk.entry.get() {
            Some(index) => format!("{} (it happens in entry[{index}])", explain(&error)),
            None => explain(&error),
        })),
    }
}

/// What is wrong with some JSON, continuing a sentence, with a way out.
pub(super) fn explain(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        Category::Eof => format!("ends in the middle, at {place}: it seems cut off, so get it again"),
        Category::Io if words.contains(OVER_LIMIT) => {
            "has a resource of more than 16 MB: no directory resource is that large".to_owned()
        }
        Category::Io => format!("could not be read to its end: {words}"),
        Category::Syntax if words.contains("recursion limit") => {
            format!("is nested more than 128 levels deep at {place}: no directory resource is")
        }
        Category::Syntax if words.contains("invalid unicode") => {
            format!("is not UTF-8 before {place}: save it as UTF-8 and try again")
        }
        Category::Syntax if words.contains("trailing characters") => {
            format!("goes on after its end, at {place}: if it is NDJSON, each resource must be on one line")
        }
        Category::Syntax | Category::Data => format!("is not valid JSON at {place}: {words}"),
    }
}

const OVER_LIMIT: &str = "resource over the limit";

/// Counts down while it is read; whoever reads the next element fills the allowance up again.
struct Metered<'a, R> {
    reader: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        let left = self.left.get().checked_sub(bytes).ok_or_else(|| io::Error::other(OVER_LIMIT))?;
        self.left.set(left);
        Ok(read)
    }
}

struct Walk<'a> {
    left: &'a Cell<u64>,
    emit: RefCell<&'a mut dyn FnMut(Element) -> bool>,
    fault: RefCell<Option<String>>,
    entry: Cell<Option<usize>>,
    stopped: Cell<bool>,
}

impl Walk<'_> {
    fn emit<E: serde::de::Error>(&self, element: Element) -> Result<(), E> {
        if (*self.emit.borrow_mut())(element) {
            return Ok(());
        }
        self.stopped.set(true);
        Err(E::custom("nobody listens"))
    }

    fn fault<E: serde::de::Error>(&self, reason: String) -> E {
        self.fault.replace(Some(reason));
        E::custom("a fault of the document")
    }
}

#[derive(Clone, Copy)]
struct DocumentVisitor<'w, 'a>(&'w Walk<'a>);

impl<'de> Visitor<'de> for DocumentVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FHIR resource or Bundle")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let walk = self.0;
        let mut members = Map::new();
        let mut streamed = false;
        while let Some(name) = map.next_key::<String>()? {
            let resource_type = members.get("resourceType").and_then(Value::as_str);
            match (resource_type, name.as_str()) {
                (None | Some("Bundle"), "entry") => {
                    if members.contains_key("type") && resource_type.is_some() {
                        check_bundle_type(&members).map_err(|reason| walk.fault::<A::Error>(reason))?;
                    }
                    map.next_value_seed(Entries(walk))?;
                    walk.left.set(MAX_RESOURCE_BYTES);
                    streamed = true;
                }
                (Some("Bundle"), other) if other != "type" => {
                    walk.left.set(u64::MAX);
                    map.next_value::<IgnoredAny>()?;
                    walk.left.set(MAX_RESOURCE_BYTES);
                }
                _ => {
                    let value = map.next_value()?;
                    members.insert(name, value);
                }
            }
        }
        match members.get("resourceType").and_then(Value::as_str) {
            Some("Bundle") => check_bundle_type(&members).map_err(|reason| walk.fault(reason)),
            Some(other) if streamed => {
                Err(walk.fault(format!("is a {other} and not a Bundle, yet it has entries")))
            }
            None if streamed => Err(walk.fault("has no resourceType, so it is no FHIR Bundle".to_owned())),
            _ => walk.emit(Element::Resource { index: None, full_url: None, value: Value::Object(members) }),
        }
    }
}

/// Bundles that are collections of resources; a message or a document says something else with them.
fn check_bundle_type(members: &Map<String, Value>) -> Result<(), String> {
    match members.get("type").and_then(Value::as_str) {
        Some("collection" | "searchset" | "batch" | "transaction") => Ok(()),
        Some(other) => Err(format!(
            "is a Bundle of type {:?}; a directory comes in one of type collection, searchset, batch or transaction",
            other.chars().take(40).collect::<String>()
        )),
        None => {
            Err("is a Bundle without a type; it should be collection, searchset, batch or transaction"
                .to_owned())
        }
    }
}

#[derive(Clone, Copy)]
struct Entries<'w, 'a>(&'w Walk<'a>);

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list of a Bundle's entries")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        for index in 0.. {
            self.0.left.set(MAX_RESOURCE_BYTES);
            self.0.entry.set(Some(index));
            // As text first, so that an entry that cannot be read is refused alone.
            let Some(raw) = entries.next_element::<Box<RawValue>>()? else { break };
            if let Some(element) = element(index, &raw) {
                self.0.emit(element)?;
            }
        }
        self.0.entry.set(None);
        Ok(())
    }
}

/// An entry's resource; `None` for a search's remarks about itself.
fn element(index: usize, raw: &RawValue) -> Option<Element> {
    let refused = |pointer, reason: String| Some(Element::Refused { index, pointer, reason });
    let mut entry: Value = match serde_json::from_str(raw.get()) {
        Ok(entry) => entry,
        Err(error) => return refused("", explain(&error)),
    };
    if entry.pointer("/search/mode").and_then(Value::as_str) == Some("outcome") {
        return None;
    }
    let full_url = entry.get("fullUrl").and_then(Value::as_str).map(str::to_owned);
    match entry.get_mut("resource").map(Value::take) {
        Some(value) => Some(Element::Resource { index: Some(index), full_url, value }),
        None if entry.pointer("/request/method").and_then(Value::as_str) == Some("DELETE") => refused(
            "/request/method",
            "an import does not delete; send the resource with active false".to_owned(),
        ),
        None => refused("/resource", "the entry has no resource".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, MAX_RESOURCE_BYTES, read_document};

    fn read(text: &[u8]) -> (Vec<Element>, Result<(), String>) {
        let mut elements = Vec::new();
        let result = read_document(text, &mut |element| {
            elements.push(element);
            true
        });
        (elements, result)
    }

    #[track_caller]
    fn check_fault(text: &[u8], words: &str) {
        let fault = read(text).1.unwrap_err();
        assert!(fault.contains(words), "{fault}");
    }

    #[test]
    fn a_bundle_is_taken_apart_whatever_the_order_of_its_members() {
        for text in [
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:a","resource":{"id":"x"}}]}"#,
            r#"{"entry":[{"resource":{"id":"x"},"fullUrl":"urn:uuid:a"}],"total":1,"type":"searchset","resourceType":"Bundle"}"#,
            r#"{"link":[{"url":"u"}],"resourceType":"Bundle","meta":{},"entry":[{"fullUrl":"urn:uuid:a","resource":{"id":"x"}},
               {"search":{"mode":"outcome"},"resource":{"resourceType":"OperationOutcome"}}],"type":"batch"}"#,
        ] {
            let (elements, result) = read(text.as_bytes());
            assert_eq!(result, Ok(()));
            assert!(matches!(
                elements.as_slice(),
                [Element::Resource { index: Some(0), full_url: Some(url), value }] if url == "urn:uuid:a" && value["id"] == "x"
            ));
        }
    }

    #[test]
    fn a_resource_alone_is_one_element() {
        let (elements, result) = read(br#"{"id":"x","resourceType":"Organization"}"#);
        assert_eq!(result, Ok(()));
        assert!(matches!(elements.as_slice(), [Element::Resource { index: None, .. }]));
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_refused_alone() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let text = format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{{"a":{deep}}}}},{{"request":{{"method":"DELETE"}}}},{{}},{{"resource":{{"id":"x"}}}}]}}"#
        );
        let (elements, result) = read(text.as_bytes());
        assert_eq!(result, Ok(()));
        let refused: Vec<_> = elements
            .iter()
            .filter_map(|element| match element {
                Element::Refused { index, pointer, reason } => Some((*index, *pointer, reason.as_str())),
                Element::Resource { .. } => None,
            })
            .collect();
        assert_eq!(refused.len(), 3);
        assert!(refused[0].2.contains("128 levels"), "{}", refused[0].2);
        assert_eq!((refused[1].1, refused[2].1), ("/request/method", "/resource"));
        assert!(matches!(elements[3], Element::Resource { index: Some(3), .. }));
    }

    #[test]
    fn faults_of_the_whole_say_what_and_what_to_do() {
        check_fault(br#"{"resourceType":"Bundle","type":"message","entry":[]}"#, "type \"message\"");
        check_fault(br#"{"resourceType":"Bundle","entry":[]}"#, "without a type");
        check_fault(br#"{"entry":[],"resourceType":"List"}"#, "is a List and not a Bundle");
        check_fault(br#"{"entry":[]}"#, "no resourceType");
        check_fault(br#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"#, "cut off");
        check_fault(br#"{"resourceType":"#, "cut off");
        check_fault(br#"{"resourceType":"Organization"} {}"#, "on one line");
        check_fault(br#"{"resourceType":"Organization",}"#, "not valid JSON");
        check_fault(b"{\"resourceType\":\"Organization\",\"name\":\"\xff\"}", "not UTF-8");
        check_fault(br#"7"#, "a FHIR resource or Bundle");
        let deep = format!(r#"{{"a":{}"#, "[".repeat(200));
        check_fault(deep.as_bytes(), "128 levels");
    }

    #[test]
    fn a_huge_entry_is_not_read_to_its_end() {
        let filler = "x".repeat(usize::try_from(MAX_RESOURCE_BYTES).unwrap());
        let text = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"a":"{filler}"}}]}}"#);
        check_fault(text.as_bytes(), "more than 16 MB");
    }

    #[test]
    fn a_listener_may_leave() {
        let text = br#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{}},{"resource":{}}]}"#;
        let mut heard = 0;
        let result = read_document(&text[..], &mut |_| {
            heard += 1;
            false
        });
        assert_eq!((result, heard), (Ok(()), 1));
    }
}
