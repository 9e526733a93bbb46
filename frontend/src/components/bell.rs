//! The bell in the header: how many notices are not read.

use yew::prelude::*;

use super::icon::Icon;
use crate::hooks::use_unread;

/// More than this is only "many".
const COUNTED: i64 = 99;

/// A link to the notices, its count, and the same for who listens to the page.
#[component]
pub fn Bell() -> Html {
    let unread = use_unread().unwrap_or_default();
    html! {
        <>
            <a class="bell" href="/account/notifications">
                <Icon name="bell" />
                <span class="visually-hidden">{ "Notifications" }</span>
                if unread > 0 {
                    <span class="bell__count" aria-hidden="true">{ count(unread) }</span>
                }
            </a>
            <span class="visually-hidden" role="status">{ words(unread) }</span>
        </>
    }
}

fn count(unread: i64) -> String {
    if unread > COUNTED { format!("{COUNTED}+") } else { unread.to_string() }
}

fn words(unread: i64) -> String {
    match unread {
        0 => String::new(),
        1 => "One new notice".to_owned(),
        many => format!("{} new notices", count(many)),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, words};

    #[test]
    fn the_count_is_short_and_its_words_are_silent_at_none() {
        assert_eq!([count(1), count(99), count(100)], ["1", "99", "99+"]);
        assert_eq!([words(0), words(1), words(3)], ["", "One new notice", "3 new notices"]);
    }
}
