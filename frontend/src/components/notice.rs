//! Something to know before going on.

use yew::prelude::*;

use super::icon::Icon;

/// How a notice is meant. Colour never says it alone: the icon and the words do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know.
    #[default]
    Info,
    /// Needs an eye soon.
    Soon,
    /// It worked.
    Success,
    /// Harm or loss.
    Danger,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct NoticeProps {
    #[prop_or_default]
    pub kind: NoticeKind,
    pub title: AttrValue,
    /// Instead of the kind's own icon.
    #[prop_or_default]
    pub icon: Option<AttrValue>,
    /// Interrupts a screen reader; otherwise it is read when there is a pause.
    #[prop_or_default]
    pub alert: bool,
    /// Stands in a live region, which announces it: it is not announced a second time.
    #[prop_or_default]
    pub announced: bool,
    /// Can be focused by a script, for notices that take the focus.
    #[prop_or_default]
    pub node_ref: NodeRef,
    #[prop_or_default]
    pub children: Html,
}

/// A box with a title and whatever follows from it.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let (kind, icon) = match props.kind {
        NoticeKind::Info => (None, "info"),
        NoticeKind::Soon => (Some("notice--soon"), "warning"),
        NoticeKind::Success => (Some("notice--success"), "check"),
        NoticeKind::Danger => (Some("notice--danger"), "warning"),
    };
    let icon = props.icon.clone().unwrap_or(AttrValue::Static(icon));
    let role = match (props.announced, props.alert) {
        (true, _) => None,
        (false, true) => Some("alert"),
        (false, false) => Some("status"),
    };
    html! {
        <div class={classes!("notice", kind)} {role} tabindex="-1" ref={props.node_ref.clone()}>
            <Icon name={icon} />
            <p class="notice__title">{ &props.title }</p>
            { props.children.clone() }
        </div>
    }
}
