//! Words of which some stay on one line: a time of day with its half, a state with its postcode.

use yew::prelude::*;

/// As Australia Post has them in addresses.
const STATES: [&str; 8] = ["ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"];

/// The words, with `12:00 pm` and `VIC 3216` unbroken. The text is the same to those who hear it, copy it or search for it.
pub fn together(words: &str) -> Html {
    let piece = |(kept, words): (bool, String)| {
        if kept {
            html! { <span class="together">{ words }</span> }
        } else {
            html! { words }
        }
    };
    html! { <>{ for pieces(words).into_iter().map(piece) }</> }
}

/// What stays together, and what stands between; all of it in a row is the text as it was.
fn pieces(text: &str) -> Vec<(bool, String)> {
    let (mut pieces, mut between) = (Vec::new(), String::new());
    let mut words = text.split(' ').peekable();
    let mut first = true;
    while let Some(word) = words.next() {
        if !std::mem::take(&mut first) {
            between.push(' ');
        }
        match words.next_if(|next| belong(word, next)) {
            Some(next) => {
                if !between.is_empty() {
                    pieces.push((false, std::mem::take(&mut between)));
                }
                pieces.push((true, format!("{word} {next}")));
            }
            None => between.push_str(word),
        }
    }
    if !between.is_empty() {
        pieces.push((false, between));
    }
    pieces
}

/// Whether two words are one thing, whatever closes the second.
fn belong(word: &str, next: &str) -> bool {
    let next = next.trim_end_matches(|letter: char| letter.is_ascii_punctuation());
    let is_clock = || word.contains(':') && word.ends_with(|letter: char| letter.is_ascii_digit());
    match next {
        "am" | "pm" => is_clock(),
        _ => STATES.contains(&word) && next.len() == 4 && next.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[track_caller]
    fn check(text: &str, kept: &[&str]) {
        let pieces = pieces(text);
        let whole: String = pieces.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(whole, text);
        let found: Vec<_> =
            pieces.iter().filter(|(kept, _)| *kept).map(|(_, words)| words.as_str()).collect();
        assert_eq!(found, kept, "{text}");
    }

    #[test]
    fn times_and_postcodes_stay_whole_and_nothing_else_changes() {
        check("Tomorrow 9:15 am", &["9:15 am"]);
        check("9:15 am to 10:00 am.", &["9:15 am", "10:00 am."]);
        check("12 Church Street, Geelong VIC 3216", &["VIC 3216"]);
        check("Costs nothing until Monday 23 November, 9:15 am. After that $40.", &["9:15 am."]);
        check("I am at 3216 Main  Street, WA", &[]);
        check("", &[]);
    }
}
