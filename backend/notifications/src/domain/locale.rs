//! The languages of reminders and of what else is told of an appointment. Their words are Fluent files in `locales/`, part of the
//! program; a new language is a file and a variant.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

/// A language that we write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// As it is written in Australia.
    English,
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| read(Locale::English, include_str!("../../locales/en-AU.ftl")));

impl Locale {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::English];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-AU",
        }
    }

    /// The one for somebody who prefers a language, by its ISO 639 code; English for those that we do not write in.
    pub fn for_language(code: &str) -> Self {
        let ours = |locale: &Self| locale.tag().split('-').next() == Some(code);
        Self::ALL.into_iter().find(ours).unwrap_or(Self::English)
    }

    /// A message's words, with what stands in braces.
    ///
    /// # Panics
    /// When the file has no such message, which a test would have shown.
    pub fn say(self, id: &str, values: &[(&'static str, &str)]) -> String {
        let bundle: &Bundle = match self {
            Self::English => &ENGLISH,
        };
        let message = bundle.get_message(id).expect("the file has every message that is asked for");
        let pattern = message.value().expect("every message has words");
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            arguments.set(*name, *value);
        }
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }
}

fn read(locale: Locale, text: &str) -> Bundle {
    let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors);
    let tag = locale.tag().parse().expect("tags are well-formed");
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Marks around what is filled in would stand in text messages as letters outside the default alphabet.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource.expect("the file is well-formed")).expect("no message is there twice");
    bundle
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn words_come_from_the_file_and_stand_as_they_are() {
        let said = Locale::English.say("reminder-subject", &[("start", "Tuesday 24 November, 9:15 am")]);
        assert_eq!(said, "Reminder: appointment on Tuesday 24 November, 9:15 am");
    }

    #[test]
    fn whoever_prefers_a_language_we_do_not_have_is_written_to_in_english() {
        for code in ["en", "yue", ""] {
            assert_eq!(Locale::for_language(code), Locale::English, "{code}");
        }
    }
}
