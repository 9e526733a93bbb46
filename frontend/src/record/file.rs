//! The record as a file that can be checked without us: one JSON value a line. Every page of a service's log is followed
//! by the checkpoint that its proofs lead to. `docs/audit-format.md` says how to check one.

use serde_json::{Value, json};

use super::{Checked, Record};

/// The only format there is.
pub const FORMAT: &str = "hellomapper-trail/1";

/// The file's text: what was fetched of every service, the newest first.
pub fn ndjson(record: &Record) -> String {
    let lines = record.sources.iter().flat_map(|source| {
        let header = json!({ "trail": { "format": FORMAT, "service": source.service } });
        std::iter::once(header).chain(source.pages.iter().flat_map(page_lines))
    });
    lines.map(|line| format!("{line}\n")).collect()
}

fn page_lines(page: &Checked) -> impl Iterator<Item = Value> {
    let entries =
        page.trail.items.iter().map(|entry| json!({ "logged": entry.logged, "proof": entry.proof }));
    let checkpoint =
        page.trail.checkpoint.as_ref().map(|note| json!({ "checkpoint": note, "key": page.trail.key }));
    entries.chain(checkpoint)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use serde_json::Value;
    use transparency::entry::Logged;
    use yew::Reducible as _;

    use super::{super::RecordAction, FORMAT, Record, ndjson};
    use crate::record::tests::page;

    #[test]
    fn every_line_is_a_value_and_an_entry_is_the_one_that_was_sent() {
        let mut first = page(&[9, 5], None);
        first.trail.checkpoint = Some("a note\n".to_owned());
        let sent = first.trail.items[1].logged.clone();
        let record = Rc::new(Record::default()).reduce(RecordAction::Came("users", first));
        let text = ndjson(&record);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["trail"]["format"], FORMAT);
        assert_eq!(lines[0]["trail"]["service"], "users");
        let back: Logged = serde_json::from_value(lines[2]["logged"].clone()).unwrap();
        assert_eq!(back, sent);
        assert_eq!(lines[3]["checkpoint"], "a note\n");
        // Then a header for each of the others.
        assert_eq!(lines.len(), 4 + 4);
    }
}
