//! Cancelling a visit of a series together with others of it.

use std::rc::Rc;

use shared_types::{
    OrganizationId, SeriesId, Zone,
    bookings::{
        Cancelling,
        practice::{ActName, CalendarAppointment, ChangeReason},
        series::{CancelSeries, SeenVisit, SeriesAct},
    },
    page::Page,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::aside::TITLE_ID;
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    calendar::words::{cancelling_for_words, reason_words},
    components::{
        failed::Failed,
        select_field::SelectField,
        series_visits::{Scope, SeriesVisits, VisitLine, cancel_words},
        times_rest::long_when,
    },
    hooks::{use_act, use_private_api_if, use_version},
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct SeriesActsProps {
    pub series_id: SeriesId,
    /// The one that is open.
    pub appointment: Rc<CalendarAppointment>,
    pub zone: Zone,
    pub organization_id: OrganizationId,
    pub on_put: Callback<CalendarAppointment>,
}

/// What somebody has said about it so far.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Said {
    scope: Scope,
    /// Why the practice cancels; none where the patient asked.
    reason: Option<ChangeReason>,
    /// Lets the patient off late fees.
    waive_fee: bool,
}

impl Said {
    fn act(self) -> SeriesAct {
        match self.reason {
            Some(reason) => SeriesAct::Cancel { reason },
            None => SeriesAct::CancelForPatient { waive_fee: self.waive_fee },
        }
    }

    fn name(self) -> ActName {
        match self.reason {
            Some(_) => ActName::Cancel,
            None => ActName::CancelForPatient,
        }
    }

    /// The visits that it is about.
    fn of<'a>(
        self,
        visits: &'a [CalendarAppointment],
        from: &CalendarAppointment,
    ) -> Vec<&'a CalendarAppointment> {
        let wanted = |visit: &&CalendarAppointment| {
            visit.acts.contains(&self.name()) && self.scope.has(visit.start, from.start)
        };
        visits.iter().filter(wanted).collect()
    }
}

/// The button; the series is read once somebody presses it.
#[component]
pub fn SeriesActs(props: &SeriesActsProps) -> Html {
    let SeriesActsProps { series_id, organization_id, .. } = props;
    let open = use_state_eq(|| false);
    let (version, again) = use_version();
    let path = (*open).then(|| calendar_api::find_series(*organization_id, *series_id));
    let series = use_private_api_if::<Page<CalendarAppointment>>(path, version);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let content = match series {
        _ if !*open => Html::default(),
        None => html! { <p aria-busy="true">{ "Reading the series…" }</p> },
        Some(Err(problem)) => {
            let here = format!("/calendar/{organization_id}");
            html! { <Failed {problem} {here} on_again={again} /> }
        }
        Some(Ok(series)) => html! { <CancelForm of={props.clone()} {series} {again} /> },
    };
    html! {
        <div class="act">
            <button type="button" class="button button--quiet" onclick={toggle} aria-expanded={(*open).to_string()}>
                { "Cancel more of this series" }
            </button>
            { content }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CancelFormProps {
    of: SeriesActsProps,
    series: Rc<Page<CalendarAppointment>>,
    again: Callback<()>,
}

#[component]
fn CancelForm(props: &CancelFormProps) -> Html {
    let CancelFormProps { of, series, again } = props;
    let client = use_api_client();
    let act = use_act();
    let said = use_state_eq(|| Said { scope: Scope::Following, reason: None, waive_fee: false });
    let visits = said.of(&series.items, &of.appointment);
    let count = visits.len();
    let onsubmit = {
        let seen = |visit: &&CalendarAppointment| SeenVisit {
            appointment_id: visit.appointment_id,
            version: visit.version,
        };
        let change = CancelSeries { visits: visits.iter().map(seen).collect(), act: said.act() };
        let (act, of, again) = (act.clone(), of.clone(), again.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if change.visits.is_empty() {
                return;
            }
            let (client, change, on_put, again) =
                (client.clone(), change.clone(), of.on_put.clone(), again.clone());
            let (organization_id, series_id) = (of.organization_id, of.series_id);
            let send = move || {
                let (client, change) = (client.clone(), change.clone());
                async move { calendar_api::cancel_series(&client, organization_id, series_id, &change).await }
            };
            act.run(send, move |after: Page<CalendarAppointment>| {
                for visit in after.items {
                    on_put.emit(visit);
                }
                again.emit(());
                browser::focus(TITLE_ID);
            });
        }
    };
    let line = |visit: &&CalendarAppointment| VisitLine {
        id: visit.appointment_id.to_string().into(),
        when: long_when(visit.start, of.zone).into(),
        cost: match said.reason {
            Some(_) => "The patient pays nothing.".into(),
            None => cancelling_for_words(visit.cancelling_now).into(),
        },
    };
    let lines: Vec<_> = visits.iter().map(line).collect();
    let on_scope = {
        let said = said.clone();
        move |scope| said.set(Said { scope, ..*said })
    };
    let on_why = {
        let said = said.clone();
        Callback::from(move |code: String| {
            said.set(Said { reason: ChangeReason::from_code(&code), ..*said });
        })
    };
    let on_waive = {
        let said = said.clone();
        move |event: Event| {
            let waive_fee = event.target_unchecked_into::<HtmlInputElement>().checked();
            said.set(Said { waive_fee, ..*said });
        }
    };
    let charged = said.reason.is_none()
        && visits.iter().any(|visit| matches!(visit.cancelling_now, Cancelling::LateFee { .. }));
    let patient = [(AttrValue::from(""), AttrValue::from("The patient asked: what was agreed counts"))];
    let reasons =
        ChangeReason::OF_PRACTICES.map(|reason| (reason.code().into(), reason_words(reason).into()));
    html! {
        <>
            <form class="act__form" novalidate=true method="post" {onsubmit}>
                <SeriesVisits id="series-scope" scope={said.scope} {on_scope} visits={lines} />
                <SelectField id="series-why" label="Why" hint="Nothing about health. The patient reads it."
                    options={patient.into_iter().chain(reasons).collect::<Vec<_>>()}
                    value={said.reason.map_or("", ChangeReason::code)} onchange={on_why} />
                <div class="optional">
                    if charged {
                        <label class="check">
                            <input type="checkbox" checked={said.waive_fee} onchange={on_waive} />
                            <span>{ "Let them off the fees." }</span>
                        </label>
                    }
                </div>
                <button type="submit" class="button button--danger" aria-disabled={(count == 0).to_string()}
                    aria-busy={act.busy.to_string()}>{ cancel_words(count) }</button>
            </form>
            <Refused act={act.clone()} />
        </>
    }
}
