//! Leave to act for somebody, while it is asked for: whom, for what, and until when.

use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use shared_types::{problem::FieldError, users::DelegationScope};
use yew::Reducible;

/// Every scope with its words.
pub const SCOPES: [(DelegationScope, &str); 4] = [
    (DelegationScope::Appointments, "See, make, move and cancel appointments"),
    (DelegationScope::Intake, "Read and write sealed messages"),
    (DelegationScope::Payments, "See and settle what is owed, and keep card numbers"),
    (DelegationScope::Details, "Change details, and see who looked at the record"),
];

/// How long leave may last, in days and in words. Two years are the most.
pub const LENGTHS: [(u16, &str); 4] =
    [(91, "3 months"), (182, "6 months"), (365, "1 year"), (730, "2 years")];

/// What stands in the form and what is wrong with it. No `Debug`: it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct LeaveForm {
    /// Where to ask.
    pub email: String,
    /// For what; nothing beforehand.
    pub scopes: Vec<DelegationScope>,
    /// For how long, in days.
    pub days: u16,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// How often it was judged; the summary takes the focus each time.
    pub judged: u32,
}

impl Default for LeaveForm {
    fn default() -> Self {
        Self { email: String::new(), scopes: Vec::new(), days: 365, errors: Vec::new(), judged: 0 }
    }
}

/// Something typed, or found out.
pub enum LeaveAction {
    /// The address is now this.
    Email(String),
    /// A scope was ticked or not.
    Scope(DelegationScope, bool),
    /// It is to last so many days.
    Days(u16),
    /// What is wrong now.
    Judge(Vec<FieldError>),
    /// It was sent: the form is empty again.
    Sent,
}

impl Reducible for LeaveForm {
    type Action = LeaveAction;

    fn reduce(self: Rc<Self>, action: LeaveAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            LeaveAction::Email(text) => form.email = text,
            LeaveAction::Scope(scope, ticked) => {
                form.scopes.retain(|other| *other != scope);
                if ticked {
                    form.scopes.push(scope);
                }
            }
            LeaveAction::Days(days) => form.days = days,
            LeaveAction::Judge(errors) => (form.errors, form.judged) = (errors, form.judged + 1),
            LeaveAction::Sent => form = Self::default(),
        }
        Rc::new(form)
    }
}

impl LeaveForm {
    /// What is wrong before anything is sent.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let shaped = self
            .email
            .trim()
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if !shaped {
            errors.push(FieldError::new("/email", "Enter an e-mail address, such as ada@example.org"));
        }
        if self.scopes.is_empty() {
            errors.push(FieldError::new("/scopes", "Tick at least one thing that they may do"));
        }
        errors
    }

    /// When it would end, begun now.
    pub fn expires_at(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(SignedDuration::from_hours(24 * i64::from(self.days))).unwrap_or(now)
    }

    /// What is wrong with one field.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.clone())
    }
}

/// What somebody may do, in words.
pub fn scope_words(scopes: &[DelegationScope]) -> Vec<&'static str> {
    SCOPES.iter().filter(|(scope, _)| scopes.contains(scope)).map(|(_, words)| *words).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use jiff::Timestamp;
    use shared_types::users::DelegationScope;
    use yew::Reducible as _;

    use super::{LENGTHS, LeaveAction, LeaveForm, SCOPES, scope_words};

    #[test]
    fn nothing_is_allowed_beforehand_and_something_has_to_be() {
        let form = Rc::new(LeaveForm::default());
        assert!(form.scopes.is_empty());
        let pointers: Vec<_> = form.check().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/email", "/scopes"]);
        let form = form
            .reduce(LeaveAction::Email("kim@example.org".to_owned()))
            .reduce(LeaveAction::Scope(DelegationScope::Payments, true));
        assert!(form.check().is_empty());
    }

    #[test]
    fn leave_lasts_two_years_at_most() {
        let now: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
        for (days, _) in LENGTHS {
            let form = LeaveForm { days, ..LeaveForm::default() };
            let hours = form.expires_at(now).duration_since(now).as_hours();
            assert!((1..=731 * 24).contains(&hours), "{days}");
        }
    }

    #[test]
    fn every_scope_has_words() {
        assert_eq!(scope_words(&DelegationScope::ALL).len(), SCOPES.len());
        assert_eq!(scope_words(&[DelegationScope::Intake]), ["Read and write sealed messages"]);
    }
}
