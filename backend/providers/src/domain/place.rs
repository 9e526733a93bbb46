//! What people type for a place: a suburb, a postcode, a state, in any order and spelling.

/// Words for a place, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceWords {
    /// The name in lower case, without state and postcode; may be empty.
    pub name: String,
    /// `NSW`, when a state was named.
    pub state: Option<&'static str>,
    /// Four digits, when given.
    pub postcode: Option<String>,
}

const STATES: [(&str, &str); 16] = [
    ("new south wales", "NSW"),
    ("western australia", "WA"),
    ("south australia", "SA"),
    ("northern territory", "NT"),
    ("australian capital territory", "ACT"),
    ("queensland", "QLD"),
    ("tasmania", "TAS"),
    ("victoria", "VIC"),
    ("nsw", "NSW"),
    ("vic", "VIC"),
    ("qld", "QLD"),
    ("sa", "SA"),
    ("wa", "WA"),
    ("tas", "TAS"),
    ("nt", "NT"),
    ("act", "ACT"),
];

impl PlaceWords {
    /// Takes words apart. A state counts only at the end, so that "Victoria Park" stays a name.
    pub fn parse(text: &str) -> Self {
        let mut name = normalise(text);
        let mut words = Self::default();
        // Twice, since state and postcode come in either order.
        for _ in 0..2 {
            if words.postcode.is_none()
                && let Some((rest, postcode)) = split_postcode(&name)
            {
                words.postcode = Some(postcode);
                name = rest;
            }
            if words.state.is_none()
                && let Some((rest, state)) = split_state(&name)
                && (!rest.is_empty() || words.postcode.is_some())
            {
                words.state = Some(state);
                name = rest;
            }
        }
        words.name = name;
        words
    }

    /// What the words mean, the likelier first: "Mount Victoria" is a town before it is a mount in Victoria.
    pub fn readings(text: &str) -> Vec<Self> {
        let apart = Self::parse(text);
        let (name, postcode) = match split_postcode(&normalise(text)) {
            Some((rest, postcode)) => (rest, Some(postcode)),
            None => (normalise(text), None),
        };
        let ends_with_a_state = apart.state.is_some() && !apart.name.is_empty();
        let whole = ends_with_a_state.then_some(Self { name, state: None, postcode });
        whole.into_iter().chain([apart]).collect()
    }
}

/// Lower case, commas, dots and control characters as spaces, one space between words, `st` and `mt` spelled as data has them.
fn normalise(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c == ',' || c == '.' || c.is_control() { ' ' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    let words = spaced.replace('\u{2019}', "'");
    words
        .split_whitespace()
        .map(|word| if word == "mt" { "mount" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

fn split_postcode(name: &str) -> Option<(String, String)> {
    let words: Vec<_> = name.split(' ').collect();
    let is_postcode = |word: &&&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let postcode = words.last().filter(is_postcode).or(words.first().filter(is_postcode))?;
    let rest = words.iter().filter(|word| word != &postcode).copied().collect::<Vec<_>>().join(" ");
    Some((rest, (*postcode).to_owned()))
}

fn split_state(name: &str) -> Option<(String, &'static str)> {
    STATES.iter().find_map(|(spelling, state)| {
        let rest = name.strip_suffix(spelling)?;
        (rest.is_empty() || rest.ends_with(' ')).then(|| (rest.trim_end().to_owned(), *state))
    })
}

#[cfg(test)]
mod tests {
    use super::PlaceWords;

    fn check(text: &str, name: &str, state: Option<&str>, postcode: Option<&str>) {
        let words = PlaceWords::parse(text);
        assert_eq!(
            (words.name.as_str(), words.state, words.postcode.as_deref()),
            (name, state, postcode),
            "{text}"
        );
    }

    #[test]
    fn names_states_and_postcodes_are_told_apart() {
        check("Parramatta", "parramatta", None, None);
        check("2150", "", None, Some("2150"));
        check("Paramatta NSW", "paramatta", Some("NSW"), None);
        check("Parramatta, NSW 2150", "parramatta", Some("NSW"), Some("2150"));
        check("Parramatta 2150 NSW", "parramatta", Some("NSW"), Some("2150"));
        check("2150 Parramatta", "parramatta", None, Some("2150"));
        check("Richmond New South Wales", "richmond", Some("NSW"), None);
        check("Victoria Park", "victoria park", None, None);
        check("Mt Isa", "mount isa", None, None);
        check("Victoria", "victoria", None, None);
        check("", "", None, None);
    }

    #[test]
    fn a_state_at_the_end_may_be_part_of_the_name() {
        let names = |text| PlaceWords::readings(text).into_iter().map(|words| words.name).collect::<Vec<_>>();
        assert_eq!(names("Mount Victoria 2786"), ["mount victoria", "mount"]);
        assert_eq!(names("Paramatta NSW"), ["paramatta nsw", "paramatta"]);
        assert_eq!(names("Parramatta"), ["parramatta"]);
        assert_eq!(names("NSW 2150"), [""]);
    }
}
