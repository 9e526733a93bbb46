//! `/account/agreements`: bulk-bill agreements for every visit to a practice, one's own and those of people one looks after: what is asked
//! for, which is read and answered here, what is in force, and what was taken back. What is for one visit is shown with it.

use std::rc::Rc;

use shared_types::{
    AssignmentId, Zone,
    page::Page,
    payments::assignment::{Assignment, AssignmentStatus},
    time::long_date,
    users::Me,
};
use yew::prelude::*;

use super::{OnlySignedIn, back_to_account, fetched};
use crate::{
    api::claims,
    hooks::{use_head, use_private_api, use_version},
    pages::{agreement::OneAgreement, hold::private_head},
};

const PATH: &str = "/account/agreements";
const TITLE: &str = "Bulk-bill agreements";

/// The page.
#[component]
pub fn AgreementsPage() -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|_: Rc<Me>| html! { <Agreements /> });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}

#[component]
fn Agreements() -> Html {
    let (version, again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let page = use_private_api::<Page<Assignment>>(claims::list_my_assignments(cursor.as_deref()), version);
    let content = fetched(page, PATH, &again, |page| {
        let older = page.next.clone().map(|next| {
            let set = cursor.setter();
            let onclick = move |_: MouseEvent| set.set(Some(next.clone()));
            html! { <button type="button" class="button button--quiet" {onclick}>{ "Older ones" }</button> }
        });
        let newest = cursor.is_some().then(|| {
            let set = cursor.setter();
            let onclick = move |_: MouseEvent| set.set(None);
            html! { <button type="button" class="button button--plain" {onclick}>{ "The latest" }</button> }
        });
        let items: Vec<_> = page.items.iter().cloned().map(Rc::new).collect();
        html! {
            <>
                <AgreementList {items} />
                <div class="button-row">{ for older }{ for newest }</div>
            </>
        }
    });
    html! {
        <>
            <p>
                { "A practice may ask some patients to agree once to bulk billing of every visit. Here you answer that, and take it \
                   back. What you are asked before or after a single visit is shown with " }
                <a href="/account/appointments">{ "the appointment" }</a>{ "." }
            </p>
            { content }
            { back_to_account() }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct AgreementListProps {
    /// As they came, the latest first.
    pub items: Vec<Rc<Assignment>>,
}

/// The list: first what waits for an answer. One is read at a time.
#[component]
pub fn AgreementList(props: &AgreementListProps) -> Html {
    let reads = use_state_eq(|| None::<AssignmentId>);
    let changed = use_state(Vec::<Rc<Assignment>>::new);
    if props.items.is_empty() {
        return html! { <p>{ "There are none. No practice has asked you to agree to every visit." }</p> };
    }
    let on_changed = {
        let changed = changed.clone();
        Callback::from(move |after: Assignment| {
            let others = changed.iter().filter(|one| one.assignment_id != after.assignment_id);
            let mut all: Vec<_> = others.cloned().collect();
            all.push(Rc::new(after));
            changed.set(all);
        })
    };
    let mut items = props.items.clone();
    // By where they stood when they came: an answer moves nothing away from who gave it.
    items.sort_by_key(|of| !waits(of.status));
    let cards = items.iter().map(|came| {
        let id = came.assignment_id;
        let now = changed.iter().find(|one| one.assignment_id == id).unwrap_or(came);
        // What was answered just now keeps its text, and what the answer means.
        let shown = if *reads == Some(id) { came } else { now };
        let (document, title_id) = (&came.document, format!("agreement-{id}"));
        html! {
            <li key={id.to_string()}><article class="card stack" aria-labelledby={title_id.clone()}>
                <h2 id={title_id}>{ &document.practice_name }</h2>
                <p>
                    { format!("{}: every visit to {} until {}", document.patient_name.expose(), document.professional_name,
                        long_date(document.service_until)) }
                </p>
                <p><strong>{ standing(now) }</strong></p>
                <div class="optional">
                    if came.status != AssignmentStatus::Withdrawn {
                        <OneAgreement assignment={Rc::clone(shown)} reads={reads.clone()}
                            on_changed={on_changed.clone()} />
                    }
                </div>
            </article></li>
        }
    });
    html! { <ul class="stack" role="list">{ for cards }</ul> }
}

fn waits(status: AssignmentStatus) -> bool {
    matches!(status, AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed)
}

/// Where it stands, and since when.
fn standing(of: &Assignment) -> String {
    let on = |words: &str, at: Option<jiff::Timestamp>| match at {
        Some(at) => format!("{words} {}", long_date(Zone::SYDNEY.date(at))),
        None => words.trim_end_matches(" on").trim_end_matches(" by").to_owned(),
    };
    match of.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed => {
            on("Waiting for your answer by", of.answer_by)
        }
        AssignmentStatus::Assigned | AssignmentStatus::ReliedOn => on("Agreed to on", of.assigned_at),
        AssignmentStatus::Withdrawn => on("Taken back on", of.withdrawn_at),
        AssignmentStatus::Declined => "Not agreed to".to_owned(),
        AssignmentStatus::Expired => "Not answered in time".to_owned(),
        AssignmentStatus::Superseded => "Another one has taken its place".to_owned(),
        AssignmentStatus::Void => "Void: the practice asked by mistake".to_owned(),
    }
}
