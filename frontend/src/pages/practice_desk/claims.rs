//! `/practice/{organization_id}/claims`: a practice's claims for bulk-billed visits: what is out with Medicare, what waits for
//! somebody, and what Medicare said, in plain words.

mod card;
mod named;
mod outcome;
mod put_right;
mod run_claims;
mod runs;
mod stopped;
mod sums;
mod taken_back;
mod to_claim;
mod went_back;
mod words;

use shared_types::{
    ClaimId, OrganizationId,
    page::Page,
    payments::claim::{CLAIM_STAFF, Claim, ClaimStatus, ClaimTotals, STANDING},
    users::StaffRole,
};
use yew::prelude::*;
use yew_router::hooks::use_location;

pub use self::{
    card::{ClaimList, ClaimListProps},
    outcome::{OutcomeForm, OutcomeFormProps},
    run_claims::{RunParts, RunPartsProps},
    runs::{RunList, RunListProps},
    sums::{ClaimSums, ClaimSumsProps},
    taken_back::{OffsetForm, OffsetFormProps},
    to_claim::{VisitList, VisitListProps},
};
use self::{
    named::{NamedClaim, claim_in},
    runs::PaymentRuns,
    to_claim::{Drafted, Lapsed, ToClaim},
    words::status_words,
};
use super::{Desk, DeskProps, ForStaff, desk_path};
use crate::{
    api::claims,
    components::{failed::Failed, select_field::SelectField},
    hooks::{use_head, use_private_api, use_version},
    pages::{account::loading, hold::private_head},
};

const TITLE: &str = "Claims";
/// Who claims.
const STAFF: &[StaffRole] = CLAIM_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ClaimsPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn ClaimsPage(props: &ClaimsPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Claims {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest="/claims" needs={STAFF} {render} />
    }
}

#[component]
fn Claims(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let named = use_location().and_then(|location| claim_in(location.query_str()));
    let (version, on_again) = use_version();
    let status = use_state_eq(|| None::<ClaimStatus>);
    let cursor = use_state_eq(|| None::<String>);
    let path = claims::list_claims(organization_id, *status, cursor.as_deref());
    let page = use_private_api::<Page<Claim>>(path, version);
    let totals = use_private_api::<ClaimTotals>(claims::find_claim_totals(organization_id), version);
    let totals = totals.and_then(Result::ok).map(|totals| html! { <ClaimSums {totals} /> });
    let drafted = use_state_eq(|| None::<ClaimId>);
    let onchange = {
        let (status, cursor, drafted) = (status.setter(), cursor.setter(), drafted.setter());
        Callback::from(move |code: String| {
            cursor.set(None);
            status.set(ClaimStatus::from_code(&code));
            drafted.set(None);
        })
    };
    let on_drafted = {
        let (status, cursor, drafted) = (status.setter(), cursor.setter(), drafted.setter());
        let on_again = on_again.clone();
        Callback::from(move |claim_id: ClaimId| {
            cursor.set(None);
            status.set(None);
            drafted.set(Some(claim_id));
            on_again.emit(());
        })
    };
    let drafted = drafted.map(|claim_id| {
        let listed = page.as_ref().and_then(|page| page.as_ref().ok());
        let listed = listed.is_some_and(|page| page.items.iter().any(|claim| claim.claim_id == claim_id));
        html! { <Drafted {claim_id} {listed} /> }
    });
    if let Some(claim_id) = named {
        return html! {
            <div class="stack">
                <p class="small muted">{ STANDING }</p>
                <NamedClaim {organization_id} {claim_id} {version} on_changed={on_again} />
                <PaymentRuns {organization_id} {version} />
            </div>
        };
    }
    let every = (AttrValue::from(""), AttrValue::from("All of them"));
    let states = ClaimStatus::ALL.map(|status| (AttrValue::from(status.code()), status_words(status).into()));
    let options: Vec<_> = [every].into_iter().chain(states).collect();
    let list = match page {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(organization_id, "/claims");
            html! { <Failed {problem} {here} on_again={on_again.clone()} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <ClaimList items={page.items.clone()} {organization_id} on_changed={on_again.clone()} />
                { more(page.next.clone(), &cursor) }
            </>
        },
    };
    html! {
        <div class="stack">
            <p class="small muted">{ STANDING }</p>
            <div class="optional">{ for totals }</div>
            <ToClaim {organization_id} {version} {on_drafted} />
            <Lapsed {organization_id} {version} />
            <div class="optional">{ for drafted }</div>
            <SelectField id="status" label="Which claims" hint="Those that have to be lodged soonest come first."
                {options} value={status.map_or("", ClaimStatus::code)} {onchange} />
            <div class="optional">{ list }</div>
            <PaymentRuns {organization_id} {version} />
        </div>
    }
}

/// The way to the next page, and back to the first.
fn more(next: Option<String>, cursor: &UseStateHandle<Option<String>>) -> Html {
    let go = |to: Option<String>| {
        let cursor = cursor.setter();
        Callback::from(move |_: MouseEvent| cursor.set(to.clone()))
    };
    html! {
        <div class="button-row">
            if cursor.is_some() {
                <button class="button button--plain" type="button" onclick={go(None)}>{ "First page" }</button>
            }
            if next.is_some() {
                <button class="button button--plain" type="button" onclick={go(next)}>{ "Next page" }</button>
            }
        </div>
    }
}
