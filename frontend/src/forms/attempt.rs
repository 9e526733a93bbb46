//! Idempotency keys: one for each thing somebody tries to do.
//!
//! A key is made when a body is first sent and reused while nobody knows what became of it, so that pressing
//! "Try again" after a lost reply cannot book twice. Once the server has given its answer, the key has done its
//! work and the next try gets a new one.

use shared_types::Problem;

/// A change that was sent and whose outcome is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt(Option<Sent>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    /// What was asked, to tell a retry from another wish.
    what: String,
    key: String,
}

impl Attempt {
    /// The key to send with `what`: the last one if this repeats it, otherwise one from `make`.
    pub fn key_for(&mut self, what: &str, make: impl FnOnce() -> String) -> String {
        match &self.0 {
            Some(sent) if sent.what == what => sent.key.clone(),
            _ => {
                let key = make();
                self.0 = Some(Sent { what: what.to_owned(), key: key.clone() });
                key
            }
        }
    }

    /// Notes how it went: forgets the key unless the outcome is still open.
    pub fn settle(&mut self, problem: Option<&Problem>) {
        if !problem.is_some_and(outcome_is_open) {
            self.0 = None;
        }
    }
}

/// Whether the change may or may not have happened: no reply came, the server failed, or work is under way.
pub fn outcome_is_open(problem: &Problem) -> bool {
    problem.status == 0 || problem.status >= 500 || problem.is("in-progress")
}

#[cfg(test)]
mod tests {
    use shared_types::Problem;

    use super::Attempt;

    #[test]
    fn a_retry_of_the_same_body_keeps_its_key() {
        let mut attempt = Attempt::default();
        assert_eq!(attempt.key_for("9:15", || "a".to_owned()), "a");
        attempt.settle(Some(&Problem::new("offline", 0, "No connection")));
        assert_eq!(attempt.key_for("9:15", || "b".to_owned()), "a");
    }

    #[test]
    fn another_body_gets_another_key() {
        let mut attempt = Attempt::default();
        attempt.key_for("9:15", || "a".to_owned());
        assert_eq!(attempt.key_for("9:30", || "b".to_owned()), "b");
    }

    #[test]
    fn an_answer_ends_the_attempt() {
        for (kind, status, kept) in [
            ("time-taken", 409, false),
            ("in-progress", 409, true),
            ("internal", 500, true),
            ("invalid", 422, false),
        ] {
            let mut attempt = Attempt::default();
            attempt.key_for("9:15", || "a".to_owned());
            attempt.settle(Some(&Problem::new(kind, status, "")));
            assert_eq!(attempt.key_for("9:15", || "b".to_owned()) == "a", kept, "{kind}");
        }
        let mut attempt = Attempt::default();
        attempt.key_for("9:15", || "a".to_owned());
        attempt.settle(None);
        assert_eq!(attempt.key_for("9:15", || "b".to_owned()), "b");
    }
}
