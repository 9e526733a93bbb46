//! Three recovery sheets, shown once. The key they recover begins only when somebody says that they are kept apart.

use std::rc::Rc;

use shared_types::{Problem, personal::Personal};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    browser,
    components::{
        icon::Icon,
        notice::{Notice, NoticeKind},
    },
    hooks::use_mailbox::Sheets,
};

#[derive(Clone, PartialEq, Properties)]
pub struct SheetsToKeepProps {
    /// What the practice is called.
    pub practice: AttrValue,
    pub sheets: Rc<Sheets>,
    pub busy: bool,
    #[prop_or_default]
    pub problem: Option<Problem>,
    /// They are kept.
    pub on_kept: Callback<()>,
    /// They are thrown away.
    pub on_drop: Callback<()>,
}

/// The sheets, each a page of its own in print, and the question.
#[component]
pub fn SheetsToKeep(props: &SheetsToKeepProps) -> Html {
    let SheetsToKeepProps { practice, sheets, busy, problem, on_kept, on_drop } = props;
    let apart = use_state_eq(|| false);
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| browser::focus_node(&heading));
    }
    let onchange = {
        let apart = apart.setter();
        move |event: Event| apart.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    let keep = {
        let (apart, on_kept) = (*apart, on_kept.clone());
        move |_: MouseEvent| {
            if apart {
                on_kept.emit(());
            }
        }
    };
    html! {
        <div class="stack">
            <h2 tabindex="-1" ref={heading}>{ "Your three recovery sheets" }</h2>
            <p>
                { "This is the only time they are shown. Print them, each on its own page, or write them down. Give " }
                { "them to different people, or keep them in different places: whoever has two can read everything." }
            </p>
            <div class="button-row">
                <button class="button button--quiet" type="button" onclick={|_: MouseEvent| browser::print()}>
                    <Icon name="print" />{ "Print the three sheets" }
                </button>
            </div>
            { for sheets.shares.iter().enumerate().map(|(at, share)| html! {
                <Sheet key={at} practice={practice.clone()} number={at + 1} share={share.clone()} />
            }) }
            if let Some(problem) = problem {
                <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                    <p>{ problem.detail.clone().unwrap_or_default() }</p>
                    <p>{ "The new key has not begun, and these sheets do not count yet." }</p>
                </Notice>
            }
            <label class="check">
                <input type="checkbox" id="kept-apart" checked={*apart} {onchange} />
                <span>{ "All three are on paper, and they will be kept apart." }</span>
            </label>
            <div class="button-row">
                <button class="button" type="button" onclick={keep} aria-busy={busy.to_string()}
                    aria-disabled={(!*apart).to_string()}>
                    { if *busy { "Beginning…" } else { "Begin the new key" } }
                </button>
                <button class="button button--plain" type="button" onclick={on_drop.reform(|_: MouseEvent| ())}>
                    { "Stop, and throw these sheets away" }
                </button>
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct SheetProps {
    pub practice: AttrValue,
    /// From 1 to 3.
    pub number: usize,
    pub share: Personal<String>,
}

/// One sheet.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let title = format!("Recovery sheet {} of 3", props.number);
    let id = format!("sheet-{}", props.number);
    html! {
        <section class="sheet sheet--page print-sheet" aria-labelledby={id.clone()}>
            <h3 {id}>{ title }</h3>
            <p class="sheet__practice">{ &props.practice }</p>
            <p class="sheet__code num">
                { for props.share.expose().split('-').enumerate().map(|(at, group)| html! {
                    <code key={at}>{ group.to_owned() }</code>
                }) }
            </p>
            <p>
                { "With one more of the three, an owner opens the practice’s sealed messages on HelloMapper when " }
                { "everybody has lost their keys. Keep it locked away, and not with another of the three." }
            </p>
        </section>
    }
}
