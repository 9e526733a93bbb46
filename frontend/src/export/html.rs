//! The file for people: one page that needs nothing else, runs nothing and fetches nothing. Everything in it that was not
//! written here is escaped.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::Value;
use shared_types::{
    export::{DataExport, ExportPart},
    users::{NoteAuthor, SealedNote},
    vault::{NoteContent, OpenedNote},
};

use super::{Gathered, Messages};
use crate::{
    account::vault_problem,
    components::moment::moment_words,
    forms::files::{decoded_len, size_words},
    record::words::service_name,
};

/// Large type, one column, and a policy of its own that admits no script, should any ever get in.
const HEAD: &str = "<!doctype html>\n<html lang=\"en-AU\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
    <title>What HelloMapper holds about me</title>\n\
    <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}\
    dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.25rem 1rem;border-top:1px solid;padding-top:.5rem}\
    dt{font-weight:600}dd{margin:0}.held{color:#555}</style>\n</head>\n<body>\n";

/// The page.
pub fn page(gathered: &Gathered, made_at: Timestamp) -> String {
    let mut html = HEAD.to_owned();
    let _ = writeln!(html, "<h1>What HelloMapper holds about me</h1>\n<p>Gathered on {}.</p>", when(made_at));
    missing(&mut html, gathered);
    for service in &gathered.services {
        service_section(&mut html, service);
    }
    if !gathered.messages.is_empty() {
        html.push_str("<h2>Sealed messages</h2>\n");
        gathered.messages.iter().for_each(|messages| messages_section(&mut html, messages));
    }
    html.push_str("</body>\n</html>\n");
    html
}

fn missing(html: &mut String, gathered: &Gathered) {
    if gathered.missing.is_empty() {
        return;
    }
    html.push_str("<h2>What is missing</h2>\n<ul>\n");
    for (what, why) in &gathered.missing {
        let _ = writeln!(html, "<li>{}: {}</li>", escaped(what), escaped(why));
    }
    html.push_str("</ul>\n");
}

fn service_section(html: &mut String, service: &DataExport) {
    let _ = writeln!(html, "<h2>{}</h2>", service_name(&service.service));
    for part in &service.parts {
        part_section(html, part);
    }
}

fn part_section(html: &mut String, part: &ExportPart) {
    let _ =
        writeln!(html, "<h3>{}</h3>\n<p class=\"held\">{}</p>", escaped(&part.title), escaped(&part.held));
    if part.rows.is_empty() {
        html.push_str("<p>Nothing.</p>\n");
    }
    for row in &part.rows {
        html.push_str("<dl>\n");
        match row {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| pair(html, name, value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                pair(html, "value", row);
            }
        }
        html.push_str("</dl>\n");
    }
}

fn pair(html: &mut String, name: &str, value: &Value) {
    let text = match value {
        Value::Null => return,
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    let _ = writeln!(html, "<dt>{}</dt><dd>{}</dd>", escaped(&name.replace('_', " ")), escaped(&text));
}

fn messages_section(html: &mut String, messages: &Messages) {
    let _ = writeln!(html, "<h3>Booking {}</h3>", messages.booking_id);
    for (sealed, opened) in &messages.notes {
        let (who, when) = (author(sealed, opened), when(sealed.created_at));
        let _ = writeln!(html, "<h4>{who}, {when}</h4>");
        match &opened.content {
            Ok(content) => said(html, content),
            Err(why) => {
                let why = vault_problem(*why).detail.unwrap_or_default();
                let _ = writeln!(html, "<p>This could not be opened. {}</p>", escaped(&why));
            }
        }
    }
}

fn author(sealed: &SealedNote, opened: &OpenedNote) -> &'static str {
    match sealed.author {
        NoteAuthor::Guest => "Written when booking without an account",
        NoteAuthor::Patient { .. } if opened.own => "You, or somebody who acts for you",
        NoteAuthor::Patient { .. } => "Somebody who acts for you",
        NoteAuthor::Practice { .. } => "The practice",
    }
}

fn said(html: &mut String, content: &NoteContent) {
    match content {
        NoteContent::Reason { text } | NoteContent::Message { text } | NoteContent::Feedback { text } => {
            let _ = writeln!(html, "<p>{}</p>", escaped(text.expose()).replace('\n', "<br>"));
        }
        NoteContent::IntakeAnswers { answers } => {
            html.push_str("<dl>\n");
            for one in answers {
                let question = escaped(one.question.expose());
                let answer = escaped(one.answer.expose()).replace('\n', "<br>");
                let _ = writeln!(html, "<dt>{question}</dt><dd>{answer}</dd>");
            }
            html.push_str("</dl>\n");
        }
        NoteContent::Attachment { file_name, bytes, .. } => {
            let size = size_words(decoded_len(bytes.expose()));
            let name = escaped(file_name.expose());
            let _ = writeln!(html, "<p>A file: {name}, {size}. It is in the file for machines.</p>");
        }
    }
}

fn when(at: Timestamp) -> String {
    moment_words(at, None)
}

/// Text that can stand between tags and within quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escaped, page};
    use crate::export::tests::gathered;

    #[test]
    fn the_page_says_everything_and_runs_nothing() {
        let html = page(&gathered(), "2026-11-26T00:00:00Z".parse().unwrap());
        for part in [
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "<dt>date of birth</dt><dd>1980-02-29</dd>",
            "a &lt; b &amp; c",
            "This could not be opened.",
            "<li>Messages: We could not reach HelloMapper</li>",
            "Until &lt;you&gt; say so.",
            "<p>Nothing.</p>",
            "default-src 'none'",
        ] {
            assert!(html.contains(part), "{part:?} not in {html}");
        }
        for refused in ["<script", "http://", "https://", " src=", " href=", " onerror="] {
            assert!(!html.contains(refused), "{refused:?} in {html}");
        }
    }

    #[test]
    fn nothing_leaves_its_place() {
        assert_eq!(escaped("</title>\"'<&"), "&lt;/title&gt;&quot;&#39;&lt;&amp;");
    }
}
