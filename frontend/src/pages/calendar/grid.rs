//! Days as a grid of hours: columns of practitioners or of days, entries where the wall says they are. Moving about in it
//! and carrying things follow the pointer and the keys without rendering anything anew: see [`carry`](super::carry).

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::{BookingId, time};
use yew::prelude::*;

use super::{
    carry::{CarryProps, Dropped, GridData, use_carry},
    grid_row::GridRow,
};
use crate::calendar::{
    sheet::{Column, Row, hours, minute_of, rows},
    view::{Layout, Zoom},
};

#[derive(Clone, PartialEq, Properties)]
pub struct TimeGridProps {
    /// What is shown, for those who hear it.
    pub label: AttrValue,
    pub columns: Rc<Vec<Column>>,
    /// Whether the columns are people or days.
    pub layout: Layout,
    pub zoom: Zoom,
    /// Today at the first place.
    pub today: Date,
    pub now: Timestamp,
    /// What is open beside it.
    pub selected: Option<BookingId>,
    pub on_open: Callback<BookingId>,
    pub on_drop: Callback<Dropped>,
    /// Wants another page, on or back.
    pub on_turn: Callback<i64>,
    pub on_help: Callback<()>,
}

/// The grid.
#[component]
pub fn TimeGrid(props: &TimeGridProps) -> Html {
    let TimeGridProps { columns, layout, zoom, today, now, selected, .. } = props;
    let drawn = use_memo((Rc::clone(columns), *zoom, *layout), |(columns, zoom, layout)| {
        let hours = hours(columns);
        let rows = rows(columns, hours, zoom.minutes());
        (GridData::new(Rc::clone(columns), &rows, hours, *zoom, *layout), rows)
    });
    let (data, rows) = &*drawn;
    let carry = use_carry(CarryProps {
        data: data.clone(),
        open: *selected,
        on_open: props.on_open.clone(),
        on_drop: props.on_drop.clone(),
        on_turn: props.on_turn.clone(),
        on_help: props.on_help.clone(),
    });
    let today_in = columns.iter().enumerate().filter(|(_, column)| column.zone.date(*now) == column.date);
    let lines: Vec<_> = today_in.map(|(at, column)| (at, minute_of(*now, column.zone))).collect();
    let row = |(nth, row): (usize, &Rc<Row>)| {
        let below = lines.iter().map(|(at, minute)| (*at, minute - row.minute));
        let now: Vec<_> = below.filter(|(_, below)| (0..zoom.minutes()).contains(below)).collect();
        html! {
            <GridRow key={row.minute} {nth} row={Rc::clone(row)} names={Rc::clone(&data.names)} zoom={*zoom} {now} />
        }
    };
    // What is said is no part of what scrolls, which would be drawn anew with every word.
    html! {
        <>
            <div class="cal-scroll" role="region" aria-label={props.label.clone()}>
                <div class="cal-body" data-layout={layout.code()} data-zoom={zoom.code()} ref={carry.body.clone()}
                    onpointerdown={carry.on_down} onpointermove={carry.on_move} onpointerup={carry.on_up}
                    onpointercancel={carry.on_cancel} onclick={carry.on_click} ondblclick={carry.on_double}
                    onkeydown={carry.on_key} onfocusin={carry.on_focus} onfocusout={carry.on_blur}>
                    <div class="cal" role="grid" aria-label={props.label.clone()}>
                        <div key="head" class="cal__row cal__row--head" role="row">
                            <div key="corner" class="cal__corner" role="columnheader">
                                <span class="visually-hidden">{ "Time" }</span>
                            </div>
                            { for columns.iter().map(|column| head(column, *layout, *today)) }
                        </div>
                        { for rows.iter().enumerate().map(row) }
                    </div>
                    <div class="cal__marks" aria-hidden="true" ref={carry.marks.frame.clone()}>
                        <div class="cal__mark" data-of="open" hidden=true ref={carry.marks.open.clone()}></div>
                        <div class="cal__mark" data-of="focus" hidden=true ref={carry.marks.focus.clone()}></div>
                    </div>
                    <div class="cal__ghost" hidden=true aria-hidden="true" ref={carry.ghost.clone()}></div>
                </div>
            </div>
            <p class="visually-hidden" role="status" aria-live="assertive" ref={carry.voice.clone()}></p>
        </>
    }
}

/// A person's name, or `Tue 24`; why nobody is there, and how late it is.
fn head(column: &Column, layout: Layout, today: Date) -> Html {
    let current = (layout == Layout::Week && column.date == today).then_some("date");
    let words = match layout {
        Layout::Week => time::short_date(column.date),
        Layout::Day | Layout::Agenda | Layout::Month => column.name.to_string(),
    };
    html! {
        <div class="cal__head" role="columnheader" key={format!("{} {}", column.role_id, column.date)}
            aria-current={current}>
            <span class="cal__head-name">{ words }</span>
            <span class="cal__closed small">{ column.closed.as_deref().unwrap_or_default().to_owned() }</span>
            <span class="cal__late small">{ column.late.map(late_words).unwrap_or_default() }</span>
        </div>
    }
}

fn late_words(minutes: u16) -> String {
    format!("About {minutes} min late")
}
