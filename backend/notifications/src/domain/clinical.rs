//! Which names stay out of reminders: those that tell what somebody is treated for or by whom (C-50). A reminder is seen on
//! locked screens and by those who share a phone.

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

/// Whether a name may stand in a reminder.
pub fn is_plain(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '\'');
    words.all(|word| {
        let has_part = PARTS.split_whitespace().any(|part| word.contains(part));
        !has_part && !WORDS.split_whitespace().any(|clinical| word == clinical)
    })
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
