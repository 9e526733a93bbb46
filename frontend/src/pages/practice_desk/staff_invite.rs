//! Asking somebody to join a practice.

use shared_types::{
    OrganizationId,
    users::{InvitationSent, InviteStaff, StaffRole},
};
use yew::prelude::*;

use crate::{
    api::{practice, use_api_client},
    browser,
    components::{
        checks::Checks,
        field::Field,
        notice::{Notice, NoticeKind},
    },
    forms::{attempt::Attempt, desk::with_role},
    hooks::use_act,
    pages::account::Refused,
};

use super::staff_member::role_checks;

#[derive(Clone, PartialEq, Properties)]
pub struct InviteProps {
    pub organization_id: OrganizationId,
    /// Only an owner makes another one.
    pub by_owner: bool,
}

/// The form. What was typed goes when the letter is on its way.
#[component]
pub fn Invite(props: &InviteProps) -> Html {
    let InviteProps { organization_id, by_owner } = *props;
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let (email, roles) = (use_state_eq(String::new), use_state_eq(Vec::<StaffRole>::new));
    let sent = use_state_eq(|| false);
    let onsubmit = {
        let (act, email, roles, sent) = (act.clone(), email.clone(), roles.clone(), sent.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            sent.set(false);
            let invitation = InviteStaff { email: email.trim().to_owned().into(), roles: (*roles).clone() };
            let (client, attempt) = (client.clone(), attempt.clone());
            let send = move || {
                let (client, invitation, attempt) = (client.clone(), invitation.clone(), attempt.clone());
                let what = serde_json::to_string(&invitation).unwrap_or_default();
                let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
                async move {
                    let answer = practice::invite_staff(&client, organization_id, &invitation, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer
                }
            };
            let (email, roles, sent) = (email.setter(), roles.setter(), sent.clone());
            act.run(send, move |_: InvitationSent| {
                email.set(String::new());
                roles.set(Vec::new());
                sent.set(true);
            });
        }
    };
    let on_tick = {
        let roles = roles.clone();
        Callback::from(move |(code, ticked): (&'static str, bool)| {
            if let Some(role) = StaffRole::from_code(code) {
                roles.set(with_role(&roles, role, ticked));
            }
        })
    };
    let set_email = email.setter();
    html! {
        <section class="stack" aria-labelledby="invite-title">
            <h2 id="invite-title">{ "Ask somebody to join" }</h2>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <Field id="invite-email" label="E-mail" kind="email" autocomplete="off" maxlength="254"
                    hint="The letter works for this address only." value={(*email).clone()} error={act.error("/email")}
                    oninput={move |text| set_email.set(text)} />
                <Checks id="invite-roles" legend="What they will do" checks={role_checks(&roles, by_owner)}
                    error={act.error("/roles")} {on_tick} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Sending…" } else { "Send the invitation" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={INVITED} />
            <div class="optional">
                if *sent {
                    <Notice kind={NoticeKind::Success} title="The invitation is on its way">
                        <p>
                            { "They join with an account of their own and a second proof. Whoever reads makes keys and " }
                            { "waits for an owner to give the practice’s." }
                        </p>
                    </Notice>
                }
            </div>
        </section>
    }
}

/// The fields that say themselves what is wrong.
const INVITED: &[&str] = &["/email", "/roles"];
