//! Everybody who reads, or should: who has the practice's key, and who waits for it.

use std::rc::Rc;

use shared_types::AccountId;
use yew::prelude::*;

use super::{Desk, member::Member};
use crate::hooks::{
    Act,
    use_mailbox::{Begin, SeenMailbox},
};

#[derive(Clone, PartialEq, Properties)]
pub struct MembersProps {
    pub desk: Desk,
    pub seen: Rc<SeenMailbox>,
    /// Who is to be let go, when the page was opened for that.
    pub leaver: Option<AccountId>,
    pub act: Act,
    pub on_give: Callback<AccountId>,
    pub on_begin: Callback<Begin>,
}

/// The list, those who wait first.
#[component]
pub fn Members(props: &MembersProps) -> Html {
    let MembersProps { desk, seen, leaver, act, on_give, on_begin } = props;
    let mut members: Vec<_> = seen.mailbox.members.iter().collect();
    members.sort_by_key(|member| seen.holds_all(member));
    let items = members.into_iter().map(|member| {
        let account_id = member.account_id;
        html! {
            <Member key={account_id.to_string()} member={member.clone()} keys={seen.keys_of(account_id).cloned()}
                holds={seen.holds_all(member)} is_me={account_id == desk.me.account_id} by_owner={desk.is_owner()}
                leaving={*leaver == Some(account_id)} busy={act.busy} on_give={on_give.clone()}
                on_begin={on_begin.clone()} />
        }
    });
    html! {
        <section class="stack" aria-labelledby="members-title">
            <h2 id="members-title">{ "Who reads" }</h2>
            <p>
                { "Give the key only to somebody whose fingerprint you have compared with them, face to face or on the " }
                { "telephone. They find it under “Your keys”." }
            </p>
            <ul class="stack" role="list">{ for items }</ul>
        </section>
    }
}
