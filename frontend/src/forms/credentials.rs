//! An e-mail address and a password while they are typed. Neither is ever stored.

use std::rc::Rc;

use shared_types::{Problem, problem::FieldError};
use yew::Reducible;

/// The shortest password, in letters (NIST SP 800-63B-4, section 3.1.1.2, read 2026-11-23: fifteen where it stands
/// alone; here it may, since a second proof is the patient's choice).
pub const PASSWORD_MIN: usize = 15;

/// What stands in the form and how sending it went. No `Debug`: it is personal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// Whether the box below the notice is ticked; never beforehand.
    pub agreed: bool,
    /// Whether an answer is out.
    pub busy: bool,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// How often it was judged; the summary takes the focus each time.
    pub judged: u32,
    /// Why it did not work, when that concerns no field.
    pub problem: Option<Problem>,
}

/// Something typed, or found out.
pub enum CredentialsAction {
    /// The address is now this.
    Email(String),
    /// The password is now this.
    Password(String),
    /// The box is now ticked or not.
    Agreed(bool),
    /// What is wrong, before anything is sent.
    Judge(Vec<FieldError>),
    /// It is on its way.
    Sent,
    /// It was refused.
    Refused(Problem),
    /// It worked; the password is forgotten.
    Done,
}

impl Reducible for Credentials {
    type Action = CredentialsAction;

    fn reduce(self: Rc<Self>, action: CredentialsAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            CredentialsAction::Email(text) => form.email = text,
            CredentialsAction::Password(text) => form.password = text,
            CredentialsAction::Agreed(ticked) => form.agreed = ticked,
            CredentialsAction::Judge(errors) => {
                (form.errors, form.judged, form.problem) = (errors, form.judged + 1, None);
            }
            CredentialsAction::Sent => {
                (form.busy, form.problem, form.errors) = (true, None, Vec::new());
            }
            CredentialsAction::Refused(problem) => {
                (form.busy, form.judged) = (false, form.judged + 1);
                if problem.is("invalid") {
                    form.errors = problem.errors;
                } else {
                    form.problem = Some(problem);
                }
            }
            CredentialsAction::Done => {
                (form.busy, form.password) = (false, String::new());
            }
        }
        Rc::new(form)
    }
}

impl Credentials {
    /// What is wrong with one field.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.clone())
    }

    /// What is wrong with a sign-in.
    pub fn check_sign_in(&self) -> Vec<FieldError> {
        let mut errors = self.check_email();
        if self.password.is_empty() {
            errors.push(FieldError::new("/password", "Enter your password"));
        }
        errors
    }

    /// What is wrong with a sign-up, but for the box.
    pub fn check_sign_up(&self) -> Vec<FieldError> {
        let mut errors = self.check_email();
        errors.extend(self.check_new_password());
        errors
    }

    /// What is wrong with the address. Whether mail arrives there, only a mail shows.
    pub fn check_email(&self) -> Vec<FieldError> {
        let shaped = self
            .email
            .trim()
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        let wrong =
            (!shaped).then(|| FieldError::new("/email", "Enter an e-mail address, such as ada@example.org"));
        wrong.into_iter().collect()
    }

    /// What is wrong with a new password.
    pub fn check_new_password(&self) -> Vec<FieldError> {
        let short = self.password.chars().count() < PASSWORD_MIN;
        let wrong = short.then(|| {
            FieldError::new(
                "/password",
                format!("Use at least {PASSWORD_MIN} letters; a few words are easy to remember"),
            )
        });
        wrong.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::Problem;
    use yew::Reducible as _;

    use super::{Credentials, CredentialsAction};

    fn typed(email: &str, password: &str) -> Rc<Credentials> {
        Rc::new(Credentials::default())
            .reduce(CredentialsAction::Email(email.to_owned()))
            .reduce(CredentialsAction::Password(password.to_owned()))
    }

    #[test]
    fn a_new_password_has_fifteen_letters_and_an_old_one_is_not_judged() {
        assert!(typed("ada@example.org", "four words and more").check_sign_up().is_empty());
        let short = typed("ada@example.org", "short");
        assert_eq!(short.check_sign_up()[0].pointer, "/password");
        assert!(short.check_sign_in().is_empty());
    }

    #[test]
    fn every_missing_field_is_named() {
        let pointers: Vec<_> =
            typed("ada", "").check_sign_in().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/email", "/password"]);
    }

    #[test]
    fn a_refusal_keeps_what_was_typed_and_success_forgets_the_password() {
        let sent = typed("ada@example.org", "secret").reduce(CredentialsAction::Sent);
        assert!(sent.busy);
        let refused = sent.reduce(CredentialsAction::Refused(Problem::new("wrong-sign-in", 401, "No")));
        assert!(!refused.busy && refused.password == "secret" && refused.problem.is_some());
        assert!(refused.reduce(CredentialsAction::Done).password.is_empty());
    }
}
