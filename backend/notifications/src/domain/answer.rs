//! What somebody answers to a text message.

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They will come.
    Coming,
    /// They will not.
    NotComing,
    /// No more text messages.
    Stop,
    /// Text messages again.
    Start,
    /// Something that no rule of ours reads.
    Unclear,
}

impl Answer {
    /// Reads one word, however it is written; whoever writes more means more than a word says.
    pub fn read(text: &str) -> Self {
        let mut words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let (first, more) = (words.next().unwrap_or_default().to_uppercase(), words.next().is_some());
        match first.as_str() {
            _ if more => Self::Unclear,
            "Y" | "YES" => Self::Coming,
            "N" | "NO" | "CANCEL" => Self::NotComing,
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "END" | "QUIT" => Self::Stop,
            "START" | "UNSTOP" => Self::Start,
            _ => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn one_word_is_an_answer_and_more_is_for_people() {
        for (text, answer) in [
            ("Y", Answer::Coming),
            (" yes! ", Answer::Coming),
            ("n", Answer::NotComing),
            ("No.", Answer::NotComing),
            ("Cancel", Answer::NotComing),
            ("STOP", Answer::Stop),
            ("start", Answer::Start),
            ("", Answer::Unclear),
            ("No worries, I will be there", Answer::Unclear),
            ("yes but later", Answer::Unclear),
            ("Ye", Answer::Unclear),
        ] {
            assert_eq!(Answer::read(text), answer, "{text:?}");
        }
    }
}
