//! The texts as written: one file for each version, in `texts/`. A published file is never edited.

use anyhow::Context as _;
use shared_types::users::ConsentText;

/// The collection notices (Privacy Act 1988, Australian Privacy Principle 5.2; OAIC's APP guidelines,
/// chapter 5, read 2026-11-22), the parent's statement, what is agreed to about bulk billing and cards, and every version of each.
const FILES: [&str; 15] = [
    include_str!("../../texts/account-collection.v1.json"),
    include_str!("../../texts/assignment-enduring.v1.json"),
    include_str!("../../texts/assignment-post.v1.json"),
    include_str!("../../texts/assignment-pre.v1.json"),
    include_str!("../../texts/assignment-verbal.v1.json"),
    include_str!("../../texts/booking-collection.v1.json"),
    include_str!("../../texts/booking-collection.v2.json"),
    include_str!("../../texts/booking-collection.v3.json"),
    include_str!("../../texts/card-storage.v1.json"),
    include_str!("../../texts/card-storage.v2.json"),
    include_str!("../../texts/higher-charge.v1.json"),
    include_str!("../../texts/intake-collection.v1.json"),
    include_str!("../../texts/medicare-collection.v1.json"),
    include_str!("../../texts/parent-statement.v1.json"),
    include_str!("../../texts/patient-details.v1.json"),
];

/// Every version of every text, oldest first.
///
/// # Errors
/// When a file is not a text.
pub fn all() -> anyhow::Result<Vec<ConsentText>> {
    FILES
        .iter()
        .map(|file| serde_json::from_str(file).context("reading a file of backend/users/texts"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{FILES, all};

    #[test]
    fn every_file_in_the_folder_is_published_and_named_after_its_content() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts");
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let mut written: Vec<_> =
            all().unwrap().iter().map(|text| format!("{}.v{}.json", text.text, text.version)).collect();
        written.sort();
        assert_eq!(names, written);
        assert_eq!(names.len(), FILES.len());
    }

    /// What APP 5.2 wants said, and what this product promises beside it.
    #[test]
    fn the_booking_notice_says_what_it_must() {
        let texts = all().unwrap();
        let notice = texts.iter().rfind(|text| text.text == "booking-collection").unwrap();
        let words = notice.paragraphs.join(" ");
        for needed in [
            "The practice you are booking with collects",
            "HelloMapper",
            "name",
            "what you like to be called",
            "date of birth",
            "e-mail",
            "mobile number",
            "For a visit at your home we also ask for its address",
            "time and type of your appointment",
            "health information",
            "say why you are coming. That has a notice of its own",
            "We use your details to",
            "You do not have to give them, but then",
            "Our mail provider",
            "We do not send them to anyone outside Australia",
            "see your details",
            "corrected",
            "complain to the Office of the Australian Information Commissioner",
        ] {
            assert!(words.contains(needed), "the notice does not say {needed:?}");
        }
        assert!(notice.statement.starts_with("I agree that "));
        assert!(notice.statement.ends_with("may collect and use these details for this appointment."));
    }

    /// The same of what is sealed, and who can open it.
    #[test]
    fn the_intake_notice_says_what_it_must() {
        let texts = all().unwrap();
        let notice = texts.iter().find(|text| text.text == "intake-collection").unwrap();
        let words = notice.paragraphs.join(" ");
        for needed in [
            "The practice you are booking with collects",
            "HelloMapper",
            "health information",
            "Only the practice's staff can open it, and you",
            "We cannot open it",
            "We see who sent something and when",
            "You do not have to write anything here",
            "for seven years after your last visit",
            "we delete it within three hours",
            "We do not send it to anyone outside Australia",
            "to correct it",
            "complain to the Office of the Australian Information Commissioner",
        ] {
            assert!(words.contains(needed), "the notice does not say {needed:?}");
        }
    }

    /// The same of an account and of card numbers.
    #[test]
    fn the_notices_of_sign_up_and_of_medicare_say_what_they_must() {
        let texts = all().unwrap();
        for (name, needed) in [
            (
                "account-collection",
                [
                    "HelloMapper collects these details",
                    "We ask for your e-mail address",
                    "health information",
                    "We use these details to let you sign in",
                    "You do not have to give them",
                    "Our mail provider",
                    "You can see and correct your details",
                ],
            ),
            (
                "medicare-collection",
                [
                    "HelloMapper collects these card numbers",
                    "Medicare, veterans' and concession cards",
                    "the Health Insurance Act 1973",
                    "We use them only to claim for your care",
                    "You do not have to give them",
                    "The practice you see gets them to make a claim, and so does Services Australia",
                    "have a mistake corrected",
                ],
            ),
        ] {
            let notice = texts.iter().rfind(|text| text.text == name).unwrap();
            let words = notice.paragraphs.join(" ");
            let of_each = [
                "You can reach us through the privacy page",
                "We do not send them to anyone outside Australia",
                "Our privacy page says how",
                "complain to the Office of the Australian Information Commissioner",
            ];
            for needed in needed.iter().chain(&of_each) {
                assert!(words.contains(needed), "{name} does not say {needed:?}");
            }
            assert!(notice.statement.starts_with("I agree that HelloMapper may collect and "));
        }
    }

    /// Year-8 reading: short sentences of short words, for readers of English as a third language too.
    #[test]
    fn sentences_are_short() {
        for text in all().unwrap() {
            for paragraph in &text.paragraphs {
                for sentence in paragraph.split_terminator(['.', ':', '?']) {
                    let words = sentence.split_whitespace().count();
                    assert!(words <= 28, "{words} words: {sentence}");
                }
                let words: Vec<_> = paragraph.split_whitespace().collect();
                let letters: usize = words.iter().map(|word| word.len()).sum();
                assert!(letters <= words.len() * 6, "long words: {paragraph}");
            }
        }
    }
}
