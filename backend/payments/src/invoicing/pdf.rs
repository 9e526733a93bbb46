//! A document as a page to print: PDF 1.4 with the two fonts that every reader brings, so nothing is embedded and nothing fetched
//! (Adobe, PDF Reference, third edition, read 2026-11-26). The file is ASCII from end to end.
//!
//! The fonts know the letters of Western European languages. Others are written as `?` here; the page of the site shows them as they are.

use std::fmt::Write as _;

use shared_types::{
    AudCents,
    payments::pay::{Invoice, InvoiceLine},
};

use super::words::{abn, amount, day, title};

/// A4 in points.
const WIDTH: i32 = 595;
const HEIGHT: i32 = 842;
const LEFT: i32 = 56;
const RIGHT: i32 = WIDTH - 56;
/// Where the column of GST ends.
const GST: i32 = RIGHT - 90;
/// So many lines of text fit between the margins at the step below.
const STEP: i32 = 16;
/// The most letters of one line of the first column.
const COLUMN: usize = 62;

/// The file.
pub fn pdf(invoice: &Invoice) -> String {
    let mut sheet = Sheet { at: HEIGHT - 72, text: String::new(), pages: Vec::new() };
    head(&mut sheet, invoice);
    for line in &invoice.lines {
        item(&mut sheet, line);
    }
    foot(&mut sheet, invoice);
    sheet.file(title(invoice.kind, invoice.gst_cents))
}

fn head(sheet: &mut Sheet, invoice: &Invoice) {
    sheet.bold(LEFT, 20, title(invoice.kind, invoice.gst_cents));
    sheet.down(STEP * 2);
    sheet.bold(LEFT, 11, &invoice.issuer_name);
    sheet.down(STEP);
    if let Some(number) = &invoice.issuer_abn {
        sheet.plain(LEFT, &format!("ABN {}", abn(number)));
        sheet.down(STEP);
    }
    sheet.down(STEP);
    let mut facts = vec![("Number", invoice.number.to_string()), ("Issued", day(invoice.issued_on))];
    facts.extend(invoice.corrects.map(|number| ("Corrects number", number.to_string())));
    facts.extend(invoice.recipient_name.as_ref().map(|name| ("For", name.expose().clone())));
    for (label, value) in facts {
        sheet.plain(LEFT, label);
        sheet.plain(LEFT + 120, &value);
        sheet.down(STEP);
    }
    sheet.down(STEP);
    sheet.bold(LEFT, 10, "What for");
    sheet.bold_right(GST, "GST");
    sheet.bold_right(RIGHT, "Amount");
    sheet.down(STEP);
}

fn item(sheet: &mut Sheet, line: &InvoiceLine) {
    let mut text = line.text.clone();
    // Writing into a String does not fail.
    if let Some(date) = line.service_date {
        let _ = write!(text, ", {}", day(date));
    }
    if let Some(number) = &line.item_number {
        let _ = write!(text, ", item {number}");
    }
    let mut parts = wrapped(&text).into_iter();
    sheet.plain(LEFT, &parts.next().unwrap_or_default());
    sheet.right(GST, &amount(line.gst_cents));
    sheet.right(RIGHT, &amount(line.amount_cents));
    sheet.down(STEP);
    for part in parts {
        sheet.plain(LEFT, &part);
        sheet.down(STEP);
    }
}

fn foot(sheet: &mut Sheet, invoice: &Invoice) {
    sheet.down(STEP / 2);
    sheet.bold(LEFT, 10, "Total, Australian dollars, GST included");
    sheet.bold_right(GST, &amount(invoice.gst_cents));
    sheet.bold_right(RIGHT, &amount(invoice.total_cents));
    sheet.down(STEP * 2);
    if invoice.gst_cents == AudCents::ZERO {
        sheet.plain(LEFT, "No GST is payable on this supply.");
        sheet.down(STEP);
    }
    if invoice.rebate_cents > AudCents::ZERO {
        let rebate = amount(invoice.rebate_cents);
        sheet.plain(LEFT, &format!("Medicare is expected to pay back {rebate}, which the patient claims."));
        sheet.down(STEP);
    }
}

/// Pages that are being written, from the top.
struct Sheet {
    at: i32,
    text: String,
    pages: Vec<String>,
}

impl Sheet {
    fn down(&mut self, points: i32) {
        self.at -= points;
        if self.at < 72 {
            self.pages.push(std::mem::take(&mut self.text));
            self.at = HEIGHT - 72;
        }
    }

    fn put(&mut self, font: &str, size: i32, x: i32, text: &str) {
        let at = self.at;
        let _ = writeln!(self.text, "BT /{font} {size} Tf {x} {at} Td ({}) Tj ET", escaped(text));
    }

    fn plain(&mut self, x: i32, text: &str) {
        self.put("F1", 10, x, text);
    }

    fn bold(&mut self, x: i32, size: i32, text: &str) {
        self.put("F2", size, x, text);
    }

    fn right(&mut self, x: i32, text: &str) {
        self.plain(x - width(text), text);
    }

    fn bold_right(&mut self, x: i32, text: &str) {
        self.bold(x - width(text), 10, text);
    }

    fn file(mut self, title: &str) -> String {
        self.pages.push(self.text);
        let count = self.pages.len();
        let pages: Vec<_> = (0..count).map(|nth| format!("{} 0 R", 6 + 2 * nth)).collect();
        let font = |name: &str| {
            format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
        };
        let mut objects = vec![
            "<< /Type /Catalog /Pages 2 0 R /Lang (en-AU) >>".to_owned(),
            format!("<< /Type /Pages /Kids [{}] /Count {count} >>", pages.join(" ")),
            font("Helvetica"),
            font("Helvetica-Bold"),
            format!("<< /Title ({}) /Producer (HelloMapper) >>", escaped(title)),
        ];
        for (nth, content) in self.pages.iter().enumerate() {
            objects.push(format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] \
                 /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {} 0 R >>",
                7 + 2 * nth
            ));
            objects.push(format!("<< /Length {} >>\nstream\n{content}endstream", content.len()));
        }
        joined(&objects)
    }
}

/// The objects one after another, and the table that says where each begins.
fn joined(objects: &[String]) -> String {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (nth, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", nth + 1);
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    file
}

/// In lines that fit the first column, broken between words; a word longer than a line stands alone.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > COLUMN {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

/// As it stands between the brackets of a PDF string: ASCII, the rest in octal by Windows-1252.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            ' '..='~' => out.push(letter),
            _ => match code(letter) {
                Some(code) => {
                    let _ = write!(out, "\\{code:03o}");
                }
                None => out.push('?'),
            },
        }
    }
    out
}

/// A letter's place in Windows-1252, as far as names and sentences need it.
fn code(letter: char) -> Option<u8> {
    match letter {
        '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).ok(),
        '€' => Some(0x80),
        '…' => Some(0x85),
        'Š' => Some(0x8a),
        'Œ' => Some(0x8c),
        'Ž' => Some(0x8e),
        '‘' => Some(0x91),
        '’' => Some(0x92),
        '“' => Some(0x93),
        '”' => Some(0x94),
        '•' => Some(0x95),
        '–' => Some(0x96),
        '—' => Some(0x97),
        'š' => Some(0x9a),
        'œ' => Some(0x9c),
        'ž' => Some(0x9e),
        'Ÿ' => Some(0x9f),
        _ => None,
    }
}

/// How wide an amount is at ten points: its digits are 0.556 of the size, its points and commas half of that, a minus a third. Words
/// at the head of a column are taken to be as wide as digits.
fn width(text: &str) -> i32 {
    let thousandths: i32 = text
        .chars()
        .map(|letter| match letter {
            '.' | ',' => 278,
            '-' => 333,
            _ => 556,
        })
        .sum();
    thousandths / 100
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        AudCents,
        payments::pay::{Invoice, InvoiceKind, InvoiceLine},
        personal::Personal,
    };
    use uuid::Uuid;

    use super::{escaped, pdf, wrapped};

    fn invoice(lines: usize) -> Invoice {
        Invoice {
            invoice_id: Uuid::from_u128(1).into(),
            kind: InvoiceKind::TaxInvoice,
            number: 12,
            issued_on: date(2026, 11, 26),
            issuer_name: "Example (Physio) Pty Ltd".to_owned(),
            issuer_abn: Some("51824753556".to_owned()),
            recipient_name: Some(Personal::new("Zoë O’Brien".to_owned())),
            lines: vec![
                InvoiceLine {
                    text: "Initial consultation with Kim Lee".to_owned(),
                    service_date: Some(date(2026, 11, 24)),
                    item_number: None,
                    amount_cents: AudCents(11_000),
                    gst_cents: AudCents(1_000),
                };
                lines
            ],
            total_cents: AudCents(11_000),
            gst_cents: AudCents(1_000),
            rebate_cents: AudCents::ZERO,
            corrects: None,
        }
    }

    /// Each place in the table is where its object begins, or no reader opens the file.
    fn check_table(file: &str) {
        let start: usize =
            file.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        let table = file[start..].lines().skip(3).take_while(|line| line.ends_with(" n "));
        for (nth, line) in table.enumerate() {
            let place: usize = line[..10].parse().unwrap();
            assert!(file[place..].starts_with(&format!("{} 0 obj\n", nth + 1)), "{line}");
        }
    }

    #[test]
    fn it_says_what_a_tax_invoice_has_to_say() {
        let file = pdf(&invoice(1));
        assert!(file.is_ascii());
        for text in [
            "(Tax invoice and receipt)",
            "(Example \\(Physio\\) Pty Ltd)",
            "(ABN 51 824 753 556)",
            "(26 November 2026)",
            "(Zo\\353 O\\222Brien)",
            "(Initial consultation with Kim Lee, 24 November 2026)",
            "(110.00)",
            "(10.00)",
        ] {
            assert!(file.contains(text), "{text}");
        }
        check_table(&file);
    }

    #[test]
    fn what_does_not_fit_goes_on_another_page() {
        let file = pdf(&invoice(100));
        assert!(file.contains("/Count 3"));
        check_table(&file);
    }

    #[test]
    fn letters_that_the_fonts_do_not_know_are_marked() {
        assert_eq!(escaped("Nguyễn\n"), "Nguy?n?");
    }

    #[test]
    fn long_texts_are_broken_between_words() {
        let lines = wrapped(&"word ".repeat(30));
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= 62));
    }
}
