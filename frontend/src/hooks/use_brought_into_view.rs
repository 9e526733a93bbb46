//! What opens below the edge of a phone or a panel is scrolled to, so that pressing a button is never without effect.

use yew::prelude::*;

use crate::browser;

/// For the element that is there while something is `open`: it comes into view whenever it opens.
#[hook]
pub fn use_brought_into_view(open: bool) -> NodeRef {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(open, move |open| {
            if *open {
                browser::scroll_to_node(&node);
            }
        });
    }
    node
}
