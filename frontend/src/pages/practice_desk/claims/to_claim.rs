//! Visits that took place and that are on no claim: each can be drafted here.

use shared_types::{
    ClaimId, OrganizationId,
    page::Page,
    payments::claim::{ClaimCase, ServiceType, UnclaimedVisit},
    problem::FieldError,
    time::long_date,
};
use yew::prelude::*;

use super::{
    more,
    put_right::{BESIDE, errors, fields},
};
use crate::{
    api::{claims, use_api_client},
    browser,
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
    },
    forms::{attempt::Attempt, claim::ClaimForm},
    hooks::{use_act, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        practice_desk::desk_path,
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct ToClaimProps {
    pub organization_id: OrganizationId,
    /// Goes up when a claim changes.
    pub version: u32,
    pub on_drafted: Callback<ClaimId>,
}

/// The part of the page about them, a page at a time.
#[component]
pub fn ToClaim(props: &ToClaimProps) -> Html {
    let ToClaimProps { organization_id, version, on_drafted } = props;
    let (tries, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = claims::list_unclaimed_visits(*organization_id, false, cursor.as_deref());
    let list = match use_private_api::<Page<UnclaimedVisit>>(path, *version + tries) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(*organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <VisitList items={page.items.clone()} organization_id={*organization_id} on_drafted={on_drafted.clone()} />
                { more(page.next.clone(), &cursor) }
            </>
        },
    };
    html! {
        <section class="stack" aria-labelledby="to-claim-title">
            <h2 id="to-claim-title">{ "To claim" }</h2>
            <div class="optional">{ list }</div>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct LapsedProps {
    pub organization_id: OrganizationId,
    /// Goes up when a claim changes.
    pub version: u32,
}

/// The visits that can be claimed no more, looked for once somebody wants to see them.
#[component]
pub fn Lapsed(props: &LapsedProps) -> Html {
    let wanted = use_state_eq(|| false);
    let ontoggle = {
        let wanted = wanted.setter();
        move |_: Event| wanted.set(true)
    };
    html! {
        <details {ontoggle}>
            <summary>{ "Visits that can no longer be claimed" }</summary>
            if *wanted {
                <LapsedVisits ..props.clone() />
            }
        </details>
    }
}

#[component]
fn LapsedVisits(props: &LapsedProps) -> Html {
    let LapsedProps { organization_id, version } = props;
    let (tries, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = claims::list_unclaimed_visits(*organization_id, true, cursor.as_deref());
    match use_private_api::<Page<UnclaimedVisit>>(path, *version + tries) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(*organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(page)) if page.items.is_empty() => html! { <p>{ "There are none." }</p> },
        Some(Ok(page)) => html! {
            <div class="stack">
                <p>{ "They took place, are on no claim, and the time in which Medicare takes one is over." }</p>
                <VisitList items={page.items.clone()} organization_id={*organization_id} on_drafted={Callback::noop()} />
                { more(page.next.clone(), &cursor) }
            </div>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct VisitListProps {
    pub items: Vec<UnclaimedVisit>,
    pub organization_id: OrganizationId,
    pub on_drafted: Callback<ClaimId>,
}

/// The visits, or that there are none. What lapsed is shown and can be drafted no more.
#[component]
pub fn VisitList(props: &VisitListProps) -> Html {
    let VisitListProps { items, organization_id, on_drafted } = props;
    if items.is_empty() {
        return html! { <p>{ "Every bulk-billed visit that can be claimed is on a claim." }</p> };
    }
    html! {
        <ul class="stack" role="list">
            { for items.iter().map(|visit| html! {
                <Visit key={visit.booking_id.to_string()} visit={visit.clone()} organization_id={*organization_id}
                    on_drafted={on_drafted.clone()} />
            }) }
        </ul>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct VisitProps {
    visit: UnclaimedVisit,
    organization_id: OrganizationId,
    on_drafted: Callback<ClaimId>,
}

#[component]
fn Visit(props: &VisitProps) -> Html {
    let visit = &props.visit;
    let open = use_state_eq(|| false);
    let onclick = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let name = visit.patient_name.expose();
    let title_id = format!("visit-{}", visit.booking_id);
    html! {
        <li>
            <article class="card stack" aria-labelledby={title_id.clone()}>
                <h3 id={title_id}>{ format!("{name}, {}", long_date(visit.service_date)) }</h3>
                <p>{ format!("{} with {}", visit.service_name, visit.professional_name) }</p>
                if visit.lapsed {
                    <p><strong>{ format!("Lapsed: it could be claimed until {}.", long_date(visit.lodge_until)) }</strong></p>
                } else {
                    <p class="small muted">{ format!("To be lodged until {}.", long_date(visit.lodge_until)) }</p>
                    <div class="button-row">
                        <button class="button button--plain" type="button" {onclick} aria-expanded={open.to_string()}>
                            { "Draft a claim" }<span class="visually-hidden">{ format!(": {name}") }</span>
                        </button>
                    </div>
                }
                if *open && !visit.lapsed {
                    <Draft ..props.clone() />
                }
            </article>
        </li>
    }
}

/// What is claimed for the visit.
#[component]
fn Draft(props: &VisitProps) -> Html {
    let (client, act) = (use_api_client(), use_act());
    let attempt = use_mut_ref(Attempt::default);
    let form =
        use_state_eq(|| ClaimForm { sort: ServiceType::General.code().to_owned(), ..ClaimForm::default() });
    let unread = use_state_eq(Vec::<FieldError>::new);
    let booking_id = props.visit.booking_id;
    let onsubmit = {
        let (act, form, unread, drafted) =
            (act.clone(), form.clone(), unread.clone(), props.on_drafted.clone());
        let organization_id = props.organization_id;
        move |event: SubmitEvent| {
            event.prevent_default();
            let put = match form.read(None, 0) {
                Ok(put) => put,
                Err(errors) => return unread.set(errors),
            };
            unread.set(Vec::new());
            let (client, attempt, drafted) = (client.clone(), attempt.clone(), drafted.clone());
            let send = move || {
                let (client, attempt, put) = (client.clone(), attempt.clone(), put.clone());
                async move {
                    let key = attempt.borrow_mut().key_for(&format!("{put:?}"), browser::random_uuid);
                    let answer = claims::draft_claim(&client, organization_id, booking_id, &put, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer
                }
            };
            act.run(send, move |case: ClaimCase| drafted.emit(case.claim.claim_id));
        }
    };
    html! {
        <div class="stack">
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                { fields(&form, &booking_id.to_string(), &errors(&unread, act.problem.as_ref())) }
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>{ "Draft it" }</button>
                </div>
            </form>
            <Refused {act} beside={BESIDE} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct DraftedProps {
    pub claim_id: ClaimId,
    /// It is on the page of the queue that is shown.
    pub listed: bool,
}

/// The way to a claim that was drafted. It takes the focus: the form that had it is gone.
#[component]
pub fn Drafted(props: &DraftedProps) -> Html {
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        use_effect_with(props.claim_id, move |_| browser::focus_node(&notice));
    }
    html! {
        <Notice kind={NoticeKind::Success} title="The claim is drafted" node_ref={notice}>
            if props.listed {
                <p><a href={format!("#claim-{}", props.claim_id)}>{ "Go to the claim" }</a></p>
            } else {
                <p>{ "It stands in the queue below, by the day until which it is to be lodged." }</p>
            }
        </Notice>
    }
}
