//! Which visits of a series are to be cancelled, each with what that costs, before any button is pressed.

use jiff::Timestamp;
use yew::prelude::*;

use super::select_field::SelectField;

/// How much of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One visit and all after it.
    Following,
    /// All that are still to come.
    All,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Following, Self::All];

    fn code(self) -> &'static str {
        match self {
            Self::Following => "following",
            Self::All => "all",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Following => "This visit and those after it",
            Self::All => "All visits to come",
        }
    }

    /// Whether it has a visit, seen from another.
    pub fn has(self, start: Timestamp, from: Timestamp) -> bool {
        match self {
            Self::Following => start >= from,
            Self::All => true,
        }
    }
}

/// One visit that would be cancelled.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitLine {
    /// Which.
    pub id: AttrValue,
    /// `Monday 30 November, 10:00 am`.
    pub when: AttrValue,
    /// What cancelling it would cost.
    pub cost: AttrValue,
}

#[derive(Clone, PartialEq, Properties)]
pub struct SeriesVisitsProps {
    /// The id of the field.
    pub id: AttrValue,
    pub scope: Scope,
    pub on_scope: Callback<Scope>,
    /// In order of time.
    pub visits: Vec<VisitLine>,
}

/// The question, and the list that answers to it.
#[component]
pub fn SeriesVisits(props: &SeriesVisitsProps) -> Html {
    let options = Scope::ALL.map(|scope| (AttrValue::from(scope.code()), AttrValue::from(scope.words())));
    let onchange = props.on_scope.reform(|code: String| {
        Scope::ALL.into_iter().find(|scope| scope.code() == code).unwrap_or(Scope::Following)
    });
    html! {
        <>
            <SelectField id={props.id.clone()} label="Which visits" options={options.to_vec()}
                value={props.scope.code()} {onchange} />
            <ul role="list" aria-live="polite">
                { for props.visits.iter().map(|visit| html! {
                    <li key={visit.id.to_string()}>
                        <strong>{ &visit.when }</strong>{ ". " }{ &visit.cost }
                    </li>
                }) }
            </ul>
        </>
    }
}

/// `Cancel 3 visits`.
pub fn cancel_words(count: usize) -> String {
    match count {
        1 => "Cancel 1 visit".to_owned(),
        count => format!("Cancel {count} visits"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, cancel_words};

    #[test]
    fn following_begins_with_the_visit_itself() {
        let at = |text: &str| text.parse().unwrap();
        let (before, this, after) =
            (at("2026-11-29T23:00:00Z"), at("2026-12-06T23:00:00Z"), at("2026-12-13T23:00:00Z"));
        assert_eq!([before, this, after].map(|start| Scope::Following.has(start, this)), [false, true, true]);
        assert_eq!([before, this, after].map(|start| Scope::All.has(start, this)), [true; 3]);
        assert_eq!((cancel_words(1), cancel_words(3)), ("Cancel 1 visit".into(), "Cancel 3 visits".into()));
    }
}
