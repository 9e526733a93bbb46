//! Which appointment types stand in the way where a practice bulk bills every eligible service, and which will: it reads so before any
//! patient meets one that they cannot be charged for.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        AppointmentType,
        practice::{PracticeRole, PracticeRoles},
    },
    payments::{
        eligibility::{Eligibility, EligibleFrom},
        funding::BulkBilling,
    },
    time,
};
use yew::prelude::*;

use crate::{
    api::calendar,
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
    },
    hooks::{use_private_api, use_version},
    pages::{account::loading, practice_desk::desk_path},
};

#[derive(Clone, PartialEq, Properties)]
pub struct EligibleTypesProps {
    pub organization_id: OrganizationId,
    /// What the practice says, and how its types stand.
    pub said: Rc<BulkBilling>,
}

/// Fetches what is offered, then says which of it stands in the way.
#[component]
pub fn EligibleTypes(props: &EligibleTypesProps) -> Html {
    let EligibleTypesProps { organization_id, said } = props;
    let (version, on_again) = use_version();
    match use_private_api::<PracticeRoles>(calendar::list_practice_roles(*organization_id), version) {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={desk_path(*organization_id, super::funding::REST)} {on_again} /> }
        }
        Some(Ok(roles)) => html! { <EligibleList said={Rc::clone(said)} {roles} /> },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct EligibleListProps {
    /// What the practice says, and how its types stand.
    pub said: Rc<BulkBilling>,
    /// What is offered there.
    pub roles: Rc<PracticeRoles>,
}

/// What has to be settled now, and what changes later.
#[component]
pub fn EligibleList(props: &EligibleListProps) -> Html {
    let EligibleListProps { said, roles } = props;
    let charged: Vec<_> = roles.items.iter().flat_map(|role| charged_by(said, role)).collect();
    let (now, later): (Vec<_>, Vec<_>) = (
        charged.iter().filter(|one| !one.now.lets_charge()).collect(),
        charged.iter().filter(|one| !one.later.is_empty()).collect(),
    );
    let title = if said.everything {
        "These cannot be charged for, so whoever would have to pay cannot book them"
    } else {
        "To be settled before your practice can say so"
    };
    html! {
        <>
            if now.is_empty() {
                <p>{ "No appointment type stands in the way today." }</p>
            } else {
                <Notice kind={NoticeKind::Soon} {title}>
                    <ul class="stack">{ for now.into_iter().map(standing_now) }</ul>
                </Notice>
            }
            if !later.is_empty() {
                <div class="stack">
                    <h3>{ "When the Medicare lists change" }</h3>
                    <p class="small muted">
                        { "The list in force on the day of the visit decides, whenever a rule was written." }
                    </p>
                    <ul class="stack">{ for later.into_iter().map(standing_later) }</ul>
                </div>
            }
        </>
    }
}

/// An appointment type that charges somebody with a Medicare card.
struct Charged {
    of: AppointmentType,
    /// With whom.
    with: String,
    now: Eligibility,
    /// How it stands from later days on.
    later: Vec<EligibleFrom>,
}

/// What charges at a role. Of what the practice has said nothing, its own price counts, and it is unanswered.
fn charged_by(said: &BulkBilling, role: &PracticeRole) -> Vec<Charged> {
    let charged = |of: &AppointmentType| {
        let found = said.types.iter().find(|standing| standing.appointment_type_id == of.appointment_type_id);
        let charges = found.and_then(|standing| standing.charges).unwrap_or(!of.bulk_billed);
        let days = found.map(|standing| standing.days.as_slice()).unwrap_or_default();
        charges.then(|| Charged {
            of: of.clone(),
            with: role.name.clone(),
            now: days.first().map_or(Eligibility::Unanswered, |first| first.eligibility),
            later: days.get(1..).unwrap_or_default().to_vec(),
        })
    };
    role.appointment_types.iter().filter_map(charged).collect()
}

fn standing_now(one: &Charged) -> Html {
    html! {
        <li key={one.of.appointment_type_id.to_string()}>
            <strong>{ &one.of.name }</strong>{ format!(", with {}: {}", one.with, words(one.now)) }
        </li>
    }
}

fn standing_later(one: &Charged) -> Html {
    let change = |entry: &EligibleFrom| {
        let day = time::long_date(entry.from);
        html! { <li key={entry.from.to_string()}>{ format!("From {day}: {}", words(entry.eligibility)) }</li> }
    };
    html! {
        <li key={one.of.appointment_type_id.to_string()}>
            <strong>{ &one.of.name }</strong>{ format!(", with {}", one.with) }
            <ul>{ for one.later.iter().map(change) }</ul>
        </li>
    }
}

/// What stands, and what is to be done about it.
fn words(eligibility: Eligibility) -> &'static str {
    match eligibility {
        Eligibility::Unanswered => {
            "it names no item that is in force. Name its Medicare items in its rules, or say there that none applies."
        }
        Eligibility::Eligible => {
            "it is eligible. Bulk bill patients with a Medicare card in its rules; nobody who has one can be charged for it."
        }
        Eligibility::NotEligible => "none of its items is eligible, so it can be charged for.",
        Eligibility::NoItem => "no Medicare item applies, so it can be charged for.",
    }
}
