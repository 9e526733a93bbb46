//! What a patient says beside the practice's record of a booking, where they do not agree with it.

use shared_types::{AppointmentId, bookings::PatientStatement};
use yew::prelude::*;

use super::{
    moment::Moment,
    notice::{Notice, NoticeKind},
};

/// Where the patient says it, with or without an account.
pub fn disagreement_path(appointment_id: AppointmentId) -> String {
    format!("/book/confirmed/{appointment_id}/disagreement")
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StatementsProps {
    /// The earliest first.
    pub statements: Vec<PatientStatement>,
}

/// The statements as they were written, each with when.
#[component]
pub fn Statements(props: &StatementsProps) -> Html {
    html! { <ol class="stack" role="list">{ for props.statements.iter().map(item) }</ol> }
}

fn item(statement: &PatientStatement) -> Html {
    html! {
        <li class="note" key={statement.statement_id.to_string()}>
            <p class="note__head small"><Moment at={statement.created_at} /></p>
            <p class="note__text">{ statement.text.expose() }</p>
        </li>
    }
}

/// The same for a practice's staff, labelled as what it is; nothing where the patient said nothing.
#[component]
pub fn PatientSays(props: &StatementsProps) -> Html {
    if props.statements.is_empty() {
        return Html::default();
    }
    html! {
        <Notice kind={NoticeKind::Soon} icon="info" title="The patient does not agree with this record">
            <p>{ "This is their side, in their words. It belongs to the record: whoever gets the record gets it too." }</p>
            <Statements statements={props.statements.clone()} />
        </Notice>
    }
}
