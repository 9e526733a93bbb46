//! Who runs late today, and saying so: patients who are to come soon are told, and the desk hears whom to call instead.

use std::rc::Rc;

use shared_types::{
    OrganizationId, PractitionerRoleId, Zone,
    bookings::{
        practice::{PracticeCalendar, PracticeRoles},
        running_late::{RunningLate, RunningLateSaid, SayRunningLate},
    },
    problem::FieldError,
    time::clock_words,
};
use yew::prelude::*;

use super::{role_choice::RoleChoice, to_call::ToCall};
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    components::field::Field,
    forms::attempt::Attempt,
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct LateDeskProps {
    pub organization_id: OrganizationId,
    pub roles: Rc<PracticeRoles>,
    /// Today.
    pub calendar: Rc<PracticeCalendar>,
    /// Reads it anew.
    pub on_again: Callback<()>,
}

/// A line for each who is late, and the form.
#[component]
pub fn LateDesk(props: &LateDeskProps) -> Html {
    let LateDeskProps { organization_id, roles, calendar, on_again } = props;
    let (client, act, attempt) = (use_api_client(), use_act(), use_mut_ref(Attempt::default));
    let chosen = use_state_eq(|| None::<PractitionerRoleId>);
    let minutes = use_state_eq(String::new);
    let wrong = use_state_eq(|| None::<String>);
    // Of whom it was said, and who is told.
    let told = use_state_eq(|| None::<(PractitionerRoleId, RunningLateSaid)>);
    let roles = Rc::new(shown(roles, calendar));
    let Some(first) = roles.items.first() else { return Html::default() };
    let role_id = chosen.filter(|id| is_shown(calendar, *id)).unwrap_or(first.practitioner_role_id);
    let said = said_of(calendar, role_id);
    let say = {
        let (act, told, on_again, organization_id) =
            (act.clone(), told.setter(), on_again.clone(), *organization_id);
        Callback::from(move |wanted: SayRunningLate| {
            told.set(None);
            let (client, attempt, on_stale) = (client.clone(), Rc::clone(&attempt), on_again.clone());
            let send = move || {
                let sent = format!("{role_id} {} {}", wanted.version, wanted.minutes);
                let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                let (client, attempt, on_stale) = (client.clone(), Rc::clone(&attempt), on_stale.clone());
                async move {
                    let answer =
                        calendar_api::say_running_late(&client, organization_id, role_id, wanted, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    // What somebody else said is read, and the next try goes by it.
                    if answer.as_ref().is_err_and(|problem| problem.is("stale-version")) {
                        on_stale.emit(());
                    }
                    answer
                }
            };
            let (told, on_again) = (told.clone(), on_again.clone());
            act.run(send, move |said: RunningLateSaid| {
                told.set(Some((role_id, said)));
                on_again.emit(());
            });
        })
    };
    let version = said.map_or(0, |said| said.version);
    let onsubmit = {
        let (say, minutes, wrong) = (say.clone(), minutes.clone(), wrong.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let read = read(&minutes, version);
            wrong.set(read.as_ref().err().cloned());
            match read {
                Ok(wanted) => say.emit(wanted),
                Err(_) => browser::focus("late-minutes"),
            }
        }
    };
    let on_time = say.reform(move |_: MouseEvent| SayRunningLate { version, minutes: 0 });
    let on_role = {
        let (chosen, told) = (chosen.setter(), told.setter());
        move |role_id| {
            chosen.set(Some(role_id));
            told.set(None);
        }
    };
    // Others may be shown by now.
    let is_told = told.as_ref().filter(|(of, _)| *of == role_id).map(|(_, said)| said);
    let set_minutes = minutes.setter();
    html! {
        <section class="cal-late no-print" aria-label="Running late">
            { for late_lines(calendar).into_iter().map(|line| html! { <p key={line.clone()}>{ &line }</p> }) }
            <details class="move">
                <summary>{ "Somebody runs late" }</summary>
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <p class="small muted">
                        { "Patients who come in the next hours and have not arrived are told once, without a reason. " }
                        { "Who gets no messages from us is named here, for you to tell." }
                    </p>
                    <RoleChoice id="late-who" label="Who" roles={Rc::clone(&roles)} chosen={role_id} {on_role} />
                    <Field id="late-minutes" label="Minutes" width="input--s" inputmode="numeric" maxlength="3"
                        value={(*minutes).clone()} error={(*wrong).clone().map(AttrValue::from)}
                        oninput={move |text| set_minutes.set(text)} />
                    // The cursor may be in the field already, and then nothing would be read out.
                    <p class="visually-hidden" role="alert">{ (*wrong).clone().unwrap_or_default() }</p>
                    <div class="button-row">
                        <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                            { "Tell the patients" }
                        </button>
                        if said.is_some_and(|said| said.minutes > 0) {
                            <button type="button" class="button button--quiet" onclick={on_time}>
                                { "On time again" }
                            </button>
                        }
                    </div>
                </form>
                <Refused act={act.clone()} />
            </details>
            <p role="status">{ is_told.map(told_words).unwrap_or_default() }</p>
            <div class="optional">
                if let Some(said) = is_told {
                    <ToCall calendar={Rc::clone(calendar)} bookings={said.to_call.clone()} />
                }
            </div>
        </section>
    }
}

/// Those of the practice whose day is shown.
fn shown(roles: &PracticeRoles, calendar: &PracticeCalendar) -> PracticeRoles {
    let items = roles.items.iter().filter(|role| is_shown(calendar, role.practitioner_role_id));
    PracticeRoles { items: items.cloned().collect(), as_of: roles.as_of }
}

fn is_shown(calendar: &PracticeCalendar, role_id: PractitionerRoleId) -> bool {
    calendar.roles.iter().any(|role| role.practitioner_role_id == role_id)
}

fn said_of(calendar: &PracticeCalendar, role_id: PractitionerRoleId) -> Option<RunningLate> {
    calendar.roles.iter().find(|role| role.practitioner_role_id == role_id)?.running_late
}

fn late_lines(calendar: &PracticeCalendar) -> Vec<String> {
    let late = calendar.roles.iter().filter_map(|role| {
        let said = role.running_late.filter(|said| said.minutes > 0)?;
        Some(late_words(&role.name, said, role.time_zone))
    });
    late.collect()
}

fn late_words(name: &str, said: RunningLate, zone: Zone) -> String {
    let at = clock_words(zone.time(said.said_at));
    format!("{name} runs about {} minutes late, as was said at {at}.", said.minutes)
}

/// What the field says, of the day as it was last seen.
fn read(minutes: &str, version: i32) -> Result<SayRunningLate, String> {
    let minutes = minutes.trim().parse().map_err(|_| "Enter how many minutes".to_owned())?;
    let wrong =
        |errors: Vec<FieldError>| errors.into_iter().map(|error| error.detail).collect::<Vec<_>>().join(" ");
    SayRunningLate { version, minutes }.check().map_err(wrong)
}

fn told_words(said: &RunningLateSaid) -> String {
    let told = match (said.told, said.to_call.len()) {
        (0, 0) => "It is noted. Nobody had to be told.".to_owned(),
        (0, _) => "It is noted.".to_owned(),
        (1, _) => "It is noted, and 1 patient is told.".to_owned(),
        (told, _) => format!("It is noted, and {told} patients are told."),
    };
    match said.to_call.len() {
        0 => told,
        1 => format!("{told} 1 patient gets no messages from us: tell them yourself."),
        others => format!("{told} {others} patients get no messages from us: tell them yourself."),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        BookingId,
        bookings::running_late::{RunningLate, RunningLateSaid, SayRunningLate},
    };
    use uuid::Uuid;

    use super::{late_lines, read, told_words};
    use crate::calendar::sample::calendar;

    #[test]
    fn the_day_says_who_is_late_and_since_when_that_is_known() {
        let mut day = calendar(Vec::new());
        assert!(late_lines(&day).is_empty());
        let said_at = "2026-11-22T22:05:00Z".parse().unwrap();
        let said = RunningLate { date: date(2026, 11, 23), minutes: 25, said_at, version: 1 };
        day.roles[0].running_late = Some(said);
        assert_eq!(late_lines(&day), ["Priya Nairwood runs about 25 minutes late, as was said at 9:05 am."]);
        day.roles[0].running_late = Some(RunningLate { minutes: 0, ..said });
        assert!(late_lines(&day).is_empty(), "on time again");
    }

    #[test]
    fn minutes_are_read_with_the_version_that_was_seen() {
        assert_eq!(read(" 25 ", 3), Ok(SayRunningLate { version: 3, minutes: 25 }));
        assert_eq!(read("", 3), Err("Enter how many minutes".to_owned()));
        assert_eq!(read("3", 3), Err("Enter 5 to 240 minutes, or 0 for on time".to_owned()));
    }

    #[test]
    fn the_desk_hears_how_many_are_told_and_how_many_to_call() {
        let said_at = "2026-11-22T22:05:00Z".parse().unwrap();
        let running_late = RunningLate { date: date(2026, 11, 23), minutes: 25, said_at, version: 1 };
        for (told, to_call, words) in [
            (0, 0, "It is noted. Nobody had to be told."),
            (1, 0, "It is noted, and 1 patient is told."),
            (7, 0, "It is noted, and 7 patients are told."),
            (0, 1, "It is noted. 1 patient gets no messages from us: tell them yourself."),
            (
                1,
                2,
                "It is noted, and 1 patient is told. 2 patients get no messages from us: tell them yourself.",
            ),
        ] {
            let to_call = (0..to_call).map(|nth| BookingId(Uuid::from_u128(nth))).collect();
            assert_eq!(told_words(&RunningLateSaid { running_late, told, to_call }), words);
        }
    }
}
