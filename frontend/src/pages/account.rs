//! An account's own pages. The server renders their frame for everybody alike; what concerns one person is fetched by
//! the browser afterwards.

pub mod agreements;
pub mod appointments;
pub mod calendar_feed;
pub mod cards;
mod claim;
pub mod consents;
pub mod coverage;
mod credentials_form;
pub mod details_form;
pub mod erasure;
pub mod export;
pub mod family;
pub mod forgotten;
pub mod home;
pub mod invitation;
mod key_setup;
pub mod keys;
pub mod notes;
pub mod notifications;
pub mod payments;
pub mod profile;
pub mod record;
pub mod reset;
pub mod security;
mod series;
pub mod sign_in;
pub mod sign_in_again;
mod sign_in_code;
mod sign_in_passkey;
pub mod sign_up;
pub mod verify;
pub mod waitlist;
pub mod with_keys;

use std::{ops::Deref, rc::Rc};

use shared_types::{Problem, problem::FieldError, users::Me};
use yew::prelude::*;

use self::sign_in_again::SignInAgain;
use crate::{
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
        problem_view::ProblemView,
        skeleton::Skeleton,
    },
    hooks::{
        Act,
        use_standing::{Standing, use_standing},
    },
};

/// Whoever is signed in, as a page hands it to its parts. One answer of the server is one value, and a new one another.
#[derive(Clone)]
pub struct Own(pub Rc<Me>);

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Own {
    type Target = Me;

    fn deref(&self) -> &Me {
        &self.0
    }
}

/// What most parts of these pages need to know.
#[derive(Clone, PartialEq, Properties)]
pub struct OwnProps {
    /// Who is signed in.
    pub me: Own,
}

#[derive(Clone, PartialEq, Properties)]
struct FrameProps {
    title: AttrValue,
    children: Html,
}

/// One column with a heading.
#[component]
fn Frame(props: &FrameProps) -> Html {
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow done account">
            <h1>{ &props.title }</h1>
            <p class="no-js-only">{ "This page needs JavaScript: your password is worked on in your browser." }</p>
            { props.children.clone() }
        </div></main>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OnlySignedInProps {
    title: AttrValue,
    /// Where to come back to.
    path: AttrValue,
    render: Callback<Rc<Me>, Html>,
}

/// A page for somebody who is signed in; others are sent to sign in and come back.
#[component]
fn OnlySignedIn(props: &OnlySignedInProps) -> Html {
    let standing = use_standing().standing;
    let content = match standing {
        Standing::Unknown => loading(),
        Standing::SignedIn(me) => props.render.emit(me),
        Standing::Failed(problem) => html! { <ProblemView {problem} retry={props.path.clone()} /> },
        Standing::SignedOut => html! {
            <div class="stack">
                <p>{ "Sign in to see this page." }</p>
                <div class="button-row">
                    <a class="button" href={format!("/account/sign-in?to={}", props.path)}>{ "Sign in" }</a>
                    <a class="button button--quiet" href="/account/sign-up">{ "Open an account" }</a>
                </div>
            </div>
        },
    };
    html! { <Frame title={props.title.clone()}>{ content }</Frame> }
}

/// The way back to the account's first page, at the end of each of the others.
fn back_to_account() -> Html {
    html! { <p><a class="back-link" href="/account">{ "Your account" }</a></p> }
}

/// What stands where something is still on its way.
pub fn loading() -> Html {
    html! {
        <div class="stack" aria-busy="true">
            <p class="visually-hidden" role="status">{ "Loading" }</p>
            <Skeleton kind="title" /><Skeleton kind="line" /><Skeleton kind="line" /><Skeleton kind="short" />
        </div>
    }
}

/// What was fetched, or what stands in its place: shapes on the way, and what to do about a failure.
fn fetched<T>(
    answer: Option<Result<Rc<T>, Problem>>,
    path: &'static str,
    again: &Callback<()>,
    render: impl FnOnce(Rc<T>) -> Html,
) -> Html {
    match answer {
        None => loading(),
        Some(Ok(found)) => render(found),
        Some(Err(problem)) => html! { <Failed {problem} here={path} on_again={again.clone()} /> },
    }
}

/// Why it did not work, where no field is to blame.
fn refusal(problem: Option<&Problem>) -> Html {
    problem.map_or_else(Html::default, |problem| {
        html! {
            <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                <p>{ problem.detail.clone().unwrap_or_default() }</p>
            </Notice>
        }
    })
}

#[derive(Clone, PartialEq, Properties)]
pub struct RefusedProps {
    pub act: Act,
    /// The pointers of fields that say themselves what is wrong with them.
    #[prop_or_default]
    pub beside: &'static [&'static str],
}

/// Why an act did not work; where it wants a fresh sign-in, the way to one, after which the act goes on by itself. It has
/// forms in it, so it stands behind a form and never inside.
#[component]
pub fn Refused(props: &RefusedProps) -> Html {
    let act = &props.act;
    let on_done = {
        let act = act.clone();
        Callback::from(move |()| act.again())
    };
    let on_cancel = {
        let act = act.clone();
        Callback::from(move |()| act.forget())
    };
    let content = if act.wants_sign_in() {
        html! { <SignInAgain {on_done} {on_cancel} /> }
    } else {
        act.problem.as_ref().map_or_else(Html::default, |problem| refused_words(problem, props.beside))
    };
    html! { <div class="optional">{ content }</div> }
}

fn refused_words(problem: &Problem, beside: &[&str]) -> Html {
    let elsewhere = |error: &&FieldError| !beside.contains(&error.pointer.as_str());
    let rest: Vec<_> = problem.errors.iter().filter(elsewhere).collect();
    if rest.is_empty() {
        return refusal(Some(problem).filter(|problem| problem.errors.is_empty()));
    }
    html! {
        <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
            <ul>{ for rest.iter().map(|error| html! { <li key={error.pointer.clone()}>{ &error.detail }</li> }) }</ul>
        </Notice>
    }
}
