//! Codes as they are printed: groups of four with dashes between them.

/// The last group of a printed code: what is asked for to see that it was kept.
pub fn last_group(code: &str) -> &str {
    code.rsplit('-').next().unwrap_or(code)
}

/// Whether somebody typed that group, as forgivingly as the codes themselves are read (`docs/sealing-format.md`): in any
/// case, O for 0, I and L for 1.
pub fn is_same_group(typed: &str, group: &str) -> bool {
    plain(typed) == plain(group)
}

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
    letters
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_same_group, last_group};

    #[test]
    fn the_last_group_is_read_as_forgivingly_as_the_code() {
        let group = last_group("0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-W10Z");
        assert_eq!(group, "W10Z");
        for typed in ["W10Z", "w10z", " wioz ", "w-l0z"] {
            assert!(is_same_group(typed, group), "{typed}");
        }
        for typed in ["", "W10", "W10Y", "RSTV"] {
            assert!(!is_same_group(typed, group), "{typed}");
        }
    }
}
