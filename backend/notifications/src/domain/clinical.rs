//! Which names stay out of messages that confirm nothing: those that tell what somebody is treated for or by whom (C-50). They are seen on
//! locked screens and by those who share a phone. A confirmation names the practice, whatever it is called.

use kernel::calendar_file::one_line;
use shared_types::{
    bookings::{AppointmentFact, BookedRole},
    notifications::ReminderNames,
};

/// Parts of words that name a profession, a condition or a treatment. That a place is for health is not among them:
/// `Medical Centre` tells no more than that somebody sees someone.
const PARTS: &str = "\
    abort addict alcohol allerg anaesth anesth arthrit asthma audiolog autis botox cancer cardiac cardio \
    chemo chiro contracep cosmetic counsel dementia dental dentist dentur depress dermat detox diabet dialys \
    dietit endocrin endodon endoscop epilep fertil gastro geriat gynae gyneco haemat hepat hormon imaging \
    immuni immuno incontin infecti maternity menopaus midwi nephro neuro nutrition obesity obstet oncol \
    ophthal optical optom orthodon orthop orthot osteo paediat pathol pediat pelvi perinat pharmac physi \
    pilates podiat pregnan prostat prosth psych radiol rehab rheumat sexual speech surger surgi therap \
    thyroid trauma ultrasound urolog vaccin vascular women";
/// Words that do so only by themselves: a part of one would also be found in the names of people and suburbs.
const WORDS: &str = "\
    aids birth breast child children children's diet drug drugs eating eye eyes feet foot gender hair \
    hearing heart hiv ivf kidney laser liver lung men men's mens mental mind occupational oral pain plastic \
    renal skin sleep spinal spine sport sports std sti stroke teeth tooth travel vein veins weight wound \
    x-ray xray";

/// Whether a name tells nothing of that.
pub fn is_plain(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '\'');
    words.all(|word| {
        let has_part = PARTS.split_whitespace().any(|part| word.contains(part));
        !has_part && !WORDS.split_whitespace().any(|clinical| word == clinical)
    })
}

/// A name on one line, if it may stand in a message to whoever wants those names.
pub fn shown(name: &str, names: ReminderNames) -> Option<String> {
    let name = one_line(name);
    let is_shown = match names {
        ReminderNames::None => false,
        ReminderNames::Plain => is_plain(&name),
        ReminderNames::All => true,
    };
    Some(name).filter(|name| is_shown && !name.is_empty())
}

/// An appointment with what may be said to them of whom it is with, and where; the rest of that is empty.
pub fn as_shown(fact: &AppointmentFact, names: ReminderNames) -> AppointmentFact {
    let role = &fact.role;
    // Its words are joined by hyphens.
    let slug = shown(&role.slug.replace('-', " "), names).map(|_| role.slug.clone());
    let role = BookedRole {
        slug: slug.unwrap_or_default(),
        name: shown(&role.name, names).unwrap_or_default(),
        organization_name: role.organization_name.as_deref().and_then(|name| shown(name, names)),
        phone: role.phone.as_deref().and_then(|phone| shown(phone, names)),
        address: shown(&role.address, names).unwrap_or_default(),
        ..role.clone()
    };
    AppointmentFact { role, ..fact.clone() }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_name_that_tells_what_for_stays_out() {
        for name in [
            "Parramatta Physiotherapy",
            "Harbour Women's Health",
            "Sexual Health Clinic",
            "NEUROSURGERY ASSOCIATES",
            "Sydney Hydrotherapy",
            "East Dental",
            "Mind & Body Rooms",
            "City X-Ray",
            "Eye Centre",
        ] {
            assert!(!is_plain(name), "{name}");
        }
        for name in [
            "Harbour Practice",
            "Parramatta Medical Centre",
            "Footscray Family Practice",
            "Cardiff Clinic",
            "Dr Kim Lee",
            "Thea O'Brien",
            "Stirling Street",
            "North Shore Community Health",
        ] {
            assert!(is_plain(name), "{name}");
        }
    }
}
