//! Which consents can be withdrawn while the account stays.

/// Whether a consent can be withdrawn by itself: then what rested on it is deleted. The others are the ground an
/// account or a booking stands on; they end with it.
pub fn is_withdrawable(text: &str) -> bool {
    WITHDRAWABLE.contains(&text)
}

const WITHDRAWABLE: [&str; 1] = ["medicare-collection"];

#[cfg(test)]
mod tests {
    use super::{WITHDRAWABLE, is_withdrawable};
    use crate::domain::texts;

    #[test]
    fn what_can_be_withdrawn_is_a_text_of_ours() {
        let texts = texts::all().unwrap();
        assert!(WITHDRAWABLE.iter().all(|name| texts.iter().any(|text| text.text == *name)));
        assert!(!is_withdrawable("booking-collection") && !is_withdrawable(""));
    }
}
