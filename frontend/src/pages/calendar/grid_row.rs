//! A row of the grid and the entries that start in it. Rows and entries are rendered anew only when what is in them has
//! changed.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::BookingId;
use yew::prelude::*;

use crate::{
    browser::pointing,
    calendar::{
        away::NOT_AVAILABLE,
        lanes::overlaps,
        sessions::{Session, SessionKey},
        sheet::{Block, Cell, Entry, Row},
        view::Zoom,
        words::{entry_words, minute_words, status_group, status_words, taken_words, what_words},
    },
    components::icon::Icon,
};

/// The id of a time's cell.
pub fn cell_id(column: usize, row: usize) -> String {
    format!("cal-{column}-{row}")
}

/// The id of a group session's heading in the agenda.
pub fn session_id((role_id, type_id, start): SessionKey) -> String {
    format!("cal-session-{role_id}-{type_id}-{}", start.as_second())
}

/// The ids of a session's heading and of the one on the day after.
pub fn session_ids(key: SessionKey) -> [String; 2] {
    [session_id(key), session_part_id(key)]
}

/// The id of a session's heading on a day that it is on.
pub fn session_id_on(session: &Session, date: Date) -> String {
    let key = session.key();
    if session.lead.began_before(date) { session_part_id(key) } else { session_id(key) }
}

fn session_part_id(key: SessionKey) -> String {
    format!("{}-part", session_id(key))
}

/// The id of an entry; of a session in the grid that of its first.
fn entry_id(booking_id: BookingId) -> String {
    format!("cal-entry-{booking_id}")
}

/// The ids of an entry and of its part on the day after: one of them is on the page where the entry is.
pub fn entry_ids(booking_id: BookingId) -> [String; 2] {
    [entry_id(booking_id), part_id(booking_id)]
}

/// The id of an entry on a day that it is on. What lasts past midnight has two in a week.
pub fn entry_id_on(entry: &Entry, date: Date) -> String {
    let booking_id = entry.booking_id();
    if entry.began_before(date) { part_id(booking_id) } else { entry_id(booking_id) }
}

/// The id of a block of the grid.
pub fn block_id(block: &Block) -> String {
    entry_id_on(&block.entry, block.date)
}

fn part_id(booking_id: BookingId) -> String {
    format!("cal-part-{booking_id}")
}

#[derive(Clone, Properties)]
pub struct GridRowProps {
    pub nth: usize,
    pub row: Rc<Row>,
    /// What each column is called.
    pub names: Rc<[AttrValue]>,
    pub zoom: Zoom,
    /// The columns in which it is now, and how many minutes below the row's start; none in most rows.
    pub now: Vec<(usize, i32)>,
}

impl PartialEq for GridRowProps {
    /// Most rows are the very same as before, which costs nothing to see.
    fn eq(&self, other: &Self) -> bool {
        let same_row = Rc::ptr_eq(&self.row, &other.row) || self.row == other.row;
        let same_names = Rc::ptr_eq(&self.names, &other.names) || self.names == other.names;
        same_row && same_names && (self.nth, self.zoom, &self.now) == (other.nth, other.zoom, &other.now)
    }
}

/// The row.
#[component]
pub fn GridRow(props: &GridRowProps) -> Html {
    let GridRowProps { nth, row, names, zoom, now } = props;
    let clock = minute_words(row.minute);
    let whole = row.minute % 60 == 0;
    let cell = |(at, cell): (usize, &Cell)| {
        let label = cell.blocks.is_empty().then(|| format!("{clock}, {}{}", names[at], cell_words(cell)));
        let line = now.iter().find(|(column, _)| *column == at).map(|(_, below)| {
            html! { <Stretch key="now" class="cal__now" below={*below} minutes=0 words="" /> }
        });
        let taken = cell.taken.iter().map(|(span, by)| {
            html! {
                <Stretch key={format!("taken {}", span.from)} class="cal__taken" below={span.from - row.minute}
                    minutes={span.minutes()} words={taken_words(*by)} />
            }
        });
        let away = cell.away.iter().map(|span| {
            html! {
                <Stretch key={format!("away {}", span.from)} class="cal__away" below={span.from - row.minute}
                    minutes={span.minutes()} words={NOT_AVAILABLE} />
            }
        });
        let entries = cell.blocks.iter().enumerate().map(|(place, block)| {
            html! {
                <EntryView key={block.entry.booking_id().to_string()} block={block.clone()} minute={row.minute}
                    at={format!("{at}-{nth}-{place}")} overlaps={overlaps(block.span, block.lane, *zoom)} />
            }
        });
        html! {
            <div key={at} class="cal__cell" role="gridcell" id={cell_id(at, *nth)} data-at={format!("{at}-{nth}-0")}
                data-open={cell.open.to_string()} tabindex="-1" aria-label={label}>
                { for away }
                { for taken }
                { for entries }
                { for line }
            </div>
        }
    };
    html! {
        <div class="cal__row" role="row" data-whole={whole.to_string()}>
            <div key="time" class="cal__time" role="rowheader">
                <span class={(!whole).then_some("visually-hidden")}>{ &clock }</span>
            </div>
            { for row.cells.iter().enumerate().map(cell) }
        </div>
    }
}

/// Whether it is open, and what is written in it: `, not available`, `, being booked`.
fn cell_words(cell: &Cell) -> String {
    let state = match (cell.open && cell.away.is_empty(), cell.is_away) {
        (true, _) => None,
        (false, true) => Some(NOT_AVAILABLE),
        (false, false) => Some("Not open"),
    };
    let taken = cell.taken.iter().map(|(_, by)| taken_words(*by));
    state.into_iter().chain(taken).map(|words| format!(", {}", words.to_lowercase())).collect()
}

#[derive(Clone, PartialEq, Properties)]
struct StretchProps {
    class: &'static str,
    /// From the start of its row, in minutes.
    below: i32,
    minutes: i32,
    words: &'static str,
}

/// Something that is to be seen in the grid and not to be reached.
#[component]
fn Stretch(props: &StretchProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.below, props.minutes), move |(below, minutes)| {
            pointing::place(&node, &[("--below", below.to_string()), ("--long", minutes.to_string())]);
        });
    }
    html! { <span class={props.class} aria-hidden="true" ref={node}>{ props.words }</span> }
}

#[derive(Clone, PartialEq, Properties)]
struct EntryViewProps {
    block: Block,
    /// Of its row.
    minute: i32,
    /// Column, row and place, as the keys know it.
    at: AttrValue,
    /// Whether it may lie over others or below them.
    overlaps: bool,
}

/// One appointment. The press that opens it is the grid's to hear, and so is the pull at it; which one is open is the grid's to
/// say.
#[component]
fn EntryView(props: &EntryViewProps) -> Html {
    let EntryViewProps { block, minute, at, overlaps } = props;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((block.span, block.lane, *minute), move |(span, lane, minute)| {
            let properties = [
                ("--below", (span.from - minute).to_string()),
                ("--long", span.minutes().to_string()),
                ("--lane", lane.nth.to_string()),
                ("--lanes", lane.of.to_string()),
            ];
            pointing::place(&node, &properties);
        });
    }
    let booking_id = block.entry.booking_id();
    let Face { name, what, words, state, icon } = face(block);
    let appointment = &block.entry.appointment;
    let time = block.start_words();
    // It begins with all that is written: who speaks to their computer says what they read.
    let label = format!("{time}, {name}, {words}");
    html! {
        <button type="button" class="cal__entry" id={block_id(block)} ref={node} tabindex="-1"
            data-booking={booking_id.to_string()} data-at={at.clone()} data-state={state}
            data-stays={(!block.may_move()).then_some("true")}
            data-fitted={appointment.fitted_in.then_some("true")} data-overlaps={overlaps.to_string()} aria-label={label}>
            <Icon name={icon} />
            <span class="cal__entry-time" data-before={block.began_before().then_some("true")}>{ time }</span>{ " " }
            <span class="cal__entry-name">{ name }</span>{ " " }
            <span class="cal__entry-type">{ what }</span>
            if block.may_move() {
                <span class="cal__grip" data-grip="end"></span>
            }
        </button>
    }
}

/// What an entry shows of an appointment, or of a session.
struct Face {
    /// Who comes, or what the session is.
    name: String,
    /// What they come for, or how many of its seats are taken.
    what: String,
    /// The same and the rest, for those who hear it.
    words: String,
    /// The state's name in the styles.
    state: &'static str,
    icon: &'static str,
}

fn face(block: &Block) -> Face {
    let appointment = &block.entry.appointment;
    match &block.session {
        Some(session) => Face {
            name: appointment.appointment_type.name.clone(),
            what: session.seats_words(),
            words: session.words(),
            state: session.state(),
            icon: "community",
        },
        None => Face {
            name: appointment.patient.name.expose().clone(),
            what: what_words(appointment),
            words: entry_words(appointment, block.entry.zone),
            state: status_group(appointment.status),
            icon: status_words(appointment.status).1,
        },
    }
}
