//! Secrets that are shown once, to be kept on paper: printed, copied, and gone when the page is left.

use yew::prelude::*;

use crate::browser;

#[derive(Clone, PartialEq, Properties)]
pub struct CodeListProps {
    /// What they are.
    pub title: AttrValue,
    /// What they are for and how to keep them.
    pub children: Html,
    pub codes: Vec<AttrValue>,
    /// They have been kept.
    pub on_done: Callback<()>,
}

/// The sheet: the only thing on the page that is printed while it is there.
#[component]
pub fn CodeList(props: &CodeListProps) -> Html {
    let said = use_state_eq(|| "");
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| browser::focus_node(&heading));
    }
    let copy = {
        let codes: Vec<_> = props.codes.iter().map(AttrValue::as_str).collect();
        let (text, said) = (codes.join("\n"), said.setter());
        move |_: MouseEvent| {
            let copied = browser::copy(&text);
            said.set(if copied {
                "Copied."
            } else {
                "This browser does not let us copy. Select them by hand."
            });
        }
    };
    html! {
        <section class="card stack print-sheet" aria-labelledby="codes-title">
            <h3 id="codes-title" tabindex="-1" ref={heading}>{ &props.title }</h3>
            { props.children.clone() }
            <ul class="codes" role="list">
                { for props.codes.iter().map(|code| html! { <li key={code.to_string()}><code>{ code }</code></li> }) }
            </ul>
            <p role="status" class="small">{ *said }</p>
            <div class="button-row no-print">
                <button class="button button--quiet" type="button" onclick={|_: MouseEvent| browser::print()}>
                    { "Print" }
                </button>
                <button class="button button--quiet" type="button" onclick={copy}>{ "Copy" }</button>
                <button class="button" type="button" onclick={props.on_done.reform(|_: MouseEvent| ())}>
                    { "I have kept them" }
                </button>
            </div>
        </section>
    }
}
