use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use super::{Bundle, ENGLISH_FILES, Files, Locale, read};

/// English, but for how dates, times, zones and amounts are said.
pub(super) const MADE_UP_FILES: Files = {
    let mut files = ENGLISH_FILES;
    files[2] = MADE_UP_DATES;
    files
};

pub(super) static MADE_UP: LazyLock<Bundle> = LazyLock::new(|| read(Locale::MadeUp));

const MADE_UP_DATES: &str = "
date-long = { $year } { date-no-year }
date-no-year = { month-roman } { day-in-month } D{ $weekday }
date-short = { $month }.{ $day }
day-in-month = { $day ->
    [1] 1st
   *[other] { $day }
}
month-roman = { $month ->
    [11] XI
    [12] XII
   *[other] { $month }
}
time-of-day = { $hour }h{ $minute }
date-and-time = { $time } / { $date }
span-in-a-day = { $first }: { $from } - { $until } ({ $zone })
span-over-midnight = { $first } { $from } - { $last } { $until } ({ $zone })
zone-time = @ { $place }
zone-and-offset = { $offset } { $zone }
amount-whole = { $sign }{ $dollars } AUD
amount-with-cents = { $sign }{ $dollars },{ $cents } AUD
";

/// Files that are for tests alone.
const TESTS: [&str; 3] = ["calendar_tests.rs", "fixtures.rs", "tests.rs"];
/// Files whose words nobody is told: they are made up, or only looked for.
const SILENT: [&str; 4] = ["clinical.rs", "of_accounts.rs", "preview.rs", "undelivered.rs"];
/// Two words with a hyphen that are no message's id: users of addresses that nobody reads.
const NO_IDS: [&str; 2] = ["do-not-reply", "no-reply"];

fn files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files
}

/// Every text in quotes of the domain's own code, with where it is and what stands before it.
fn texts() -> Vec<(String, String, String)> {
    let mut texts = Vec::new();
    for path in files("src/domain") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if TESTS.contains(&name.as_str()) {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        let own = source.split("\n#[cfg(test)]").next().unwrap();
        let code: Vec<_> = own.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = code.join("\n").replace("\\\"", "");
        let parts: Vec<_> = code.split('"').collect();
        assert!(parts.len() % 2 == 1, "{name} has a quote too many, so that nothing in it can be told apart");
        for pair in parts.chunks_exact(2) {
            texts.push((name.clone(), pair[0].trim_end().to_owned(), pair[1].to_owned()));
        }
    }
    texts
}

/// A text without what stands between two marks.
fn without(text: &str, from: &str, to: &str) -> String {
    let (mut left, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(from) {
        left.push_str(before);
        rest = after.split_once(to).map_or("", |(_, after)| after);
    }
    left.push_str(rest);
    left
}

fn is_id(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    text.contains('-') && text.split('-').all(is_part) && !NO_IDS.contains(&text)
}

/// Two words at least, or one that begins as a sentence or a label does. What is filled in says nothing yet.
fn is_said(text: &str) -> bool {
    let text = without(text, "{", "}");
    let is_word = |word: &&str| {
        let word = word.trim_matches([',', '.', ':', ';', '?', '!']);
        !word.is_empty() && word.chars().all(char::is_alphabetic)
    };
    let words: Vec<_> = text.split_whitespace().filter(is_word).collect();
    let has_capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    };
    words.len() > 1 || words.iter().any(|word| has_capital(word) && *word != "HelloMapper")
}

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

#[test]
fn every_language_has_each_message_that_is_asked_for_and_no_other() {
    let texts = texts();
    let asked: BTreeSet<_> =
        texts.iter().map(|(_, _, text)| text.as_str()).filter(|text| is_id(text)).collect();
    for locale in Locale::ALL.into_iter().chain([Locale::MadeUp]) {
        // Some of its messages are made of others, which are its own.
        let parts = locale.files().into_iter().flat_map(|text| text.split("{ ").skip(1));
        let parts = parts.filter_map(|text| text.split_once(" }")).map(|(part, _)| part);
        let needed: BTreeSet<_> = asked.iter().copied().chain(parts.filter(|part| is_id(part))).collect();
        let lines = locale.files().into_iter().flat_map(str::lines);
        let there: BTreeSet<_> = lines
            .filter_map(|line| line.split_once(" = "))
            .map(|(id, _)| id)
            .filter(|id| is_id(id))
            .collect();
        assert_eq!(there, needed, "{locale:?}");
    }
}

#[test]
fn every_file_of_a_language_is_read() {
    for locale in Locale::ALL {
        let mut there: Vec<_> = files(&format!("locales/{}", locale.tag()))
            .into_iter()
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        there.sort();
        let mut read = locale.files();
        read.sort_unstable();
        assert_eq!(there, read, "{locale:?}");
    }
}

/// Whoever asks for a letter about an account has told us no language; of a booking's patient it is known.
#[test]
fn no_letter_about_a_booking_has_a_language_of_its_own() {
    let fixed = ["src/inbox", "src/jobs"].into_iter().flat_map(files).filter(|path| {
        // As the last of what words are written with.
        fs::read_to_string(path).unwrap().contains(", Locale::English)")
    });
    let fixed: BTreeSet<_> =
        fixed.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    let of_accounts = ["invitation_made.rs", "mail_requested.rs", "manage_code_requested.rs"];
    assert_eq!(fixed, BTreeSet::from(of_accounts.map(str::to_owned)));
}

#[test]
fn no_sentence_stands_in_code() {
    for (file, before, text) in texts() {
        // What a fault says is for whoever runs this.
        let is_of_a_fault = before.ends_with("expect(") || before.ends_with("error(");
        let is_silent = SILENT.contains(&file.as_str()) || is_of_a_fault || before.ends_with("path =");
        assert!(is_silent || !is_said(&text), "{file} says {text:?}, which belongs in locales/");
    }
}

#[test]
fn frames_have_no_words_of_their_own() {
    for path in files("templates") {
        let frame = fs::read_to_string(&path).unwrap();
        let marks = [("{{", "}}"), ("{%", "%}"), ("<", ">")];
        let words = marks.into_iter().fold(frame, |text, (from, to)| without(&text, from, to));
        assert!(!words.contains(char::is_alphabetic), "{path:?} says {:?}", words.trim());
    }
}
