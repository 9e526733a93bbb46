//! An assignment as a page that can be kept: the exact text that was agreed to, its hash, when and how.

use std::fmt::Write as _;

use kernel::MediaType;
use shared_types::{
    Zone,
    payments::assignment::{Assignment, AssignmentMethod, AssignmentStatus},
    time::{clock_words, long_date},
};

/// A page.
pub struct Html;

impl MediaType for Html {
    const NAME: &'static str = "text/html; charset=utf-8";
}

/// The page. It has no script and nothing that is fetched.
pub fn page(assignment: &Assignment) -> String {
    let mut facts = String::new();
    let mut fact = |name: &str, value: &str| {
        // Writing into a String does not fail.
        let _ = writeln!(facts, "<dt>{name}</dt><dd>{}</dd>", escaped(value));
    };
    fact("State", status_words(assignment.status));
    fact("Made", method_words(assignment.method));
    if let Some(at) = assignment.assigned_at {
        let (day, time) = (long_date(Zone::SYDNEY.date(at)), clock_words(Zone::SYDNEY.time(at)));
        fact("Agreed", &format!("{day}, {time} (Sydney)"));
    }
    if let Some(last) = assignment.expires_on {
        fact("Last day", &long_date(last));
    }
    fact("Number", &assignment.assignment_id.to_string());
    fact("SHA-256 of the text below", &assignment.document_sha256);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-AU\"><head><meta charset=\"utf-8\"><title>Bulk-bill agreement</title></head>\n\
         <body><main><h1>Bulk-bill agreement</h1>\n<dl>\n{facts}</dl>\n<h2>What was agreed to</h2>\n<pre>{}</pre>\n\
         </main></body></html>\n",
        escaped(&assignment.document.to_text())
    )
}

fn status_words(status: AssignmentStatus) -> &'static str {
    match status {
        AssignmentStatus::Offered => "Not answered yet",
        AssignmentStatus::DeliveryFailed => "The letter did not arrive",
        AssignmentStatus::Expired => "Not answered in time",
        AssignmentStatus::Declined => "Not agreed to",
        AssignmentStatus::Assigned => "Agreed to",
        AssignmentStatus::Withdrawn => "Withdrawn",
        AssignmentStatus::Superseded => "Another agreement has taken its place",
        AssignmentStatus::Void => "Void: it was made by mistake, or the visit did not take place",
        AssignmentStatus::ReliedOn => "Agreed to, and a claim was made on it",
    }
}

fn method_words(method: AssignmentMethod) -> &'static str {
    match method {
        AssignmentMethod::Electronic => "Electronically",
        AssignmentMethod::Paper => "On paper",
        AssignmentMethod::Verbal => "By word of mouth",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
