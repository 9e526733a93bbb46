//! A row of days off: which, and from when until when, where they are not whole.

use jiff::civil::Date;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{drop_button, edit, error};
use crate::{
    components::field::Field,
    forms::hours::{HoursAction, HoursForm, LeaveRow},
};

/// The row. It is called by what it says, as soon as that can be read.
pub(super) fn leave(
    form: &HoursForm,
    nth: usize,
    row: &LeaveRow,
    today: Date,
    on_action: &Callback<HoursAction>,
) -> Html {
    let id = |field: &str| format!("leave-{}-{field}", row.id);
    let wrong = |field: &str| error(form, &format!("/leave/{nth}/{field}"));
    let text = |change: fn(LeaveRow, String) -> LeaveRow| edit(row, on_action, change, HoursAction::Leave);
    let words = row.words(today).unwrap_or_else(|| format!("Days off {}", nth + 1));
    let on_whole = {
        let row = row.clone();
        on_action.reform(move |event: Event| {
            let whole_day = event.target_unchecked_into::<HtmlInputElement>().checked();
            HoursAction::Leave(LeaveRow { whole_day, ..row.clone() })
        })
    };
    html! {
        <li key={row.id} class="hours__row">
            <fieldset class="fieldset">
                <legend>{ &words }</legend>
                <div class="field-group">
                    <Field id={id("first")} label="First day off" kind="date" width="input--m" value={row.first.clone()}
                        error={wrong("first")} oninput={text(|row, first| LeaveRow { first, ..row })} />
                    <Field id={id("last")} label="Last day off" kind="date" width="input--m" value={row.last.clone()}
                        error={wrong("last")} oninput={text(|row, last| LeaveRow { last, ..row })} />
                </div>
                <label class="check">
                    <input type="checkbox" id={id("whole_day")} checked={row.whole_day} onchange={on_whole} />
                    <span>{ "Whole day" }</span>
                </label>
                <div class="optional">
                    if !row.whole_day {
                        <div class="field-group">
                            <Field id={id("from")} label="Off from" kind="time" width="input--m" value={row.from.clone()}
                                error={wrong("from")} oninput={text(|row, from| LeaveRow { from, ..row })} />
                            <Field id={id("until")} label="Off until" kind="time" width="input--m"
                                value={row.until.clone()} error={wrong("until")}
                                oninput={text(|row, until| LeaveRow { until, ..row })} />
                        </div>
                    }
                </div>
                { drop_button(&words, "leave-title", HoursAction::DropLeave(row.id), on_action) }
            </fieldset>
        </li>
    }
}
