//! `/practice`: which of one's practices. With one there is nothing to choose.

use std::rc::Rc;

use shared_types::users::Me;
use yew::prelude::*;

use super::{Frame, desk_path, sign_in};
use crate::{
    browser,
    components::{failed::Failed, icon::Icon},
    forms::desk::{practice_name, roles_words},
    hooks::{
        use_head,
        use_standing::{Standing, use_standing},
    },
    pages::{account::loading, hold::private_head},
};

/// The page.
#[component]
pub fn ChoosePage() -> Html {
    use_head(private_head("Your practices"));
    let standing = use_standing();
    let content = match standing.standing {
        Standing::Unknown => loading(),
        Standing::Failed(problem) => html! { <Failed {problem} here="/practice" on_again={standing.ask} /> },
        Standing::SignedOut => sign_in("/practice"),
        Standing::SignedIn(me) => html! { <Choices {me} /> },
    };
    html! { <Frame title="Your practices">{ content }</Frame> }
}

#[derive(Clone, PartialEq, Properties)]
struct ChoicesProps {
    me: Rc<Me>,
}

#[component]
fn Choices(props: &ChoicesProps) -> Html {
    let me = &props.me;
    let only = match &me.memberships[..] {
        [only] => Some(desk_path(only.organization_id, "")),
        [] | [_, ..] => None,
    };
    use_effect_with(only, |only| {
        if let Some(path) = only {
            browser::replace(path);
        }
    });
    if me.memberships.is_empty() {
        return html! {
            <p>
                { "You do not work at a practice here. An owner of the practice can invite you by e-mail; the letter " }
                { "has a link that lets you join." }
            </p>
        };
    }
    html! {
        <ul class="choice-list" role="list">
            { for me.memberships.iter().map(|one| html! {
                <li key={one.organization_id.to_string()}>
                    <a class="choice" href={desk_path(one.organization_id, "")}>
                        <Icon name="medical" />
                        <span>
                            <span class="choice__title">{ practice_name(me, one.organization_id).to_owned() }</span>
                            <span class="choice__detail">{ roles_words(&one.roles) }</span>
                        </span>
                        <Icon name="chevron-right" />
                    </a>
                </li>
            }) }
        </ul>
    }
}
