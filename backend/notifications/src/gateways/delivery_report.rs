//! What mail servers report of a letter that they took: a `multipart/report` with a part `message/delivery-status` (RFC 3464 and RFC
//! 6522, read 2026-11-28). All that is read is what was done and the code why; the rest says whom the letter was for. Parts are looked
//! at one level deep, since that is where a report has it: however much somebody packs into another, nothing is unpacked.

use mail_parser::{Message, MessageParser, MimeHeaders as _};

/// The code of RFC 3463, as `5.1.1`, with which a letter was given up; none where it was not: it is on its way, or arrived, or what came
/// is no report. A letter has one recipient, so whatever is reported is about it.
pub fn failed_with(mail: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(mail);
    let head = headers(&text)?;
    let kind = head.content_type().filter(|_| head.is_content_type("multipart", "report"))?;
    if !kind.attribute("report-type")?.eq_ignore_ascii_case("delivery-status") {
        return None;
    }
    let boundary = kind.attribute("boundary")?;
    let lines: Vec<&str> = text.lines().collect();
    // Before the first stands what old programs show.
    lines.split(|line| is_boundary(line, boundary)).skip(1).find_map(failed_of)
}

/// Reads the fields that a text begins with.
fn headers(text: &str) -> Option<Message<'_>> {
    MessageParser::new().parse_headers(text)
}

/// Between two parts, or behind the last (RFC 2046, 5.1.1).
fn is_boundary(line: &str, boundary: &str) -> bool {
    let rest = line.strip_prefix("--").and_then(|line| line.strip_prefix(boundary));
    rest.is_some_and(|rest| matches!(rest.trim_end(), "" | "--"))
}

/// The same of one part: its own fields, those about the message, and those about each recipient, with an empty line between them.
fn failed_of(part: &[&str]) -> Option<String> {
    let groups = part.split(|line| line.trim().is_empty());
    let groups: Vec<String> = groups.map(|group| group.join("\n") + "\n\n").collect();
    let (own, groups) = groups.split_first()?;
    let own = headers(own)?;
    // The second is that of addresses in any script (RFC 6533).
    let is_status = ["delivery-status", "global-delivery-status"];
    if !is_status.iter().any(|kind| own.is_content_type("message", kind)) {
        return None;
    }
    groups.iter().find_map(|group| {
        let fields = headers(group)?;
        let field = |name: &'static str| fields.header(name).and_then(|value| value.as_text());
        field("Action").filter(|action| action.eq_ignore_ascii_case("failed"))?;
        code(field("Status")?).map(str::to_owned)
    })
}

/// The code alone, of what may have a comment behind it: it is kept and shown, so it is three numbers and nothing else. Those that say
/// that it arrived are none of why it did not.
fn code(status: &str) -> Option<&str> {
    let code = status.split(|letter: char| letter.is_whitespace() || letter == '(').next()?;
    let numbers: Vec<&str> = code.split('.').collect();
    let [class, subject, detail] = numbers.as_slice() else { return None };
    (matches!(*class, "4" | "5") && is_number(subject) && is_number(detail)).then_some(code)
}

fn is_number(part: &str) -> bool {
    (1..=3).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::failed_with;

    /// As Postfix writes it, in short.
    fn report(action: &str, status: &str) -> String {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.example (Mail Delivery System)\r\n\
             Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"a=_b/c\"\r\n\r\n\
             This is a MIME-encapsulated message.\r\n\r\n--a=_b/c\r\nContent-Type: text/plain\r\n\r\n\
             I am sorry: <ada@example.org>\r\nAction: failed\r\nStatus: 5.9.9\r\n\r\n\
             --a=_b/c\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mail.example\r\nArrival-Date: Sat, 28 Nov 2026 00:00:00 +0000\r\n\r\n\
             Final-Recipient: rfc822; ada@example.org\r\nOriginal-Recipient: rfc822;ada@example.org\r\n\
             Action: {action}\r\nStatus: {status}\r\nRemote-MTA: dns; mx.example.org\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>\r\n    Status: 5.7.7 User unknown\r\n\r\n\
             --a=_b/c\r\nContent-Type: message/rfc822\r\n\r\nSubject: Appointment confirmed\r\n\r\nHello Ada\r\n\r\n\
             --a=_b/c--\r\n"
        )
    }

    #[test]
    fn a_letter_that_was_given_up_says_with_which_code() {
        for (action, status, code) in [
            ("failed", "5.1.1", Some("5.1.1")),
            ("Failed", "5.2.2 (mailbox full)", Some("5.2.2")),
            ("failed", "4.4.7", Some("4.4.7")),
            ("delayed", "4.4.1", None),
            ("relayed", "2.0.0", None),
            ("delivered", "2.0.0", None),
            ("expanded", "2.0.0", None),
            ("failed", "2.0.0", None),
            ("failed", "5.1", None),
            ("failed", "5.1.1.1", None),
            ("failed", "5.ada@example.org.1", None),
            ("failed", "", None),
        ] {
            assert_eq!(failed_with(report(action, status).as_bytes()).as_deref(), code, "{action} {status}");
        }
        let unix = report("failed", "5.1.1").replace("\r\n", "\n");
        assert_eq!(failed_with(unix.as_bytes()).as_deref(), Some("5.1.1"));
    }

    #[test]
    fn what_is_no_report_says_nothing() {
        let whole = report("failed", "5.1.1");
        for other in [
            String::new(),
            "Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n".to_owned(),
            whole.replace("multipart/report", "multipart/mixed"),
            whole.replace("report-type=delivery-status", "report-type=disposition-notification"),
            whole.replace("boundary=\"a=_b/c\"", "boundary=other"),
            whole.replace("message/delivery-status", "text/plain"),
            whole.split("Final-Recipient").next().unwrap().to_owned(),
        ] {
            assert_eq!(failed_with(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn what_is_packed_without_end_or_no_text_at_all_is_read_and_nothing_is_unpacked() {
        let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(20_000);
        assert_eq!(failed_with(deep.as_bytes()), None);
        let within = report("failed", "5.1.1").replace("Hello Ada", &deep);
        assert_eq!(failed_with(within.as_bytes()).as_deref(), Some("5.1.1"));
        assert_eq!(failed_with(&[0xFF; 4096]), None);
    }
}
