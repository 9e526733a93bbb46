//! A practice's own pages, for its staff: what patients have sealed for it, its keys, and who works there. The server
//! renders their frame for everybody alike; what concerns a practice is fetched by the browser afterwards.

pub mod assignments;
mod begin;
pub mod choose;
pub mod claims;
pub mod inbox;
pub mod keys;
mod member;
mod members;
mod menu;
pub mod money;
pub mod previews;
mod recovery;
mod sheets;
pub mod staff;
mod staff_invite;
mod staff_member;
pub mod thread;
pub mod undelivered;

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::practice::CALENDAR_STAFF,
    payments::{claim::CLAIM_STAFF, practice::MONEY_STAFF},
    users::{Me, StaffRole},
};
use yew::prelude::*;

use self::menu::Menu;
use super::account::{Own, loading};
use crate::{
    api::segment,
    components::failed::Failed,
    forms::desk::{Admission, admit, practice_name},
    hooks::use_standing::{Standing, use_standing},
};

/// What the addresses of a practice's pages begin with.
const PRACTICE: &str = "/practice";
/// What the addresses of its calendar begin with.
pub(super) const CALENDAR: &str = "/calendar";

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

/// Where a practice's calendar is.
pub fn calendar_path(organization_id: OrganizationId, rest: &str) -> String {
    format!("{CALENDAR}/{organization_id}{rest}")
}

/// Where a practice's pages are.
pub fn desk_path(organization_id: OrganizationId, rest: &str) -> String {
    format!("{PRACTICE}/{organization_id}{rest}")
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ForStaffProps {
    pub title: AttrValue,
    pub organization_id: OrganizationId,
    /// What the page's address begins with.
    #[prop_or(PRACTICE)]
    pub base: &'static str,
    /// The rest of the page's address, for coming back to it and for marking where one is.
    pub rest: AttrValue,
    /// For whom the page is.
    pub needs: &'static [StaffRole],
    /// Whether it takes the whole width.
    #[prop_or_default]
    pub wide: bool,
    pub render: Callback<Desk, Html>,
}

/// A page for a practice's staff; others are told why it is not for them.
#[component]
pub(super) fn ForStaff(props: &ForStaffProps) -> Html {
    let ForStaffProps { title, organization_id, base, rest, needs, wide, render } = props;
    let here = format!("{base}/{organization_id}{rest}");
    let standing = use_standing();
    let content = match standing.standing {
        Standing::Unknown => loading(),
        Standing::Failed(problem) => html! { <Failed {problem} {here} on_again={standing.ask} /> },
        Standing::SignedOut => sign_in(&here),
        Standing::SignedIn(me) => match admit(&me, *organization_id, needs) {
            Admission::In(roles) => {
                let name = AttrValue::from(practice_name(&me, *organization_id).to_owned());
                let desk = Desk { me: Own(me), organization_id: *organization_id, name, roles: roles.into() };
                html! { <>{ navigation(&desk, &here) }{ render.emit(desk) }</> }
            }
            Admission::Stranger => html! { <Stranger {me} /> },
            Admission::NotAllowed => not_allowed(),
            Admission::TooWeak => too_weak(&here),
        },
    };
    html! { <Frame title={title.clone()} wide={*wide}>{ content }</Frame> }
}

#[derive(Clone, PartialEq, Properties)]
struct FrameProps {
    title: AttrValue,
    #[prop_or_default]
    wide: bool,
    children: Html,
}

/// A wide page with a heading.
#[component]
fn Frame(props: &FrameProps) -> Html {
    html! {
        <main id="main" tabindex="-1"><div class={classes!("wrap", props.wide.then_some("wrap--full"), "desk")}>
            <h1>{ &props.title }</h1>
            <p class="no-js-only">
                { "This page needs JavaScript: what concerns a practice is fetched and opened in your browser." }
            </p>
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
fn navigation(desk: &Desk, here: &str) -> Html {
    let reads = desk.roles.iter().any(|role| role.reads_notes());
    let counts = desk.roles.iter().any(|role| MONEY_STAFF.contains(role));
    let books = desk.roles.iter().any(|role| CALENDAR_STAFF.contains(role));
    let claims = desk.roles.iter().any(|role| CLAIM_STAFF.contains(role));
    let (calendar, practice) =
        (|rest| calendar_path(desk.organization_id, rest), |rest| desk_path(desk.organization_id, rest));
    let pages = [
        (calendar(""), "Calendar", books),
        (calendar("/requests"), "Requests to answer", books),
        (calendar("/unmarked"), "Visits to mark", books),
        (calendar("/waitlist"), "Waitlist", books),
        (calendar("/disputes"), "Disputes", books),
        (calendar("/mistakes"), "Mistakes to agree on", desk.invites()),
        (calendar("/hours"), "Hours", books),
        (calendar("/types"), "Appointment types", books),
        (calendar("/calendars"), "Other calendars", books),
        (calendar("/resources"), "Rooms and devices", books),
        (calendar("/pools"), "Booked as one", books),
        (calendar("/webhooks"), "Webhooks", desk.invites()),
        (practice(""), "Inbox", reads),
        (practice("/messages"), "Messages that did not arrive", reads),
        (practice("/claims"), "Claims", claims),
        (practice("/assignments"), "Bulk-bill agreements", claims),
        (practice("/money"), "Money", counts),
        (practice("/keys"), "Keys", reads),
        (practice("/staff"), "Staff", true),
    ];
    let here = here.split('?').next().unwrap_or(here);
    let pages: Vec<_> =
        pages.into_iter().filter(|(.., shown)| *shown).map(|(path, words, _)| (path, words)).collect();
    html! { <Menu name={desk.name.clone()} {pages} here={here.to_owned()} /> }
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
                { "You are signed in with a password alone. What patients tell the practice needs a second proof: a " }
                { "passkey, or a code from an authenticator app." }
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
