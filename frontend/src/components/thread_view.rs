//! What was said about a booking, in order, with a box to add to it.

use std::rc::Rc;

use shared_types::{AccountId, vault::SeenKeys};
use yew::prelude::*;

use super::{
    failed::Failed,
    key_changed::KeyChanged,
    note_view::NoteView,
    notice::{Notice, NoticeKind},
    reply_box::ReplyBox,
    skeleton::Skeleton,
};
use crate::hooks::use_thread::{OpenThread, Reading, Thread};

#[derive(Clone, PartialEq, Properties)]
pub struct ThreadViewProps {
    pub thread: Thread,
    /// Who reads.
    pub me: AccountId,
    /// Where to come back to after signing in.
    pub here: AttrValue,
    /// Whose keys may have changed: a practice's name, or words for the patient.
    pub other: AttrValue,
    #[prop_or_default]
    pub phone: Option<AttrValue>,
    /// Who reads what one writes.
    pub hint: AttrValue,
    /// What is said when nothing was.
    pub empty: AttrValue,
    /// Leaves without comparing changed keys.
    pub on_leave: Callback<()>,
}

/// The list and the box.
#[component]
pub fn ThreadView(props: &ThreadViewProps) -> Html {
    let thread = &props.thread;
    match &thread.reading {
        Reading::Loading => html! {
            <div class="stack" aria-busy="true">
                <p class="visually-hidden" role="status">{ "Loading" }</p>
                <Skeleton kind="short" /><Skeleton kind="line" /><Skeleton kind="line" />
                <Skeleton kind="short" /><Skeleton kind="line" />
            </div>
        },
        Reading::Failed(problem) => html! {
            <Failed problem={problem.clone()} here={props.here.clone()} on_again={thread.on_again.clone()} />
        },
        Reading::Changed(keys) => changed(props, keys),
        Reading::Open(open) => shown(props, open),
    }
}

fn shown(props: &ThreadViewProps, open: &Rc<OpenThread>) -> Html {
    let (thread, me) = (&props.thread, props.me);
    let items = open.notes.items.iter().enumerate().map(|(at, note)| {
        html! { <NoteView key={note.note_id.to_string()} thread={Rc::clone(open)} {at} {me} /> }
    });
    let trouble = match (&thread.changed, &thread.act.problem) {
        (Some(keys), _) => changed(props, keys),
        (None, Some(problem)) => html! {
            <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                <p>{ problem.detail.clone().unwrap_or_default() }{ " What you typed is kept." }</p>
            </Notice>
        },
        (None, None) => Html::default(),
    };
    html! {
        <div class="stack">
            if open.notes.items.is_empty() {
                <p>{ &props.empty }</p>
            }
            <ol class="thread" role="list">{ for items }</ol>
            <div class="optional">{ trouble }</div>
            <ReplyBox label="Write a message" hint={props.hint.clone()} busy={thread.act.busy} sent={thread.sent}
                on_send={thread.on_send.clone()} />
        </div>
    }
}

fn changed(props: &ThreadViewProps, keys: &SeenKeys) -> Html {
    let same = keys.clone();
    html! {
        <KeyChanged keys={keys.clone()} whose={props.other.clone()} phone={props.phone.clone()}
            busy={props.thread.act.busy} on_same={props.thread.on_same_keys.reform(move |()| same.clone())}
            on_leave={props.on_leave.clone()} leave="Not now" />
    }
}
