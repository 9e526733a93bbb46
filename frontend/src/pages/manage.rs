//! The link from the confirmation, or a reminder's to cancel: first a proof, then the appointment. The token stays in the address and
//! the request; nothing of the appointment is rendered before the proof.

use std::rc::Rc;

use shared_types::{
    Problem,
    bookings::{Appointment, OpenManageLink, SendManageCode},
};
use yew::{platform::spawn_local, prelude::*};

use super::{hold::private_head, manage_opened::ManageOpened, reply::CancelOpened};
use crate::{
    api::{ApiClient, bookings, use_api_client},
    components::manage_gate::ManageGate,
    forms::gate::{GateAction, GateForm},
    hooks::use_head,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ManagePageProps {
    pub token: String,
    /// It is a reminder's link, which cancels and does no more.
    #[prop_or_default]
    pub only_cancels: bool,
}

/// The gate, and behind it the appointment.
#[component]
pub fn ManagePage(props: &ManagePageProps) -> Html {
    use_head(private_head("Your appointment"));
    let client = use_api_client();
    let form = use_reducer(GateForm::default);
    let opened = use_state(|| None::<Rc<Appointment>>);

    let on_open = {
        let (client, form, opened, token) =
            (client.clone(), form.clone(), opened.setter(), props.token.clone());
        Callback::from(move |()| match form.proof() {
            _ if form.busy => {}
            Err(message) => form.dispatch(GateAction::Wrong(message.to_owned())),
            Ok(proof) => {
                form.dispatch(GateAction::Sent);
                let link = OpenManageLink { token: token.clone(), proof };
                open(client.clone(), link, form.dispatcher(), opened.clone());
            }
        })
    };
    let on_send_code = {
        let (form, token) = (form.clone(), props.token.clone());
        Callback::from(move |()| {
            if !form.busy {
                form.dispatch(GateAction::Sent);
                send_code(client.clone(), SendManageCode { token: token.clone() }, form.dispatcher());
            }
        })
    };
    let content = match (&*opened, &form.problem) {
        (Some(appointment), _) if props.only_cancels => {
            html! { <CancelOpened appointment={Rc::clone(appointment)} /> }
        }
        (Some(appointment), _) => html! { <ManageOpened appointment={Rc::clone(appointment)} /> },
        (None, Some(problem)) if problem.status == 404 => dead_link(),
        (None, _) => html! {
            <ManageGate form={(*form).clone()} on_action={form.dispatcher()} {on_open} {on_send_code} />
        },
    };
    html! { <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">{ content }</div></main> }
}

fn open(
    client: ApiClient,
    link: OpenManageLink,
    form: UseReducerDispatcher<GateForm>,
    opened: UseStateSetter<Option<Rc<Appointment>>>,
) {
    spawn_local(async move {
        match bookings::open_manage_link(&client, &link).await {
            Ok(appointment) => opened.set(Some(Rc::new(appointment))),
            Err(problem) => form.dispatch(GateAction::Refused(problem)),
        }
    });
}

fn send_code(client: ApiClient, link: SendManageCode, form: UseReducerDispatcher<GateForm>) {
    spawn_local(async move {
        let answer: Result<(), Problem> = bookings::send_manage_code(&client, &link).await;
        form.dispatch(match answer {
            Ok(()) => GateAction::CodeSent,
            Err(problem) => GateAction::Refused(problem),
        });
    });
}

fn dead_link() -> Html {
    html! {
        <div class="fault" role="alert">
            <h1>{ "This link does not work any more" }</h1>
            <p>
                { "It works until a day after the appointment, and only as it stands in the e-mail. " }
                { "Copy the whole link from the e-mail, or call the practice." }
            </p>
            <div class="button-row"><a class="button button--quiet" href="/search">{ "Find care" }</a></div>
        </div>
    }
}
