//! The answer to a request to enter an appointment in error.

use frontend::{components::mistake_view::MistakeAnswer, hooks::use_act};
use yew::prelude::*;

use crate::parts::{html as rendered, in_order};

#[derive(Clone, PartialEq, Properties)]
struct AnswerProps {
    /// Whether it is asked already if somebody is sure to agree.
    asked: bool,
}

/// The answer with its act, as a page has it.
#[component]
fn Answer(props: &AnswerProps) -> Html {
    let act = use_act();
    html! {
        <MistakeAnswer id="1" about="Ada Nguyen" may_approve=true {act} on_answer={Callback::noop()}
            asked={props.asked} />
    }
}

#[tokio::test]
async fn entering_in_error_is_agreed_to_with_two_presses() {
    let shown = |asked| rendered::<Answer>(move || AnswerProps { asked });
    let first = shown(false).await;
    in_order(
        &first,
        &[
            "aria-expanded=\"false\"",
            "Agree: enter it in error",
            ": Ada Nguyen",
            "Do not agree",
            ": Ada Nguyen",
        ],
    );
    assert!(!first.contains("button--danger") && !first.contains("cannot be undone"), "{first}");
    let then = shown(true).await;
    in_order(
        &then,
        &[
            "aria-expanded=\"true\"",
            "This cannot be undone.",
            "button--danger",
            "Enter it in error",
            ": Ada Nguyen",
            "Leave it",
            "Do not agree",
        ],
    );
}
