//! What the keys do in the grid.

use yew::prelude::*;

const KEYS: [(&str, &str); 12] = [
    ("Arrows", "Go to the time or the entry next to it"),
    ("Home, End", "Go to the first or the last column"),
    ("Ctrl + Home, Ctrl + End", "Go to the beginning or the end of the grid"),
    ("Page Up, Page Down", "Go to the page before or after"),
    ("Enter", "Open the entry; on a time, book it"),
    ("N", "Book this time, or take it off"),
    ("M", "Take the entry up to move it"),
    ("Arrows, while moving", "Move it"),
    ("Shift + Up or Down, while moving", "End it earlier or later"),
    ("Enter, while moving", "Drop it"),
    ("Escape", "Leave it where it was; close what is open beside the grid"),
    ("?", "Show these shortcuts"),
];

/// The keyboard map.
#[component]
pub fn KeysHelp() -> Html {
    let row = |(keys, words): (&'static str, &'static str)| {
        html! { <key={keys}><dt><kbd>{ keys }</kbd></dt><dd>{ words }</dd></> }
    };
    html! {
        <>
            <dl class="pairs">{ for KEYS.map(row) }</dl>
            <p class="small muted">
                { "With a mouse: pull an entry to move it, pull its lower edge to change its length, pull over free time " }
                { "to book it or to take it off, or press twice. Nothing needs a pull: each entry can be moved in its panel. " }
                { "A group session stays where it is: open it to move one person’s seat." }
            </p>
        </>
    }
}
