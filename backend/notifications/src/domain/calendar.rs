//! What the calendar file of a letter says of an appointment. Like the letter it names neither profession nor appointment type, of a
//! discreet one nobody, and nobody whom the letter does not name.

use kernel::calendar_file::{Words, one_line};
use shared_types::bookings::AppointmentFact;

use super::locale::Locale;

/// The words, in a language; with the link where it can be changed, if there is one.
pub fn words(fact: &AppointmentFact, link: Option<&str>, locale: Locale) -> Words {
    let name = one_line(&fact.role.name);
    let summary = if fact.discreet || name.is_empty() {
        locale.say("calendar-appointment", &[])
    } else {
        locale.say("calendar-with", &[("name", &name)])
    };
    let link = link.map(|link| locale.say("calendar-link", &[("link", link)]));
    let phone = fact.role.phone.as_ref().filter(|_| !fact.discreet);
    let phone = phone.map(|phone| locale.say("calendar-phone", &[("phone", &one_line(phone))]));
    let lines: Vec<_> = link.into_iter().chain(phone).collect();
    Words { summary, description: lines.join("\n") }
}

#[cfg(test)]
mod tests {
    use kernel::calendar_file::Words;
    use shared_types::bookings::{AppointmentFact, BookedRole};

    use super::words;
    use crate::domain::{fixtures::appointment, locale::Locale};

    #[test]
    fn in_english_it_says_what_the_file_says_that_is_fetched_from_the_page() {
        let fact = appointment();
        let no_phone =
            AppointmentFact { role: BookedRole { phone: None, ..fact.role.clone() }, ..fact.clone() };
        let discreet = AppointmentFact { discreet: true, ..fact.clone() };
        for fact in [fact, no_phone, discreet] {
            for link in [None, Some("https://hellomapper.example/manage/0123456789abcdef0123456789abcdef")] {
                assert_eq!(words(&fact, link, Locale::English), Words::in_english(&fact, link));
            }
        }
    }
}
