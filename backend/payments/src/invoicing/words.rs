//! How amounts, days and numbers are written on documents and in files.

use jiff::civil::Date;
use shared_types::{AudCents, payments::pay::InvoiceKind};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_name(day: Date) -> &'static str {
    let index = usize::try_from(day.month() - 1).unwrap_or(0);
    MONTHS.get(index).copied().unwrap_or("")
}

/// `November 2026`.
pub fn month(day: Date) -> String {
    format!("{} {}", month_name(day), day.year())
}

/// `26 November 2026`.
pub fn day(day: Date) -> String {
    format!("{} {}", day.day(), month(day))
}

/// `1,234.50`: dollars and cents without a sign for the currency.
pub fn amount(cents: AudCents) -> String {
    let whole = (cents.0.unsigned_abs() / 100).to_string();
    let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
    for (nth, digit) in whole.chars().enumerate() {
        if nth > 0 && (whole.len() - nth).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if cents.0 < 0 { "-" } else { "" };
    format!("{sign}{grouped}.{:02}", cents.0.unsigned_abs() % 100)
}

/// `51 824 753 556`.
pub fn abn(digits: &str) -> String {
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    match digits.len() {
        11 => format!("{} {} {} {}", part(0..2), part(2..5), part(5..8), part(8..11)),
        _ => digits.to_owned(),
    }
}

/// What a document is called. One without GST is an invoice and no tax invoice.
pub fn title(kind: InvoiceKind, gst: AudCents) -> &'static str {
    match (kind, gst > AudCents::ZERO) {
        (InvoiceKind::TaxInvoice | InvoiceKind::PlatformInvoice, true) => "Tax invoice and receipt",
        (InvoiceKind::TaxInvoice | InvoiceKind::PlatformInvoice, false) => "Invoice and receipt",
        (InvoiceKind::AdjustmentNote, true) => "Adjustment note",
        (InvoiceKind::AdjustmentNote, false) => "Credit note",
        (InvoiceKind::ReversalNote, true) => "Adjustment note: reversal",
        (InvoiceKind::ReversalNote, false) => "Credit note: reversal",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{AudCents, payments::pay::InvoiceKind};

    use super::{abn, amount, day, title};

    #[test]
    fn amounts_are_grouped_and_have_cents() {
        for (cents, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (8_500, "85.00"),
            (123_456_789, "1,234,567.89"),
            (-100_000, "-1,000.00"),
        ] {
            assert_eq!(amount(AudCents(cents)), text);
        }
    }

    #[test]
    fn days_and_numbers_read_as_people_write_them() {
        assert_eq!(day(date(2026, 11, 6)), "6 November 2026");
        assert_eq!(abn("51824753556"), "51 824 753 556");
    }

    #[test]
    fn only_what_has_gst_in_it_is_a_tax_invoice() {
        assert_eq!(title(InvoiceKind::TaxInvoice, AudCents(1)), "Tax invoice and receipt");
        assert_eq!(title(InvoiceKind::TaxInvoice, AudCents::ZERO), "Invoice and receipt");
    }
}
