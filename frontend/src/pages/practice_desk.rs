//! A practice's own pages, for its staff: what patients have sealed for it, its keys, and who works there. The server
//! renders their frame for everybody alike; what concerns a practice is fetched by the browser afterwards.

mod begin;
pub mod choose;
pub mod inbox;
pub mod keys;
mod member;
mod members;
mod recovery;
mod sheets;
pub mod staff;
mod staff_invite;
mod staff_member;
pub mod thread;

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    users::{Me, StaffRole},
};
use yew::prelude::*;

use super::account::{Own, loading};
use crate::{
    api::segment,
    components::failed::Failed,
    forms::desk::{Admission, admit, practice_name},
    hooks::use_standing::{Standing, use_standing},
};

/// Those who read what patients seal.
const READERS: &[StaffRole] = &StaffRole::READERS;

/// Where somebody works, as the pages of a practice hand it to their parts.
#[derive(Clone, PartialEq)]
pub struct Desk {
    /// Who.
    pub me: Own,
    /// Where.
    pub organization_id: OrganizationId,
    /// What the practice is called.
    pub name: AttrValue,
    /// As what.
    pub roles: Rc<[StaffRole]>,
}

impl Desk {
    /// Whether they answer for the practice.
    pub fn is_owner(&self) -> bool {
        self.roles.contains(&StaffRole::Owner)
    }

    /// Whether they may ask people to join.
    pub fn invites(&self) -> bool {
        self.is_owner() || self.roles.contains(&StaffRole::Manager)
    }
}

/// What most parts of these pages need to know.
#[derive(Clone, PartialEq, Properties)]
pub struct DeskProps {
    pub desk: Desk,
}

/// Where a practice's pages are.
pub fn desk_path(organization_id: OrganizationId, rest: &str) -> String {
    format!("/practice/{organization_id}{rest}")
}

#[derive(Clone, PartialEq, Properties)]
struct ForStaffProps {
    title: AttrValue,
    organization_id: OrganizationId,
    /// The rest of the page's address, for coming back to it and for marking where one is.
    rest: AttrValue,
    /// For whom the page is.
    needs: &'static [StaffRole],
    render: Callback<Desk, Html>,
}

/// A page for a practice's staff; others are told why it is not for them.
#[component]
fn ForStaff(props: &ForStaffProps) -> Html {
    let ForStaffProps { title, organization_id, rest, needs, render } = props;
    let here = desk_path(*organization_id, rest);
    let standing = use_standing();
    let content = match standing.standing {
        Standing::Unknown => loading(),
        Standing::Failed(problem) => html! { <Failed {problem} {here} on_again={standing.ask} /> },
        Standing::SignedOut => sign_in(&here),
        Standing::SignedIn(me) => match admit(&me, *organization_id, needs) {
            Admission::In(roles) => {
                let name = AttrValue::from(practice_name(&me, *organization_id).to_owned());
                let desk = Desk { me: Own(me), organization_id: *organization_id, name, roles: roles.into() };
                html! { <>{ navigation(&desk, rest) }{ render.emit(desk) }</> }
            }
            Admission::Stranger => html! { <Stranger {me} /> },
            Admission::NotAllowed => not_allowed(),
            Admission::TooWeak => too_weak(&here),
        },
    };
    html! { <Frame title={title.clone()}>{ content }</Frame> }
}

#[derive(Clone, PartialEq, Properties)]
struct FrameProps {
    title: AttrValue,
    children: Html,
}

/// A wide page with a heading.
#[component]
fn Frame(props: &FrameProps) -> Html {
    html! {
        <main id="main" tabindex="-1"><div class="wrap desk">
            <h1>{ &props.title }</h1>
            <p class="no-js-only">{ "This page needs JavaScript: sealed messages are opened in your browser." }</p>
            { props.children.clone() }
        </div></main>
    }
}

fn sign_in(here: &str) -> Html {
    html! {
        <div class="stack">
            <p>{ "Sign in to see your practice’s pages." }</p>
            <div class="button-row">
                <a class="button" href={format!("/account/sign-in?to={}", segment(here))}>{ "Sign in" }</a>
            </div>
        </div>
    }
}

/// The practice and its pages; those that somebody's roles do not include are left out.
fn navigation(desk: &Desk, rest: &str) -> Html {
    let reads = desk.roles.iter().any(|role| role.reads_notes());
    let pages = [("", "Inbox", reads), ("/keys", "Keys", reads), ("/staff", "Staff", true)];
    let link = |(part, words, shown): (&'static str, &'static str, bool)| {
        let current = (part == rest).then_some("page");
        shown.then(|| {
            html! {
                <li key={part}>
                    <a href={desk_path(desk.organization_id, part)} aria-current={current}>{ words }</a>
                </li>
            }
        })
    };
    html! {
        <nav class="desk__nav no-print" aria-label="Practice">
            <p class="desk__name">{ &desk.name }</p>
            <ul class="desk__pages">{ for pages.into_iter().filter_map(link) }</ul>
        </nav>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct StrangerProps {
    me: Rc<Me>,
}

#[component]
fn Stranger(props: &StrangerProps) -> Html {
    html! {
        <div class="state">
            <h2>{ "You do not work at this practice" }</h2>
            <p>
                { format!("You are signed in as {}. ", props.me.email.expose()) }
                { "If you should be able to see this, ask an owner of the practice to invite this address." }
            </p>
            <div class="button-row"><a class="button button--quiet" href="/practice">{ "Your practices" }</a></div>
        </div>
    }
}

fn not_allowed() -> Html {
    html! {
        <div class="state">
            <h2>{ "Your role does not include this page" }</h2>
            <p>{ "You work here, but what you do here does not include this. An owner can change your roles." }</p>
            <div class="button-row"><a class="button button--quiet" href="/practice">{ "Your practices" }</a></div>
        </div>
    }
}

fn too_weak(here: &str) -> Html {
    html! {
        <div class="state">
            <h2>{ "This needs a stronger sign-in" }</h2>
            <p>
                { "You are signed in with a password alone. Patients’ messages need a second proof: a passkey, or a " }
                { "code from an authenticator app." }
            </p>
            <ol class="prose">
                <li>{ "Set one up, if you have none." }</li>
                <li>{ "Sign in again with it." }</li>
            </ol>
            <div class="button-row">
                <a class="button" href="/account/security">{ "Set up a second proof" }</a>
                <a class="button button--quiet" href={format!("/account/sign-in?to={}", segment(here))}>
                    { "Sign in again" }
                </a>
            </div>
        </div>
    }
}
