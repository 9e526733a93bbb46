//! The templates in `templates/`, each as plain text and as HTML: frames alone, whose words are all given, in the reader's language. The
//! HTML has no styles, scripts or pictures: mail programs show it in the reader's own size and colours, light or dark, and nothing tells
//! when it was read.

use askama::Template;

/// What a message about an appointment says: that it changed, that another time is proposed, that it is disputed, what it costs.
pub struct ChangeWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `Hello Ada,`.
    pub hello: String,
    /// `Your appointment is confirmed`.
    pub heading: String,
    /// What happened.
    pub sentences: Vec<String>,
    /// When, with whom, where, what it costs.
    pub facts: Vec<ReminderFact>,
    /// Where it can be changed, when we know the link's secret.
    pub link: Option<ReminderLink>,
    /// What the link asks for first.
    pub link_note: String,
    /// What else there is to say.
    pub closing: Vec<String>,
    /// Why it was sent.
    pub why: String,
}

/// As plain text.
#[derive(Template)]
#[template(path = "change.txt")]
pub struct ChangeText<'a> {
    /// The words.
    pub words: &'a ChangeWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "change.html")]
pub struct ChangeHtml<'a> {
    /// The words.
    pub words: &'a ChangeWords,
}

/// One visit of a series.
pub struct VisitWords {
    /// When, and what else is not the same for all of them.
    pub facts: Vec<ReminderFact>,
    /// Where it can be changed, when we know the link's secret.
    pub link: Option<String>,
}

/// What a message about a series says.
pub struct SeriesWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `Hello Ada,`.
    pub hello: String,
    /// `Your 3 appointments are confirmed`.
    pub heading: String,
    /// What is the same for all visits.
    pub facts: Vec<ReminderFact>,
    /// The visits, in order of time.
    pub visits: Vec<VisitWords>,
    /// What the link of each is for.
    pub link_words: String,
    /// What else there is to say.
    pub closing: Vec<String>,
    /// Why it was sent.
    pub why: String,
}

/// As plain text.
#[derive(Template)]
#[template(path = "series.txt")]
pub struct SeriesText<'a> {
    /// The words.
    pub words: &'a SeriesWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "series.html")]
pub struct SeriesHtml<'a> {
    /// The words.
    pub words: &'a SeriesWords,
}

/// What a message with a code says.
pub struct CodeWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `Your code`.
    pub heading: String,
    /// What to do with it.
    pub enter: String,
    /// Six digits.
    pub code: String,
    /// For how long it works.
    pub lasts: String,
    /// What to do when it was somebody else.
    pub not_me: String,
}

/// As plain text.
#[derive(Template)]
#[template(path = "manage_code.txt")]
pub struct CodeText<'a> {
    /// The words.
    pub words: &'a CodeWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "manage_code.html")]
pub struct CodeHtml<'a> {
    /// The words.
    pub words: &'a CodeWords,
}

/// What a message about an account says.
pub struct AccountWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `Confirm your e-mail address`.
    pub heading: String,
    /// What happened or what to do.
    pub sentences: Vec<String>,
    /// Where its link leads, if it has one.
    pub link: Option<String>,
    /// What the link does.
    pub link_words: String,
    /// What else there is to say.
    pub closing: Vec<String>,
}

/// As plain text.
#[derive(Template)]
#[template(path = "account.txt")]
pub struct AccountText<'a> {
    /// The words.
    pub words: &'a AccountWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "account.html")]
pub struct AccountHtml<'a> {
    /// The words.
    pub words: &'a AccountWords,
}

/// One line of what an appointment is: `When: Tuesday …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderFact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// One thing that a message lets somebody do.
#[derive(Clone, PartialEq, Eq)]
pub struct ReminderLink {
    /// What it does.
    pub words: String,
    /// Where it leads.
    pub link: String,
}

/// What a reminder says.
pub struct ReminderWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `You have an appointment`.
    pub heading: String,
    /// `Hello Ada,`.
    pub hello: String,
    /// When, with whom, where.
    pub facts: Vec<ReminderFact>,
    /// What can be done about it.
    pub links: Vec<ReminderLink>,
    /// What else there is to say.
    pub closing: Vec<String>,
    /// The way out of reminders.
    pub unsubscribe: ReminderLink,
}

/// As plain text.
#[derive(Template)]
#[template(path = "reminder.txt")]
pub struct ReminderText<'a> {
    /// The words.
    pub words: &'a ReminderWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "reminder.html")]
pub struct ReminderHtml<'a> {
    /// The words.
    pub words: &'a ReminderWords,
}

/// What a message about lateness says.
pub struct LatenessWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `Your appointment is likely to begin late`.
    pub heading: String,
    /// `Hello Ada,`.
    pub hello: String,
    /// By how much, and what to do.
    pub sentences: Vec<String>,
    /// When, with whom, where.
    pub facts: Vec<ReminderFact>,
    /// Why it was sent.
    pub closing: String,
}

/// As plain text.
#[derive(Template)]
#[template(path = "lateness.txt")]
pub struct LatenessText<'a> {
    /// The words.
    pub words: &'a LatenessWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "lateness.html")]
pub struct LatenessHtml<'a> {
    /// The words.
    pub words: &'a LatenessWords,
}

/// What a letter about money says that can be paid or booked anew.
pub struct MoneyWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `Your money is on its way back`.
    pub heading: String,
    /// `Hello Ada,`.
    pub hello: String,
    /// What happened, and what to do.
    pub sentences: Vec<String>,
    /// How much, of which appointment.
    pub facts: Vec<ReminderFact>,
    /// Where that is done.
    pub link: ReminderLink,
    /// Why it was sent.
    pub closing: String,
}

/// As plain text.
#[derive(Template)]
#[template(path = "money.txt")]
pub struct MoneyText<'a> {
    /// The words.
    pub words: &'a MoneyWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "money.html")]
pub struct MoneyHtml<'a> {
    /// The words.
    pub words: &'a MoneyWords,
}

/// What a letter about a visit that nobody marked, or that its patient did not come to, says.
pub struct PresumedWords {
    /// The BCP 47 tag of its language.
    pub lang: &'static str,
    /// `Your visit counts as having taken place`.
    pub heading: String,
    /// `Hello Ada,`.
    pub hello: String,
    /// Why that is so, and what to do if it is not.
    pub sentences: Vec<String>,
    /// When it was, and until when to say so.
    pub facts: Vec<ReminderFact>,
    /// Where that is done.
    pub link: ReminderLink,
    /// Why it was sent.
    pub closing: String,
}

/// As plain text.
#[derive(Template)]
#[template(path = "presumed.txt")]
pub struct PresumedText<'a> {
    /// The words.
    pub words: &'a PresumedWords,
}

/// As HTML.
#[derive(Template)]
#[template(path = "presumed.html")]
pub struct PresumedHtml<'a> {
    /// The words.
    pub words: &'a PresumedWords,
}
