//! Whom of a practice patients cannot book, whatever the hours leave free.

use yew::prelude::*;

use crate::components::notice::{Notice, NoticeKind};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct NotBookableProps {
    /// Whom, in order.
    pub names: Vec<String>,
}

/// A notice; nothing where patients can book everybody.
#[component]
pub fn NotBookable(props: &NotBookableProps) -> Html {
    if props.names.is_empty() {
        return Html::default();
    }
    html! {
        <Notice kind={NoticeKind::Soon} title={format!("Patients cannot book {}", props.names.join(", "))}>
            <p>
                { "The listing is suspended, or was never opened for booking. No times are offered to patients, whatever the " }
                { "hours leave free. What is booked stands." }
            </p>
        </Notice>
    }
}
