//! An account's own pages. The server renders their frame for everybody alike; what concerns one person is fetched by
//! the browser afterwards.

pub mod appointments;
mod credentials_form;
pub mod forgotten;
pub mod home;
pub mod invitation;
pub mod reset;
pub mod security;
pub mod sign_in;
mod sign_in_code;
pub mod sign_up;
pub mod verify;

use std::rc::Rc;

use shared_types::{Problem, users::Me};
use yew::prelude::*;

use crate::{
    components::{
        notice::{Notice, NoticeKind},
        problem_view::ProblemView,
        skeleton::Skeleton,
    },
    hooks::use_standing::{Standing, use_standing},
};

#[derive(Clone, PartialEq, Properties)]
struct FrameProps {
    title: AttrValue,
    children: Html,
}

/// One column with a heading.
#[component]
fn Frame(props: &FrameProps) -> Html {
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">
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
        Standing::Unknown => {
            html! { <div aria-busy="true"><Skeleton kind="title" /><Skeleton kind="line" /></div> }
        }
        Standing::SignedIn(me) => props.render.emit(me),
        Standing::Failed(problem) => html! { <ProblemView {problem} /> },
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
