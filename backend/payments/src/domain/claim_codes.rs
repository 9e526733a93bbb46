//! What Medicare's codes mean in plain words: `data/claim_codes.csv`, each line with its source.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;
use shared_types::payments::claim::{ClaimReason, VerificationResult};

/// A line of the list. What it says of its source is for its readers.
#[derive(Deserialize)]
struct Line {
    code: String,
    words: String,
    remedy: String,
}

static CODES: LazyLock<HashMap<String, ClaimReason>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_str!("../../data/claim_codes.csv").as_bytes());
    let lines =
        reader.deserialize::<Line>().map(|line| line.expect("our own list is whole: a test reads it"));
    let reasons = lines.map(|line| {
        let remedy = Some(line.remedy).filter(|remedy| !remedy.is_empty());
        (line.code.clone(), ClaimReason { code: line.code, words: line.words, remedy })
    });
    reasons.collect()
});

/// A code in plain words; one that the list does not have is shown as it is.
pub fn reason(code: &str) -> ClaimReason {
    CODES.get(code).cloned().unwrap_or_else(|| ClaimReason {
        code: code.to_owned(),
        words: "Medicare gave a code that our list does not explain.".to_owned(),
        remedy: Some("Ask Medicare what it means, and name the code.".to_owned()),
    })
}

/// What the answer about a patient means. Whatever is not known to be harmless blocks.
pub fn verification(code: &str) -> VerificationResult {
    match code {
        "0" => VerificationResult::Verified,
        "8015" | "8016" | "8017" | "8018" | "8019" | "8020" | "8021" | "9633" => VerificationResult::Differs,
        _ => VerificationResult::Blocked,
    }
}

#[cfg(test)]
mod tests {
    use shared_types::payments::claim::VerificationResult;

    use super::{CODES, reason, verification};

    #[test]
    fn the_list_is_whole_and_says_what_to_do() {
        assert!(CODES.len() > 50);
        assert_eq!(reason("162").words, "Medicare has paid for this service before.");
        assert!(reason("9628").remedy.is_some());
        assert_eq!(reason("4711").code, "4711");
    }

    #[test]
    fn what_nobody_knows_blocks() {
        assert_eq!(verification("0"), VerificationResult::Verified);
        assert_eq!(verification("8017"), VerificationResult::Differs);
        for code in ["9649", "9650", "9675", "", "4711"] {
            assert_eq!(verification(code), VerificationResult::Blocked, "{code}");
        }
    }
}
