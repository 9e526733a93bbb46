//! How one wants to be told of things: a form of what holds for the account. What holds for each patient stands with their
//! details.

use std::rc::Rc;

use jiff::civil::{Time, time};
use shared_types::{
    Zone,
    notifications::{Preferences, QUIET_FROM, QUIET_UNTIL, ReminderNames},
    time::clock_words,
};
use yew::prelude::*;

use super::PATH;
use crate::{
    api::{notifications, use_api_client},
    components::{
        checks::{Check, Checks},
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    hooks::{use_act, use_private_api, use_version},
    pages::account::{Refused, fetched, profile::newer},
};

/// Fetches what holds, and shows the form.
#[component]
pub fn Wishes() -> Html {
    let (version, again) = use_version();
    let preferences = use_private_api::<Preferences>(notifications::get_preferences(), version);
    html! {
        <>
            <p>
                { "By e-mail, by text message or not at all, and in which language, is chosen for each patient: in " }
                <a href="/account/profile">{ "your details" }</a>{ " and with " }
                <a href="/account/family">{ "those you look after" }</a>
                { ". What is booked, moved or cancelled is always told by e-mail, since that is part of the appointment." }
            </p>
            { fetched(preferences, PATH, &again, |kept| html! {
                <Form key={kept.version} kept={*kept} on_reload={again.clone()} />
            }) }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    kept: Preferences,
    on_reload: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let wanted = use_state_eq(|| props.kept);
    let saved = use_state_eq(|| false);
    let change = {
        let (wanted, saved) = (wanted.clone(), saved.setter());
        Rc::new(move |new: Preferences| {
            saved.set(false);
            wanted.set(new);
        })
    };
    let onsubmit = {
        let (act, wanted, saved) = (act.clone(), wanted.clone(), saved.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (client, now, wanted, saved) = (client.clone(), *wanted, wanted.setter(), saved.clone());
            let send = move || {
                let client = client.clone();
                async move { notifications::put_preferences(&client, &now).await }
            };
            act.run(send, move |kept: Preferences| {
                wanted.set(kept);
                saved.set(true);
            });
        })
    };
    html! {
        <div class="stack">
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                { fields(&wanted, &change, |pointer| act.error(pointer)) }
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>{ "Save" }</button>
                </div>
            </form>
            <Refused act={act.clone()} beside={BESIDE} />
            { newer(&act, &props.on_reload) }
            <div role="status">
                if *saved && !act.busy {
                    <Notice kind={NoticeKind::Success} title="Saved" announced=true>
                        <p>{ "It holds for reminders that are not written yet." }</p>
                    </Notice>
                }
            </div>
        </div>
    }
}

/// The pointers of fields that the form shows errors at.
const BESIDE: &[&str] = &["/quiet_from", "/quiet_until"];

fn fields(
    wanted: &Preferences,
    change: &Rc<impl Fn(Preferences) + 'static>,
    error: impl Fn(&str) -> Option<AttrValue>,
) -> Html {
    let old = *wanted;
    let set = |make: fn(Preferences, String) -> Preferences| {
        let change = Rc::clone(change);
        Callback::from(move |chosen: String| change(make(old, chosen)))
    };
    let on_tick = {
        let change = Rc::clone(change);
        Callback::from(move |(_, ticked): (&'static str, bool)| change(Preferences { in_app: ticked, ..old }))
    };
    let checks = vec![Check { code: "in_app", words: "Tell me with the bell above", ticked: old.in_app }];
    let zone = old.time_zone.map_or(AttrValue::Static(""), |zone| AttrValue::Static(zone.name()));
    html! {
        <>
            <Checks id="in_app" legend="On this site" {checks} {on_tick} />
            <SelectField id="names" label="Names in reminders"
                hint="A reminder may be seen by others: on a locked screen, or on a phone that is shared."
                options={names()} value={old.names.code()}
                onchange={set(|old, code| Preferences { names: ReminderNames::from_code(&code).unwrap_or(old.names), ..old })} />
            <SelectField id="quiet_from" label="No reminders from" options={times(QUIET_FROM)}
                value={old.quiet_from.to_string()} error={error("/quiet_from")}
                onchange={set(|old, chosen| Preferences { quiet_from: chosen.parse().unwrap_or(old.quiet_from), ..old })} />
            <SelectField id="quiet_until" label="Until" options={times(QUIET_UNTIL)}
                value={old.quiet_until.to_string()} error={error("/quiet_until")}
                onchange={set(|old, chosen| Preferences { quiet_until: chosen.parse().unwrap_or(old.quiet_until), ..old })} />
            <SelectField id="time_zone" label="On which clocks" options={zones()} value={zone}
                onchange={set(|old, name| Preferences { time_zone: name.parse().ok(), ..old })} />
        </>
    }
}

fn names() -> Vec<(AttrValue, AttrValue)> {
    ReminderNames::ALL
        .map(|names| {
            let words = match names {
                ReminderNames::None => "None: only that there is an appointment, and when",
                ReminderNames::Plain => "Those that do not tell what for",
                ReminderNames::All => "All, also those that tell what for",
            };
            (AttrValue::Static(names.code()), AttrValue::Static(words))
        })
        .into()
}

/// Each half hour.
fn times((first, last): (Time, Time)) -> Vec<(AttrValue, AttrValue)> {
    let all = (0..24).flat_map(|hour| [time(hour, 0, 0, 0), time(hour, 30, 0, 0)]);
    let within = all.filter(|time| *time >= first && *time <= last);
    within.map(|time| (AttrValue::from(time.to_string()), AttrValue::from(clock_words(time)))).collect()
}

fn zones() -> Vec<(AttrValue, AttrValue)> {
    let place = (AttrValue::Static(""), AttrValue::Static("Those of the appointment’s place"));
    let words = |zone: &Zone| {
        let city = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
        (AttrValue::Static(zone.name()), AttrValue::from(format!("{city} time")))
    };
    std::iter::once(place).chain(Zone::ALL.iter().map(words)).collect()
}

#[cfg(test)]
mod tests {
    use shared_types::notifications::{Preferences, QUIET_FROM, QUIET_UNTIL};

    use super::{times, zones};

    #[test]
    fn what_holds_without_a_word_can_be_chosen() {
        let kept = Preferences::default();
        for (time, within) in [(kept.quiet_from, QUIET_FROM), (kept.quiet_until, QUIET_UNTIL)] {
            assert!(times(within).iter().any(|(code, _)| *code == time.to_string()), "{time}");
        }
        assert!(
            zones().iter().any(|(code, words)| code == "Australia/Lord_Howe" && words == "Lord Howe time")
        );
    }
}
