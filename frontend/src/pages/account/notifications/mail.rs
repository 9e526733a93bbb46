//! Whether reminders go to one's own address at all: what the way out in a reminder stops is seen here, and taken back. It goes before
//! what is chosen for each patient.

use std::{cell::Cell, rc::Rc};

use shared_types::{
    Problem,
    notifications::{FindMailReminders, MailReminders, PutMailReminders},
};
use yew::{platform::spawn_local, prelude::*};

use super::PATH;
use crate::{
    api::{ApiClient, notifications, use_api_client, users},
    components::notice::Notice,
    hooks::{use_act, use_version},
    pages::account::{OwnProps, Refused, fetched},
};

/// Asks what holds, and shows it.
#[component]
pub fn ToAddress(props: &OwnProps) -> Html {
    let client = use_api_client();
    let (version, again) = use_version();
    let found = use_state(|| None::<Result<Rc<MailReminders>, Problem>>);
    {
        let set = found.setter();
        use_effect_with(version, move |_| {
            let outdated = Rc::new(Cell::new(false));
            let late = Rc::clone(&outdated);
            spawn_local(async move {
                let answer = find(&client).await.map(Rc::new);
                // What was asked for earlier may come after what has been changed since.
                if !late.get() {
                    set.set(Some(answer));
                }
            });
            move || outdated.set(true)
        });
    }
    let on_change = {
        let set = found.setter();
        Callback::from(move |kept: MailReminders| set.set(Some(Ok(Rc::new(kept)))))
    };
    fetched((*found).clone(), PATH, &again, |found| {
        let email = props.me.email.expose().clone();
        html! { <MailSwitch {email} stopped={found.stopped} {on_change} /> }
    })
}

#[derive(Clone, PartialEq, Properties)]
pub struct MailSwitchProps {
    /// The account's verified address.
    pub email: AttrValue,
    /// Whether no reminder goes there.
    pub stopped: bool,
    /// It is otherwise now.
    pub on_change: Callback<MailReminders>,
}

/// What holds, and the one button that changes it.
#[component]
pub fn MailSwitch(props: &MailSwitchProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let onclick = {
        let (act, on_change, stopped) = (act.clone(), props.on_change.clone(), !props.stopped);
        move |_: MouseEvent| {
            let (client, on_change) = (client.clone(), on_change.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { put(&client, stopped).await }
                },
                move |kept| on_change.emit(kept),
            );
        }
    };
    let holds = if props.stopped {
        html! {
            <Notice title={format!("You get no reminders at {}", props.email)} announced=true>
                <p>
                    { "They were stopped here, or from a reminder: by its link or by the mail program’s own button. That goes " }
                    { "before what a patient’s details say. We still tell you when an appointment is booked, moved or cancelled." }
                </p>
            </Notice>
        }
    } else {
        html! {
            <p>
                { format!("Reminders may go to {}, for each patient who is reminded by e-mail.", props.email) }
            </p>
        }
    };
    let (class, words) = if props.stopped {
        ("button", "Send reminders again")
    } else {
        ("button button--quiet", "Send no more reminders there")
    };
    html! {
        <>
            <div role="status">{ holds }</div>
            <div class="button-row">
                <button id="mail-reminders" {class} type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { words }
                </button>
            </div>
            <Refused act={act.clone()} />
        </>
    }
}

async fn find(client: &ApiClient) -> Result<MailReminders, Problem> {
    let ticket = users::create_address_ticket(client).await?.ticket;
    notifications::find_mail_reminders(client, &FindMailReminders { ticket }).await
}

async fn put(client: &ApiClient, stopped: bool) -> Result<MailReminders, Problem> {
    let ticket = users::create_address_ticket(client).await?.ticket;
    notifications::put_mail_reminders(client, &PutMailReminders { ticket, stopped }).await
}
