//! A page that could not be shown, in the shape of its problem. Errors of fields belong beside the fields;
//! this is for everything else.

use shared_types::Problem;
use yew::prelude::*;

use crate::{head::Head, hooks::use_head};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProblemViewProps {
    pub problem: Problem,
    /// The address to try again, with its query; without it no such button is shown. Its target makes the browser
    /// load it afresh: followed within the page, the same address would fetch nothing.
    #[prop_or_default]
    pub retry: Option<AttrValue>,
}

/// The box that stands where the content would have been.
#[component]
pub fn ProblemView(props: &ProblemViewProps) -> Html {
    let problem = &props.problem;
    let retry = props.retry.clone().filter(|_| problem.status == 0 || problem.status >= 429);
    html! {
        <div class="state" role="alert">
            <h2>{ &problem.title }</h2>
            <p>{ problem.detail.clone().unwrap_or_else(|| "Nothing was changed.".to_owned()) }</p>
            <ul class="prose" hidden={problem.errors.is_empty()}>{ for field_errors(problem) }</ul>
            <div class="button-row">
                if let Some(href) = retry {
                    <a class="button" {href} target="_self">{ "Try again" }</a>
                }
                <a class="button button--quiet" href="/search">{ "Find care" }</a>
            </div>
            <p class="small muted">
                if let Some(instance) = &problem.instance {
                    { format!("Request {instance}") }
                }
            </p>
        </div>
    }
}

/// What is wrong with each field, for problems that no form on the page can show.
fn field_errors(problem: &Problem) -> impl Iterator<Item = Html> {
    problem.errors.iter().map(|error| {
        html! { <li key={error.pointer.clone()}>{ format!("{}: {}", error.pointer, error.detail) }</li> }
    })
}

/// A whole page for a problem, with its status and head.
#[component]
pub fn ProblemPageView(props: &ProblemViewProps) -> Html {
    use_head(Head::of_problem(&props.problem));
    let absent = props.problem.status == 404;
    let title = if absent { "We cannot find that page".to_owned() } else { props.problem.title.clone() };
    let detail = if absent {
        "It may have moved, or the address may have a mistake in it.".to_owned()
    } else {
        props
            .problem
            .detail
            .clone()
            .unwrap_or_else(|| "Nothing was changed. Try again in a moment.".to_owned())
    };
    let retry = props.retry.clone().filter(|_| !absent);
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow fault">
            <h1>{ title }</h1>
            <p>{ detail }</p>
            <div class="button-row">
                if let Some(href) = retry {
                    <a class="button" {href} target="_self">{ "Try again" }</a>
                }
                <a class="button button--quiet" href="/search">{ "Find care" }</a>
                <a class="button button--plain" href="/">{ "Start page" }</a>
            </div>
            <p class="small muted">
                if let Some(instance) = &props.problem.instance {
                    { format!("Request {instance}") }
                }
            </p>
        </div></main>
    }
}
