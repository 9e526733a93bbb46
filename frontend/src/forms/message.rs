//! A message while it is written.

/// The longest, in characters: far below what can be sealed.
pub const MESSAGE_MAX: usize = 4_000;

/// What is wrong with a message, if anything.
pub fn check_message(text: &str) -> Option<String> {
    let used = text.chars().count();
    if text.trim().is_empty() {
        Some("Write a message first".to_owned())
    } else if used > MESSAGE_MAX {
        Some(format!("Shorten this by {} letters", used - MESSAGE_MAX))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{MESSAGE_MAX, check_message};

    #[test]
    fn a_message_says_something_and_is_not_too_long() {
        assert_eq!(check_message("I am five minutes late."), None);
        assert!(check_message(" \n").is_some());
        assert_eq!(check_message(&"ä".repeat(MESSAGE_MAX)), None);
        let long = check_message(&"ä".repeat(MESSAGE_MAX + 7));
        assert_eq!(long.as_deref(), Some("Shorten this by 7 letters"));
    }
}
