//! One item of the schedule, read from its record. Names and formats are those of the department's XML file (compliance notes, 3.6):
//! dates `DD.MM.YYYY`, money as decimal text. Fields that it does not name are passed over.

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use shared_types::{AudCents, payments::funding::FeeType};

use super::records::Record;

/// Why a file is no schedule.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is no XML of that layout, or was cut off.
    #[error("it is not a whole XML file of the schedule's layout")]
    Malformed,
    /// Its bytes are no characters of the encoding that it names.
    #[error("its characters cannot be read: it has to be UTF-8 or say that it is Windows-1252")]
    NotText,
    /// It has no items.
    #[error("it has no items")]
    Empty,
    /// A record lacks what every item has.
    #[error("item {0} has no {1} that can be read")]
    Field(String, &'static str),
    /// Two records of one item say different things.
    #[error("item {0} is there twice, and differs")]
    Differs(String),
    /// It cannot be read any further.
    #[error("it cannot be read")]
    File(#[from] std::io::Error),
}

/// An item as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// `23`.
    pub item_number: String,
    /// The first day of what it says here.
    pub effective_from: Date,
    /// The day after its last; none while it has no end.
    pub effective_until: Option<Date>,
    /// The category's number.
    pub category: String,
    /// `A1`.
    pub item_group: String,
    /// The subgroup.
    pub sub_group: Option<String>,
    /// What it is for.
    pub description: String,
    /// A number or a rule in words.
    pub fee_type: FeeType,
    /// The letter of the benefit's sort.
    pub benefit_type: String,
    /// The fee.
    pub schedule_fee: Option<AudCents>,
    /// What is paid in hospital.
    pub benefit_75: Option<AudCents>,
    /// What is paid out of it.
    pub benefit_85: Option<AudCents>,
    /// What is paid where the whole fee is.
    pub benefit_100: Option<AudCents>,
    /// The rule in words.
    pub derived_fee: Option<String>,
}

impl Item {
    /// Reads a record.
    ///
    /// # Errors
    /// Which field of which item is wrong.
    pub fn read(record: &Record) -> Result<Self, Unreadable> {
        let item_number = record.get("ItemNum").unwrap_or_default().to_owned();
        let wrong = |field| Unreadable::Field(item_number.clone(), field);
        let is_number =
            (1..=5).contains(&item_number.len()) && item_number.bytes().all(|b| b.is_ascii_digit());
        if !is_number {
            return Err(wrong("number"));
        }
        let text = |field: &'static str| record.get(field).map(str::to_owned).ok_or_else(|| wrong(field));
        let date = |field: &'static str| {
            record.get(field).map(|text| read_date(text).ok_or_else(|| wrong(field))).transpose()
        };
        let money = |field: &'static str| {
            record.get(field).map(|text| read_money(text).ok_or_else(|| wrong(field))).transpose()
        };
        let started = date("ItemStartDate")?.ok_or_else(|| wrong("ItemStartDate"))?;
        // It says what it says since the last of these days.
        let since = [
            date("FeeStartDate")?,
            date("BenefitStartDate")?,
            date("DerivedFeeStartDate")?,
            date("DescriptionStartDate")?,
        ];
        let effective_from = since.into_iter().flatten().fold(started, Date::max);
        let ended = date("ItemEndDate")?.map(|last| last.tomorrow()).transpose();
        let ended = ended.map_err(|_| wrong("ItemEndDate"))?;
        if ended.is_some_and(|ended| ended <= effective_from) {
            return Err(wrong("ItemEndDate"));
        }
        let (fee_type, schedule_fee, derived_fee) = match record.get("FeeType") {
            Some("N") => {
                let fee = money("ScheduleFee")?.ok_or_else(|| wrong("ScheduleFee"))?;
                (FeeType::Fixed, Some(fee), None)
            }
            Some("D") => (FeeType::Derived, None, Some(text("DerivedFee")?)),
            _ => return Err(wrong("FeeType")),
        };
        let (benefit_75, benefit_85) = (money("Benefit75")?, money("Benefit85")?);
        let benefit_100 = money("Benefit100")?;
        let (category, item_group) = (text("Category")?, text("Group")?);
        let description = text("Description")?;
        Ok(Self {
            effective_from,
            effective_until: ended,
            category,
            item_group,
            sub_group: record.get("SubGroup").map(str::to_owned),
            description,
            fee_type,
            benefit_type: record.get("BenefitType").unwrap_or_default().to_owned(),
            schedule_fee,
            benefit_75,
            benefit_85,
            benefit_100,
            derived_fee,
            item_number,
        })
    }

    /// A hash of all that it says.
    pub fn digest(&self) -> [u8; 32] {
        // Its debug text names every field.
        Sha256::digest(format!("{self:?}")).into()
    }

    /// Whether it says the same, whenever it began to.
    pub fn is_same(&self, other: &Self) -> bool {
        let other = Self { effective_from: self.effective_from, ..other.clone() };
        *self == other
    }
}

/// `01.07.2026`.
fn read_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if (day.len(), month.len(), year.len()) != (2, 2, 4) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `43.9` or `1,043.90`, in cents and never by way of a fraction.
fn read_money(text: &str) -> Option<AudCents> {
    let text = text.trim_start_matches('$').replace(',', "");
    let (dollars, cents) = text.split_once('.').unwrap_or((&text, "0"));
    // Published amounts have up to four places, of which the last are zeros.
    let (cents, rest) = cents.split_at_checked(2).unwrap_or((cents, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(dollars) || !digits(cents) || rest.bytes().any(|b| b != b'0') {
        return None;
    }
    let cents = format!("{cents:0<2}");
    let dollars: i64 = dollars.parse().ok()?;
    dollars.checked_mul(100)?.checked_add(cents.parse().ok()?).map(AudCents)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::AudCents;

    use super::{read_date, read_money};

    #[test]
    fn money_is_whole_cents() {
        for (text, cents) in [
            ("43.90", 4_390),
            ("43.9", 4_390),
            ("43", 4_300),
            ("1,043.05", 104_305),
            ("0.05", 5),
            ("43.9000", 4_390),
        ] {
            assert_eq!(read_money(text), Some(AudCents(cents)), "{text}");
        }
        for text in ["", "4.3.9", "-1.00", "43.905", ".50", "1.", "99999999999999999999", "1e3"] {
            assert_eq!(read_money(text), None, "{text}");
        }
    }

    #[test]
    fn days_have_two_digits_and_years_four() {
        assert_eq!(read_date("01.07.2026"), Some(date(2026, 7, 1)));
        for text in ["", "1.7.2026", "31.02.2026", "2026-07-01", "01.07.26", "01.07.2026.1"] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
