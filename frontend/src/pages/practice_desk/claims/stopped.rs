//! A claim of which no report comes any more: why, whom to ask, asking once more, and what was answered.

use shared_types::{
    OrganizationId,
    payments::claim::{Claim, ReportStopped},
};
use yew::prelude::*;

use super::outcome::Outcome;
use crate::{
    api::{claims, use_api_client},
    components::notice::{Notice, NoticeKind},
    hooks::use_keyed,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct StoppedProps {
    pub claim: Claim,
    pub why: ReportStopped,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// What is known, and what leads on.
#[component]
pub fn Stopped(props: &StoppedProps) -> Html {
    let (client, keyed) = (use_api_client(), use_keyed());
    let act = keyed.act.clone();
    let onclick = {
        let changed = props.on_changed.clone();
        let (organization_id, claim_id) = (props.organization_id, props.claim.claim_id);
        move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            let send = move |(), key: String| {
                let client = client.clone();
                async move { claims::ask_for_report(&client, organization_id, claim_id, key).await }
            };
            keyed.run((), send, move |_: Claim| changed.emit(()));
        }
    };
    let name = props.claim.patient_name.as_ref().map_or("somebody", |name| name.expose().as_str());
    html! {
        <Notice kind={NoticeKind::Soon} title="Check this claim with Medicare">
            <p>{ why_words(props.why) }</p>
            <p>{ check_words(&props.claim) }</p>
            <div class="button-row">
                <button class="button button--plain" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { if act.busy { "Asking…" } else { "Ask for its report again" } }
                    <span class="visually-hidden">{ format!(": {name}") }</span>
                </button>
            </div>
            <Refused {act} />
            <Outcome claim={props.claim.clone()} organization_id={props.organization_id}
                on_changed={props.on_changed.clone()} />
        </Notice>
    }
}

fn why_words(why: ReportStopped) -> &'static str {
    match why {
        ReportStopped::Expired => {
            "Medicare keeps its reports for six months, and those are over. We ask for this one no more by ourselves."
        }
        ReportStopped::NotAvailable => {
            "Medicare says that there is no such report of this claim. We ask for it no more by ourselves."
        }
        ReportStopped::NotFound => {
            "For four weeks Medicare has found no report of this claim. We ask for it no more by ourselves."
        }
        ReportStopped::Other => {
            "We could not read what came of this claim from Medicare’s report, and ask for it no more by ourselves."
        }
    }
}

fn check_words(claim: &Claim) -> String {
    let name = claim.medicare_claim_id.as_ref().map(|id| format!(" under {id}")).unwrap_or_default();
    format!(
        "Ask Services Australia what came of it{name}, and compare with the payment runs below. Do not claim the visit \
         anew before you know: Medicare may have paid."
    )
}
