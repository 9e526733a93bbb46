//! Says what the page's head is: written by the server, followed by the title in the browser.

use yew::prelude::*;

use crate::{browser, head::Head, head::HeadSink};

/// Sets the head of the page being shown.
#[hook]
pub fn use_head(head: Head) {
    let sink = use_context::<HeadSink>().unwrap_or_default();
    let (title, moved_to) = (head.full_title(), head.moved_to.clone());
    sink.put(head);
    use_effect_with((title, moved_to), |(title, moved_to)| {
        browser::set_title(title);
        browser::arrive();
        if let Some(path) = moved_to {
            browser::replace(path);
        }
    });
}
