//! A message in the form that mail travels in.

use std::time::SystemTime;

use lettre::{
    Address, Message,
    message::{
        Attachment, Body, Mailbox, MessageBuilder, MultiPart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use super::mail::{Letter, MailError};

/// Text and HTML as alternatives, and the calendar file beside them.
///
/// The recipient's name is left out of the headers: an address is enough, and what is not there cannot be forged.
pub fn mime(letter: &Letter, from: &Mailbox) -> Result<Message, MailError> {
    let content = letter.content.expose();
    let recipient: Address = letter.recipient.expose().parse().map_err(|_| MailError::Address)?;
    // RFC 3834: keeps "out of office" replies away.
    let automatic =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, recipient))
        .subject(content.subject.as_str())
        .date(SystemTime::from(letter.written_at))
        .message_id(Some(format!("<{}@{}>", letter.message_id, from.email.domain())))
        .raw_header(automatic);
    let builder = unsubscribing(letter).into_iter().fold(builder, MessageBuilder::raw_header);
    let words = MultiPart::alternative_plain_html(ascii(&content.body_text)?, ascii(&content.body_html)?);
    let body = match &content.calendar {
        None => words,
        Some(calendar) => {
            let kind = format!("text/calendar; charset=utf-8; method={}", calendar.method);
            let kind = ContentType::parse(&kind).map_err(|_| MailError::Compose)?;
            let file = Attachment::new("appointment.ics".to_owned()).body(ascii(&calendar.file)?, kind);
            MultiPart::mixed().multipart(words).singlepart(file)
        }
    };
    builder.multipart(body).map_err(|_| MailError::Compose)
}

/// One press in a mail program stops what is not a service message (RFC 8058).
fn unsubscribing(letter: &Letter) -> Vec<HeaderValue> {
    let Some(link) = &letter.unsubscribe else { return Vec::new() };
    let header = |name: &'static str, value: String| {
        // As it is, on one line: it is our own address and a secret's digits, and nothing that somebody wrote.
        HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
    };
    vec![
        header("List-Unsubscribe", format!("<{}>", link.expose())),
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
    ]
}

/// Names have letters that not every mail server carries (RFC 6152 is optional): quoted-printable needs none of them.
fn ascii(text: &str) -> Result<Body, MailError> {
    Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| MailError::Compose)
}

#[cfg(test)]
mod tests {
    use shared_types::personal::Personal;
    use uuid::Uuid;

    use super::{Letter, MailError, mime};
    use crate::domain::message::{Calendar, Content};

    fn letter(recipient: &str, subject: &str) -> Letter {
        Letter {
            message_id: Uuid::from_u128(7).into(),
            recipient: recipient.to_owned().into(),
            content: Personal::new(Content {
                subject: subject.to_owned(),
                body_text: "Hello Ada".to_owned(),
                body_html: "<p>Hello Ada</p>".to_owned(),
                calendar: Some(Calendar {
                    method: "PUBLISH".to_owned(),
                    file: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_owned(),
                }),
            }),
            unsubscribe: None,
            written_at: "2026-11-22T00:00:00Z".parse().unwrap(),
            attempt: 1,
        }
    }

    fn written(recipient: &str, subject: &str) -> Result<String, MailError> {
        let from = "HelloMapper <no-reply@example.org>".parse().unwrap();
        mime(&letter(recipient, subject), &from)
            .map(|message| String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_message_has_words_twice_and_a_calendar_file() {
        let text = written("ada@example.org", "Appointment confirmed").unwrap();
        for part in [
            "Message-ID: <00000000-0000-0000-0000-000000000007@example.org>\r\n",
            "Date: Sun, 22 Nov 2026 00:00:00 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "To: ada@example.org\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
            "method=PUBLISH",
            "filename=\"appointment.ics\"",
            "Hello Ada",
        ] {
            assert!(text.contains(part), "{part:?} is missing:\n{text}");
        }
    }

    /// RFC 8058, and C-50: service messages have no such header.
    #[test]
    fn what_is_no_service_message_can_be_unsubscribed_with_one_press() {
        let link =
            "https://hellomapper.example/api/v1/notifications/unsubscribe/0123456789abcdef0123456789abcdef";
        let letter =
            Letter { unsubscribe: Some(link.to_owned().into()), ..letter("ada@example.org", "Reminder") };
        let message = mime(&letter, &"HelloMapper <no-reply@example.org>".parse().unwrap()).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.contains(&format!("List-Unsubscribe: <{link}>\r\n")), "{text}");
        assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{text}");
        assert!(!written("ada@example.org", "Appointment confirmed").unwrap().contains("List-Unsubscribe"));
    }

    #[test]
    fn every_name_travels_over_every_server() {
        let mut letter = letter("ada@example.org", "Hello Zo\u{eb}");
        letter.content = Personal::new(Content {
            body_text: "Hello Zo\u{eb} \u{962e}".to_owned(),
            ..letter.content.into_inner()
        });
        let from = "HelloMapper <no-reply@example.org>".parse().unwrap();
        let message = mime(&letter, &from).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.is_ascii() && text.contains("Hello Zo=C3=AB =E9=98=AE"), "{text}");
    }

    #[test]
    fn nobody_adds_a_header_through_what_they_write() {
        let text = written("ada@example.org", "Hello\r\nBcc: eve@example.org\r\n\r\nEvil").unwrap();
        let headers = text.split("\r\n\r\n").next().unwrap();
        assert!(!headers.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{headers}");
        for address in
            ["ada@example.org\r\nBcc: eve@example.org", "ada@example.org, eve@example.org", "ada", ""]
        {
            assert!(matches!(written(address, "Hello"), Err(MailError::Address)), "{address:?}");
        }
    }

    #[test]
    fn debug_output_shows_nobody() {
        let text = format!("{:?}", letter("ada@example.org", "Appointment"));
        assert!(!text.contains("ada@") && !text.contains("Hello"), "{text}");
    }
}
