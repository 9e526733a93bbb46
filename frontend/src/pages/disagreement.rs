//! A patient's side of a booking's record: what they said where they do not agree with the practice, and saying more. One
//! person's, so it loads in the browser only; whoever may see the booking may say something.

mod form;

use std::rc::Rc;

use shared_types::{
    AppointmentId,
    bookings::{Appointment, PatientStatement, STATEMENTS},
    page::Page,
};
use yew::prelude::*;

use self::form::StatementForm;
use super::{account::loading, hold::private_head};
use crate::{
    api::bookings,
    components::{
        appointment_card::AppointmentCard,
        failed::Failed,
        statements::{Statements, disagreement_path},
    },
    hooks::{use_head, use_private_api, use_version},
};

const TITLE: &str = "Your side of the record";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DisagreementPageProps {
    pub appointment_id: AppointmentId,
}

/// The page.
#[component]
pub fn DisagreementPage(props: &DisagreementPageProps) -> Html {
    use_head(private_head(TITLE));
    let id = props.appointment_id;
    let (version, on_again) = use_version();
    let content = match use_private_api::<Appointment>(bookings::get_appointment(id), version) {
        None => loading(),
        Some(Ok(appointment)) => html! { <Side {appointment} /> },
        Some(Err(problem)) if problem.status == 404 => html! {
            <p>
                { "We cannot show this booking here. Open the link in the e-mail we sent: it shows the booking on any " }
                { "device. Or " }
                <a href={format!("/account/sign-in?to={}", disagreement_path(id))}>{ "sign in" }</a>{ "." }
            </p>
        },
        Some(Err(problem)) => html! { <Failed {problem} here={disagreement_path(id)} {on_again} /> },
    };
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">
            <h1>{ TITLE }</h1>
            <p class="no-js-only">{ "This page needs JavaScript. The practice takes what you want to say, too." }</p>
            { content }
        </div></main>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SideProps {
    appointment: Rc<Appointment>,
}

#[component]
fn Side(props: &SideProps) -> Html {
    let appointment = &props.appointment;
    let id = appointment.appointment_id;
    let (version, on_again) = use_version();
    let read = use_private_api::<Page<PatientStatement>>(bookings::list_statements(id), version);
    let added = use_state(|| None::<Rc<Page<PatientStatement>>>);
    let on_added = {
        let added = added.setter();
        Callback::from(move |page: Page<PatientStatement>| added.set(Some(Rc::new(page))))
    };
    let content = match ((*added).clone(), read) {
        (Some(page), _) | (None, Some(Ok(page))) => said(id, &page.items, on_added),
        (None, None) => loading(),
        (None, Some(Err(problem))) => html! {
            <Failed {problem} here={disagreement_path(id)} {on_again} />
        },
    };
    let practice = appointment.role.organization_name.as_ref().unwrap_or(&appointment.role.name);
    html! {
        <>
            <p>
                { format!("Is something wrong in what {practice} wrote down about this booking, and they will not change ") }
                { "it? Say here what is right. It stays beside the record as long as they keep the record, and we tell " }
                { "them that it is there." }
            </p>
            <AppointmentCard appointment={(**appointment).clone()} />
            { content }
        </>
    }
}

fn said(id: AppointmentId, items: &[PatientStatement], on_added: Callback<Page<PatientStatement>>) -> Html {
    let is_full = items.len() >= STATEMENTS;
    html! {
        <>
            <section class="stack" aria-labelledby="said-title">
                <h2 id="said-title">{ "What you said" }</h2>
                if items.is_empty() {
                    <p>{ "Nothing so far." }</p>
                }
                <Statements statements={items.to_vec()} />
            </section>
            if is_full {
                <p>{ "There are five statements, which is the most. Call the practice, or write to us." }</p>
            } else {
                <StatementForm appointment_id={id} {on_added} />
            }
        </>
    }
}
