//! The fields of a schedule: weekly hours, days off, further hours, and how times are sold.

mod leave;

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::bookings::{
    Audience,
    schedule::{RoleType, RoleTypes},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::leave::leave;
use crate::{
    browser,
    components::{
        field::{Field, FieldError},
        select_field::SelectField,
    },
    forms::hours::{ExtraRow, HoursAction, HoursForm, RuleRow, SettingsRow},
};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

#[derive(Clone, PartialEq, Properties)]
pub struct HoursFieldsProps {
    pub form: HoursForm,
    pub types: Rc<RoleTypes>,
    pub today: Date,
    pub may_edit: bool,
    pub on_action: Callback<HoursAction>,
}

/// All of them.
#[component]
pub fn HoursFields(props: &HoursFieldsProps) -> Html {
    let HoursFieldsProps { form, types, today, may_edit, on_action } = props;
    let today = *today;
    let add = |words: &'static str, action: HoursAction| {
        let onclick = on_action.reform(move |_: MouseEvent| action.clone());
        html! { <button type="button" class="button button--quiet" {onclick}>{ words }</button> }
    };
    html! {
        <fieldset class="hours" disabled={!may_edit}>
            <legend class="visually-hidden">{ "Hours" }</legend>
            <section key="rules" aria-labelledby="rules-title">
                <h2 id="rules-title" tabindex="-1">{ "Every week" }</h2>
                <ul class="hours__rows" role="list">
                    { for form.rules.iter().enumerate().map(|(nth, row)| rule(form, nth, row, types, on_action)) }
                </ul>
                { add("Add weekly hours", HoursAction::AddRule) }
            </section>
            <section key="leave" aria-labelledby="leave-title">
                <h2 id="leave-title" tabindex="-1">{ "Days off" }</h2>
                <p class="small muted">
                    { "Nothing can be booked on these days, or in the part of them that you give. What is booked already " }
                    { "stays." }
                </p>
                <ul class="hours__rows" role="list">
                    { for form.leave.iter().enumerate().map(|(nth, row)| leave(form, nth, row, today, on_action)) }
                </ul>
                { add("Add days off", HoursAction::AddLeave(today)) }
            </section>
            <section key="extra" aria-labelledby="extra-title">
                <h2 id="extra-title" tabindex="-1">{ "Further hours on one day" }</h2>
                <p class="small muted">{ "They count on a whole day off and on a public holiday, too." }</p>
                <ul class="hours__rows" role="list">
                    { for form.extra.iter().enumerate().map(|(nth, row)| extra(form, nth, row, on_action)) }
                </ul>
                { add("Add hours", HoursAction::AddExtra(today)) }
            </section>
            <section key="settings" aria-labelledby="settings-title">
                <h2 id="settings-title">{ "How times are offered" }</h2>
                { settings(form, on_action) }
            </section>
        </fieldset>
    }
}

fn error(form: &HoursForm, pointer: &str) -> Option<AttrValue> {
    form.error(pointer).map(AttrValue::from)
}

/// What changes a row by one text.
fn edit<T: Clone + 'static>(
    row: &T,
    on_action: &Callback<HoursAction>,
    change: fn(T, String) -> T,
    action: fn(T) -> HoursAction,
) -> Callback<String> {
    let row = row.clone();
    on_action.reform(move |text: String| action(change(row.clone(), text)))
}

/// The button that takes a row away, and says which. It goes with the row: the focus goes to the heading above.
fn drop_button(
    of: &str,
    heading: &'static str,
    action: HoursAction,
    on_action: &Callback<HoursAction>,
) -> Html {
    let on_action = on_action.clone();
    let onclick = move |_: MouseEvent| {
        on_action.emit(action.clone());
        browser::focus(heading);
    };
    html! {
        <button type="button" class="button button--plain" {onclick}>
            { "Remove" }<span class="visually-hidden">{ format!(" {of}") }</span>
        </button>
    }
}

fn audience_field(id: String, audience: Audience, onchange: Callback<String>) -> Html {
    let options =
        [Audience::All, Audience::New, Audience::Existing, Audience::HomeVisit, Audience::Telehealth];
    let options = options.map(|one| (AttrValue::from(one.code()), AttrValue::from(audience_words(one))));
    html! {
        <SelectField {id} label="For whom" options={options.to_vec()} value={audience.code()} {onchange} />
    }
}

/// For whom something is.
pub fn audience_words(audience: Audience) -> &'static str {
    match audience {
        Audience::All => "Everybody",
        Audience::New => "New patients",
        Audience::Existing => "Patients who have been here",
        Audience::HomeVisit => "Home visits",
        Audience::Telehealth => "Visits by video or phone",
    }
}

fn rule(
    form: &HoursForm,
    nth: usize,
    row: &RuleRow,
    types: &RoleTypes,
    on_action: &Callback<HoursAction>,
) -> Html {
    let id = |field: &str| format!("rule-{}-{field}", row.id);
    let wrong = |field: &str| error(form, &format!("/rules/{nth}/rule/{field}"));
    let text = |change: fn(RuleRow, String) -> RuleRow| edit(row, on_action, change, HoursAction::Rule);
    let no_day = wrong("weekdays");
    let day = |(at, words): (u8, &'static str)| {
        let ticked = row.weekdays.bits() & (1 << at) != 0;
        let row = row.clone();
        let onchange = on_action.reform(move |event: Event| {
            HoursAction::Rule(row.with_day(at, event.target_unchecked_into::<HtmlInputElement>().checked()))
        });
        html! {
            <label key={words} class="chip">
                <input type="checkbox" checked={ticked} {onchange} aria-invalid={no_day.as_ref().map(|_| "true")}
                    aria-describedby={id("days-error")} />{ words }
            </label>
        }
    };
    let only = |of: &RoleType| {
        let (row, type_id) = (row.clone(), of.appointment_type_id);
        let ticked = row.only.contains(&type_id);
        let onchange = on_action.reform(move |event: Event| {
            HoursAction::Rule(
                row.with_type(type_id, event.target_unchecked_into::<HtmlInputElement>().checked()),
            )
        });
        html! {
            <label key={type_id.to_string()} class="check">
                <input type="checkbox" checked={ticked} {onchange} /><span>{ &of.draft.name }</span>
            </label>
        }
    };
    let on_audience =
        text(|row, code| RuleRow { audience: Audience::from_code(&code).unwrap_or_default(), ..row });
    let offered = types.items.iter().filter(|of| of.active);
    let narrow = if row.only.is_empty() {
        "For every appointment type".to_owned()
    } else {
        count_words(row.only.len())
    };
    html! {
        <li key={row.id} class="hours__row">
            <fieldset class="fieldset">
                <legend class="visually-hidden">{ format!("Weekly hours {}", nth + 1) }</legend>
                <div class="chip-row">{ for (0..7).zip(DAYS).map(day) }</div>
                <FieldError id={id("days-error")} error={no_day.clone()} />
                <div class="field-group">
                    <Field id={id("opens")} label="Opens" kind="time" width="input--m" value={row.opens.clone()}
                        error={wrong("opens")} oninput={text(|row, opens| RuleRow { opens, ..row })} />
                    <Field id={id("closes")} label="Closes" kind="time" width="input--m" value={row.closes.clone()}
                        error={wrong("closes")} oninput={text(|row, closes| RuleRow { closes, ..row })} />
                    { audience_field(id("audience"), row.audience, on_audience) }
                </div>
                <div class="field-group">
                    <Field id={id("from")} label="From" optional=true kind="date" width="input--m"
                        value={row.from.clone()} error={wrong("effective_from")}
                        oninput={text(|row, from| RuleRow { from, ..row })} />
                    <Field id={id("until")} label="Until" optional=true kind="date" width="input--m"
                        value={row.until.clone()} error={wrong("effective_until")}
                        oninput={text(|row, until| RuleRow { until, ..row })} />
                </div>
                <details>
                    <summary>{ narrow }</summary>
                    <p class="small muted">{ "Tick some to keep these hours for them only." }</p>
                    { for offered.map(only) }
                </details>
                { drop_button(&format!("weekly hours {}", nth + 1), "rules-title", HoursAction::DropRule(row.id), on_action) }
            </fieldset>
        </li>
    }
}

fn count_words(count: usize) -> String {
    match count {
        1 => "For 1 appointment type only".to_owned(),
        count => format!("For {count} appointment types only"),
    }
}

fn extra(form: &HoursForm, nth: usize, row: &ExtraRow, on_action: &Callback<HoursAction>) -> Html {
    let id = |field: &str| format!("extra-{}-{field}", row.id);
    let wrong = |field: &str| error(form, &format!("/extra_hours/{nth}/{field}"));
    let text = |change: fn(ExtraRow, String) -> ExtraRow| edit(row, on_action, change, HoursAction::Extra);
    let on_audience =
        text(|row, code| ExtraRow { audience: Audience::from_code(&code).unwrap_or_default(), ..row });
    html! {
        <li key={row.id} class="hours__row field-group">
            <Field id={id("date")} label="Day" kind="date" width="input--m" value={row.date.clone()}
                error={wrong("date")} oninput={text(|row, date| ExtraRow { date, ..row })} />
            <Field id={id("opens")} label="Opens" kind="time" width="input--m" value={row.opens.clone()}
                error={wrong("opens")} oninput={text(|row, opens| ExtraRow { opens, ..row })} />
            <Field id={id("closes")} label="Closes" kind="time" width="input--m" value={row.closes.clone()}
                error={wrong("closes")} oninput={text(|row, closes| ExtraRow { closes, ..row })} />
            { audience_field(id("audience"), row.audience, on_audience) }
            { drop_button(&format!("further hours {}", nth + 1), "extra-title", HoursAction::DropExtra(row.id), on_action) }
        </li>
    }
}

fn settings(form: &HoursForm, on_action: &Callback<HoursAction>) -> Html {
    let row = &form.settings;
    let wrong = |field: &str| error(form, &format!("/settings/{field}"));
    let text =
        |change: fn(SettingsRow, String) -> SettingsRow| edit(row, on_action, change, HoursAction::Settings);
    let on_holidays = {
        let row = row.clone();
        on_action.reform(move |event: Event| {
            let opens_on_holidays = event.target_unchecked_into::<HtmlInputElement>().checked();
            HoursAction::Settings(SettingsRow { opens_on_holidays, ..row.clone() })
        })
    };
    html! {
        <div class="stack">
            <div class="field-group">
                <Field id="step" label="Minutes between starts" inputmode="numeric" width="input--s"
                    value={row.step.clone()} error={wrong("step_minutes")}
                    oninput={text(|row, step| SettingsRow { step, ..row })} />
                <Field id="notice" label="Notice in minutes" inputmode="numeric" width="input--s"
                    hint="How long before its start a time can last be booked." value={row.notice.clone()}
                    error={wrong("notice_minutes")} oninput={text(|row, notice| SettingsRow { notice, ..row })} />
                <Field id="horizon" label="Days ahead" inputmode="numeric" width="input--s"
                    value={row.horizon.clone()} error={wrong("horizon_days")}
                    oninput={text(|row, horizon| SettingsRow { horizon, ..row })} />
            </div>
            <div class="field-group">
                <Field id="free_until" label="Cancelling costs nothing until, in hours before" inputmode="numeric"
                    width="input--s" value={row.free_until.clone()} error={wrong("policy/free_until_hours")}
                    oninput={text(|row, free_until| SettingsRow { free_until, ..row })} />
                <Field id="late_fee" label="After that, in dollars" inputmode="decimal" width="input--s"
                    hint="For what is booked from now on. What is bulk billed never costs anything."
                    value={row.late_fee.clone()} error={wrong("policy/late_fee_cents")}
                    oninput={text(|row, late_fee| SettingsRow { late_fee, ..row })} />
            </div>
            <label class="check">
                <input type="checkbox" checked={row.opens_on_holidays} onchange={on_holidays} />
                <span>{ "Open on public holidays." }</span>
            </label>
        </div>
    }
}
