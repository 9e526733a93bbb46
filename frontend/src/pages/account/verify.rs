//! The link from a mail that shows an address is one's own. Its secret stands behind `#`. A click redeems it, so that
//! a mail scanner that opens links uses nothing up.

use shared_types::{Problem, users::VerifyEmail};
use yew::{platform::spawn_local, prelude::*};

use super::{Frame, refusal};
use crate::{
    api::{use_api_client, users},
    browser,
    components::notice::{Notice, NoticeKind},
    hooks::use_head,
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn VerifyPage() -> Html {
    use_head(private_head("Confirm your e-mail"));
    let client = use_api_client();
    let busy = use_state(|| false);
    let answer = use_state(|| None::<Result<(), Problem>>);
    let onclick = {
        let (busy, answer) = (busy.clone(), answer.setter());
        Callback::from(move |_: MouseEvent| {
            if *busy {
                return;
            }
            busy.set(true);
            let (client, busy, answer) = (client.clone(), busy.setter(), answer.clone());
            let link = VerifyEmail { token: browser::fragment().unwrap_or_default().into() };
            spawn_local(async move {
                answer.set(Some(users::verify_email(&client, &link).await));
                busy.set(false);
            });
        })
    };
    let content = match &*answer {
        Some(Ok(())) => html! { <Confirmed /> },
        refused => html! {
            <div class="stack">
                <div class="optional">{ refusal(refused.as_ref().and_then(|answer| answer.as_ref().err())) }</div>
                <p>{ "One click shows that this address is yours." }</p>
                <div class="button-row">
                    <button class="button" type="button" {onclick} aria-busy={busy.to_string()}>
                        { "Confirm my e-mail" }
                    </button>
                </div>
            </div>
        },
    };
    html! { <Frame title="Confirm your e-mail">{ content }</Frame> }
}

/// It is theirs. The button has gone with what it did, and the focus comes here.
#[component]
fn Confirmed() -> Html {
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        use_effect_with((), move |()| browser::focus_node(&notice));
    }
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Success} title="Your e-mail is confirmed" node_ref={notice}>
                <p>{ "Sign in now." }</p>
            </Notice>
            <div class="button-row"><a class="button" href="/account/sign-in">{ "Sign in" }</a></div>
        </div>
    }
}
