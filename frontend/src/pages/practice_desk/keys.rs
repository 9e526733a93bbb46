//! `/practice/{organization_id}/keys`: the practice's mailbox. Whoever reads holds its key; an owner gives it, and begins
//! another when somebody leaves.

use std::rc::Rc;

use shared_types::{AccountId, OrganizationId, users::KeySubject, vault::SeenKeys};
use yew::prelude::*;
use yew_router::hooks::use_location;

use super::{
    Desk, ForStaff, READERS,
    begin::BeginMailbox,
    desk_path,
    members::Members,
    recovery::{Recover, Renew},
    sheets::SheetsToKeep,
};
use crate::{
    browser,
    components::{
        failed::Failed,
        fingerprint::Fingerprint,
        icon::Icon,
        key_changed::KeyChanged,
        notice::{Notice, NoticeKind},
    },
    hooks::{
        use_head,
        use_mailbox::{Done, MailboxDesk, Reading, SeenMailbox, use_mailbox},
    },
    pages::{
        account::{loading, with_keys::WithKeys},
        hold::private_head,
    },
};

const TITLE: &str = "Keys";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct KeysPageProps {
    pub organization_id: OrganizationId,
}

/// Where an owner lets somebody go whose leaving needs a new key.
pub fn removal_path(organization_id: OrganizationId, account_id: AccountId) -> String {
    desk_path(organization_id, &format!("/keys?remove={account_id}"))
}

/// Who is to be let go, in such an address.
fn leaver_in(query: &str) -> Option<AccountId> {
    let query = query.trim_start_matches('?');
    let leaver = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "remove")?.1;
    leaver.parse().ok()
}

/// The page.
#[component]
pub fn KeysPage(props: &KeysPageProps) -> Html {
    use_head(private_head(TITLE));
    let organization_id = props.organization_id;
    let leaver = use_location().and_then(|location| leaver_in(location.query_str()));
    let here = AttrValue::from(match leaver {
        Some(account_id) => removal_path(organization_id, account_id),
        None => desk_path(organization_id, "/keys"),
    });
    let render = Callback::from(move |desk: Desk| {
        html! {
            <WithKeys me={desk.me.clone()} here={here.clone()}
                why="The practice’s key is given to your own keys. Open them to see and to give it.">
                <MailboxKeys {desk} {leaver} here={here.clone()} />
            </WithKeys>
        }
    });
    html! { <ForStaff title={TITLE} {organization_id} rest="/keys" needs={READERS} {render} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct MailboxKeysProps {
    desk: Desk,
    leaver: Option<AccountId>,
    here: AttrValue,
}

#[component]
fn MailboxKeys(props: &MailboxKeysProps) -> Html {
    let MailboxKeysProps { desk, leaver, here } = props;
    let mailbox = use_mailbox(desk.organization_id, desk.me.account_id);
    if let Some(sheets) = &mailbox.sheets {
        return html! {
            <SheetsToKeep practice={desk.name.clone()} sheets={Rc::clone(sheets)} busy={mailbox.act.busy}
                problem={mailbox.act.problem.clone()} on_kept={mailbox.on_kept.clone()}
                on_drop={mailbox.on_drop.clone()} />
        };
    }
    let content = match &mailbox.reading {
        Reading::Loading => loading(),
        Reading::Failed(problem) => html! {
            <Failed problem={problem.clone()} here={here.clone()} on_again={mailbox.on_again.clone()} />
        },
        Reading::Ready(seen) => shown(desk, *leaver, &mailbox, seen),
    };
    html! { <div class="stack">{ told(&mailbox) }{ content }</div> }
}

/// What was done last, or stands in the way.
fn told(mailbox: &MailboxDesk) -> Html {
    let content = match (&mailbox.changed, &mailbox.act.problem, mailbox.done) {
        (Some(keys), _, _) => {
            let same = keys.clone();
            html! {
                <KeyChanged keys={keys.clone()} whose={whose(mailbox, keys)} busy={mailbox.act.busy}
                    on_same={mailbox.on_same_keys.reform(move |()| same.clone())}
                    on_leave={mailbox.on_leave.clone()} leave="Not now" />
            }
        }
        (None, Some(problem), _) => html! {
            <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                <p>{ problem.detail.clone().unwrap_or_default() }</p>
                <div class="button-row">
                    <button class="button button--quiet" type="button"
                        onclick={mailbox.on_again.reform(|_: MouseEvent| ())}>{ "See how it stands" }</button>
                </div>
            </Notice>
        },
        (None, None, Some(done)) => {
            html! { <Notice kind={NoticeKind::Success} title={done_words(done)} /> }
        }
        (None, None, None) => Html::default(),
    };
    html! { <div class="optional">{ content }</div> }
}

/// The member whose keys they are, by which colleagues know them.
fn whose(mailbox: &MailboxDesk, keys: &SeenKeys) -> String {
    let members = match &mailbox.reading {
        Reading::Ready(seen) => &seen.mailbox.members[..],
        Reading::Loading | Reading::Failed(_) => &[],
    };
    let found = members.iter().find(|member| keys.subject == KeySubject::Account(member.account_id));
    found.map_or_else(|| "the practice".to_owned(), |member| member.email.expose().clone())
}

fn done_words(done: Done) -> &'static str {
    match done {
        Done::Begun => "Patients can write to your practice now",
        Done::Renewed => "The new key and its recovery sheets count from now on",
        Done::Removed => "They have left, and what comes from now on is sealed to a new key",
        Done::Given => "They can read now",
        Done::Recovered => "The mailbox is open again",
        Done::Agreed => "Their new keys count from now on. Do what you wanted to do once more",
    }
}

fn shown(desk: &Desk, leaver: Option<AccountId>, mailbox: &MailboxDesk, seen: &Rc<SeenMailbox>) -> Html {
    let Some(practice) = &seen.practice else {
        return if desk.is_owner() {
            html! { <BeginMailbox act={mailbox.act.clone()} on_begin={mailbox.on_begin.clone()} /> }
        } else {
            html! { <p>{ "Patients cannot write to your practice yet. An owner has to set up its key first." }</p> }
        };
    };
    let waits = !seen.is_open_to_me();
    html! {
        <>
            if waits && desk.is_owner() {
                <Recover act={mailbox.act.clone()} on_recover={mailbox.on_recover.clone()} />
            } else if waits {
                <Notice kind={NoticeKind::Soon} title="You do not have the key yet">
                    <p>
                        { "An owner gives it to you on this page, after comparing your fingerprint with you. You find " }
                        { "it under " }<a href="/account/keys">{ "your keys" }</a>{ "." }
                    </p>
                </Notice>
            }
            <section class="sheet print-sheet" aria-labelledby="practice-fingerprint">
                <h2 id="practice-fingerprint">{ "The practice’s fingerprint" }</h2>
                <p class="sheet__practice">{ &desk.name }</p>
                <Fingerprint label="The fingerprint of the practice’s keys" digits={practice.fingerprint.clone()} />
                <p>
                    { "Patients whose browser says that your keys have changed call and compare these numbers. Print " }
                    { "them and keep the sheet at the reception." }
                </p>
                <div class="button-row no-print">
                    <button class="button button--quiet" type="button" onclick={|_: MouseEvent| browser::print()}>
                        <Icon name="print" />{ "Print for the reception" }
                    </button>
                </div>
            </section>
            <Members desk={desk.clone()} seen={Rc::clone(seen)} {leaver} act={mailbox.act.clone()}
                on_give={mailbox.on_give.clone()} on_begin={mailbox.on_begin.clone()} />
            if desk.is_owner() && !waits {
                <Renew act={mailbox.act.clone()} on_begin={mailbox.on_begin.clone()} />
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::{leaver_in, removal_path};

    #[test]
    fn an_address_may_say_who_is_to_be_let_go() {
        let practice = "00000000-0000-7000-8000-000000000001".parse().unwrap();
        let account = "00000000-0000-7000-8000-000000000009".parse().unwrap();
        let path = removal_path(practice, account);
        assert_eq!(leaver_in(path.split_once('?').unwrap().1), Some(account));
        assert_eq!(leaver_in("?remove=everybody"), None);
    }
}
