//! The languages that we write in. The words of all that goes out are Fluent files in `locales/`, by topic, part of the program; a new
//! language is a folder and a variant. How it says dates, times, zones and amounts is in its files, too.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle, types::FluentNumber};

/// A language that we write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// As it is written in Australia.
    English,
    /// One that nobody speaks, to see that another language needs its files alone.
    #[cfg(test)]
    MadeUp,
}

type Bundle = FluentBundle<FluentResource>;

/// The files of a language, by topic.
type Files = [&'static str; 6];

const ENGLISH_FILES: Files = [
    include_str!("../../locales/en-AU/accounts.ftl"),
    include_str!("../../locales/en-AU/appointments.ftl"),
    include_str!("../../locales/en-AU/dates.ftl"),
    include_str!("../../locales/en-AU/money.ftl"),
    include_str!("../../locales/en-AU/notices.ftl"),
    include_str!("../../locales/en-AU/texts.ftl"),
];

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| read(Locale::English));

impl Locale {
    /// All that we write in.
    pub const ALL: [Self; 1] = [Self::English];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-AU",
            #[cfg(test)]
            Self::MadeUp => "en-XA",
        }
    }

    fn files(self) -> Files {
        match self {
            Self::English => ENGLISH_FILES,
            #[cfg(test)]
            Self::MadeUp => tests::MADE_UP_FILES,
        }
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Self::English => &ENGLISH,
            #[cfg(test)]
            Self::MadeUp => &tests::MADE_UP,
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
    /// When the files have no such message, which a test would have shown; without optimisation also when something that stands in
    /// braces is not given.
    pub fn say(self, id: &str, values: &[(&'static str, &str)]) -> String {
        self.say_with_numbers(id, &[], values)
    }

    /// The same with numbers, by which a language can choose its words, as it does between `1 minute` and `2 minutes`.
    ///
    /// # Panics
    /// As [`Self::say`].
    pub fn say_with_numbers(
        self,
        id: &str,
        numbers: &[(&'static str, FluentNumber)],
        values: &[(&'static str, &str)],
    ) -> String {
        let bundle = self.bundle();
        let message = bundle.get_message(id).expect("the files have every message that is asked for");
        let pattern = message.value().expect("every message has words");
        let mut arguments = FluentArgs::new();
        for (name, number) in numbers {
            arguments.set(*name, number.clone());
        }
        for (name, value) in values {
            arguments.set(*name, *value);
        }
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{id}: {errors:?}");
        said
    }
}

fn read(locale: Locale) -> Bundle {
    let tag = locale.tag().parse().expect("tags are well-formed");
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Marks around what is filled in would stand in text messages as letters outside the default alphabet.
    bundle.set_use_isolating(false);
    for text in locale.files() {
        let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors);
        bundle.add_resource(resource.expect("the file is well-formed")).expect("no message is there twice");
    }
    bundle
}

#[cfg(test)]
mod tests;
