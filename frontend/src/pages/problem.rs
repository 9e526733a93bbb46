//! A page for each kind of problem: `type` of RFC 9457 leads here. People read what happened, what was kept
//! and what to do; programs read the same of the API.

mod accounts;
mod bookings;
mod money;
mod requests;

use yew::prelude::*;

use super::not_found::NotFoundPage;
use crate::{components::breadcrumb::Breadcrumb, head::Head, hooks::use_head};

/// What can go wrong, in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemKind {
    /// The last part of its address.
    pub kind: &'static str,
    /// The HTTP status it comes with.
    pub status: u16,
    /// A few words.
    pub title: &'static str,
    /// What happened.
    pub happened: &'static str,
    /// What was kept or changed.
    pub kept: &'static str,
    /// What to do.
    pub next: &'static str,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProblemPageProps {
    pub kind: String,
}

/// The explanation of one kind.
#[component]
pub fn ProblemPage(props: &ProblemPageProps) -> Html {
    match problems().find(|problem| problem.kind == props.kind) {
        Some(problem) => html! { <Explained problem={*problem} /> },
        None => html! { <NotFoundPage /> },
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ExplainedProps {
    problem: ProblemKind,
}

#[component]
fn Explained(props: &ExplainedProps) -> Html {
    let problem = props.problem;
    use_head(Head {
        title: problem.title.to_owned(),
        description: format!("{} {}", problem.happened, problem.next),
        canonical: Some(format!("/problems/{}", problem.kind)),
        ..Head::default()
    });
    html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Breadcrumb above={vec![("HelloMapper".into(), "/".into())]} here={problem.title} />
            <div class="page-head"><h1>{ problem.title }</h1><p class="lede">{ problem.happened }</p></div>
            <div class="prose">
                <h2>{ "What was kept" }</h2>
                <p>{ problem.kept }</p>
                <h2>{ "What to do" }</h2>
                <p>{ problem.next }</p>
                <p class="small muted">
                    { "For programs: type " }<code>{ format!("/problems/{}", problem.kind) }</code>
                    { format!(", status {}.", problem.status) }
                </p>
            </div>
        </div></main>
    }
}

/// Every kind the API sends, but `offline`, which only a browser can notice.
pub fn problems() -> impl Iterator<Item = &'static ProblemKind> {
    [requests::PROBLEMS, bookings::PROBLEMS, accounts::PROBLEMS, money::PROBLEMS].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::problems;

    #[test]
    fn each_kind_has_one_page_and_says_all_three_things() {
        let kinds: HashSet<_> = problems().map(|problem| problem.kind).collect();
        assert_eq!(kinds.len(), problems().count());
        for problem in problems() {
            assert!(problem.kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", problem.kind);
            for words in [problem.happened, problem.kept, problem.next] {
                assert!(words.ends_with('.'), "{}: {words}", problem.kind);
            }
        }
    }
}
