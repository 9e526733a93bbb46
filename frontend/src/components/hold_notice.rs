//! What a reader is told when a time is gone: that it is, that nothing typed is lost, and which times are
//! near.

use jiff::Timestamp;
use yew::prelude::*;

use super::{
    notice::{Notice, NoticeKind},
    time_button::{TimeButton, TimeContext},
};
use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TimeGoneProps {
    pub title: AttrValue,
    /// What was kept and what to do.
    pub detail: AttrValue,
    /// The nearest other times; may still be on their way.
    pub alternatives: Vec<Timestamp>,
    pub context: TimeContext,
    /// Where all the times are, when they are not on this page.
    #[prop_or_default]
    pub all: Option<AttrValue>,
}

/// The notice takes the focus when it appears: it stands above what the reader was doing.
#[component]
pub fn TimeGone(props: &TimeGoneProps) -> Html {
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        use_effect_with(props.title.clone(), move |_| browser::focus_node(&notice));
    }
    html! {
        <Notice kind={NoticeKind::Soon} title={props.title.clone()} alert={true} node_ref={notice}>
            <p>{ &props.detail }</p>
            <ul class="time-list time-list--days" aria-label="Nearest other times">
                { for props.alternatives.iter().map(|start| html! {
                    <li key={start.to_string()}>
                        <TimeButton start={*start} context={props.context.clone()} with_day={true} />
                    </li>
                }) }
            </ul>
            if let Some(all) = &props.all {
                <p><a href={all.clone()}>{ "See all times" }</a></p>
            }
        </Notice>
    }
}
