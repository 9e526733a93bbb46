//! One member of staff and the practice's key: what they have, giving it, and letting them go.

use shared_types::{AccountId, users::MailboxMember, vault::SeenKeys};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    browser,
    components::{
        fingerprint::Fingerprint,
        notice::{Notice, NoticeKind},
    },
    forms::desk::roles_words,
    hooks::use_mailbox::Begin,
};

#[derive(Clone, PartialEq, Properties)]
pub struct MemberProps {
    pub member: MailboxMember,
    /// What the vault makes of their keys; none when they have made none.
    pub keys: Option<SeenKeys>,
    /// Whether they hold the key of every epoch.
    pub holds: bool,
    pub is_me: bool,
    /// Whether the one who looks may give keys and let people go.
    pub by_owner: bool,
    /// Whether the page was opened to let them go.
    pub leaving: bool,
    pub busy: bool,
    pub on_give: Callback<AccountId>,
    pub on_begin: Callback<Begin>,
}

/// The card.
#[component]
pub fn Member(props: &MemberProps) -> Html {
    let MemberProps { member, keys, holds, is_me, by_owner, leaving, .. } = props;
    let going = use_state_eq(|| *leaving && *by_owner && !*is_me);
    let state = match (keys, holds) {
        (None, _) => "Has made no keys yet",
        (Some(_), true) => "Has the key",
        (Some(_), false) => "Waits for the key",
    };
    let badge = if *holds { "badge badge--success" } else { "badge badge--soon" };
    let waits = *by_owner && !*holds && !*is_me;
    let start = {
        let going = going.setter();
        move |_: MouseEvent| going.set(true)
    };
    let on_stay = {
        let going = going.setter();
        Callback::from(move |()| going.set(false))
    };
    html! {
        <li class="card stack">
            <div>
                <p>
                    <strong>{ member.email.expose() }</strong>
                    if *is_me {
                        { " (you)" }
                    }
                    { " " }<span class={badge}>{ state }</span>
                </p>
                <p class="small muted">{ roles_words(&member.roles) }</p>
            </div>
            if let Some(keys) = keys {
                <details>
                    <summary>{ "Fingerprint" }</summary>
                    <Fingerprint label={format!("The fingerprint of {}", member.email.expose())}
                        digits={keys.fingerprint.clone()} />
                    if keys.before.is_some() {
                        <p><strong>
                            { "It is not the one that this browser knew. Compare it before anything else." }
                        </strong></p>
                    }
                </details>
                if waits {
                    <Give account_id={member.account_id} busy={props.busy} on_give={props.on_give.clone()} />
                }
            }
            if *going {
                <LetGo account_id={member.account_id} who={member.email.expose().clone()} busy={props.busy}
                    on_begin={props.on_begin.clone()} {on_stay} />
            } else if *by_owner && !*is_me {
                <div class="button-row">
                    <button class="button button--plain" type="button" onclick={start}>
                        { "Remove from the practice" }
                        <span class="visually-hidden">{ format!(": {}", member.email.expose()) }</span>
                    </button>
                </div>
            }
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct GiveProps {
    account_id: AccountId,
    busy: bool,
    on_give: Callback<AccountId>,
}

#[component]
fn Give(props: &GiveProps) -> Html {
    let compared = use_state_eq(|| false);
    let onchange = {
        let compared = compared.setter();
        move |event: Event| compared.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    let onclick = {
        let (compared, on_give, account_id) = (*compared, props.on_give.clone(), props.account_id);
        move |_: MouseEvent| {
            if compared {
                on_give.emit(account_id);
            }
        }
    };
    html! {
        <div>
            <label class="check">
                <input type="checkbox" id={format!("compared-{}", props.account_id)} checked={*compared} {onchange} />
                <span>{ "I have compared this fingerprint with them." }</span>
            </label>
            <div class="button-row">
                <button class="button" type="button" {onclick} aria-disabled={(!*compared).to_string()}
                    aria-busy={props.busy.to_string()}>{ "Give the key" }</button>
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LetGoProps {
    account_id: AccountId,
    who: AttrValue,
    busy: bool,
    on_begin: Callback<Begin>,
    on_stay: Callback<()>,
}

/// What leaving means, before the button. It takes the focus when it appears.
#[component]
fn LetGo(props: &LetGoProps) -> Html {
    let LetGoProps { account_id, who, busy, on_begin, on_stay } = props;
    let renew = use_state_eq(|| false);
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        use_effect_with((), move |()| browser::focus_node(&notice));
    }
    let onchange = {
        let renew = renew.setter();
        move |event: Event| renew.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    let go = {
        let (account_id, renew) = (*account_id, *renew);
        on_begin.reform(move |_: MouseEvent| Begin::Remove { account_id, renew })
    };
    html! {
        <Notice kind={NoticeKind::Danger} title={format!("Remove {who}?")} node_ref={notice}>
            <ul>
                <li>{ "They leave the practice, and its key changes at the same moment." }</li>
                <li>{ "They cannot read anything that comes after that." }</li>
                <li>{ "What they have read, copied or printed before stays with them. Nothing can take that back." }</li>
                <li>{ "Everybody else goes on reading as before." }</li>
            </ul>
            <label class="check">
                <input type="checkbox" id={format!("renew-{account_id}")} checked={*renew} {onchange} />
                <span>{ "They keep a recovery sheet, or have seen one: make new sheets as well." }</span>
            </label>
            <div class="button-row">
                <button class="button button--danger" type="button" onclick={go} aria-busy={busy.to_string()}>
                    { if *busy { "Removing…" } else { "Remove them" } }
                </button>
                <button class="button button--quiet" type="button" onclick={on_stay.reform(|_: MouseEvent| ())}>
                    { "Keep them" }
                </button>
            </div>
        </Notice>
    }
}
