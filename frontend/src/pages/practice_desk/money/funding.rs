//! `/practice/{organization_id}/money/funding`: who pays for which appointment type, by sort of patient.

use std::rc::Rc;

use shared_types::{
    AccountId, AppointmentTypeId, OrganizationId,
    bookings::{AppointmentType, practice::PracticeRole},
    payments::{funding::Funding, practice::MONEY_STAFF},
};
use yew::prelude::*;

use super::{
    MoneyPageProps, bulk_billing::BulkBillingSection, funding_form::FundingEditor, money_pages,
    of_role::OfRole,
};
use crate::{
    api::funding as funding_api,
    components::{
        booking_words::price_words,
        failed::Failed,
        notice::{Notice, NoticeKind},
    },
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Who pays";
pub(super) const REST: &str = "/money/funding";

/// The page.
#[component]
pub fn FundingPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Rules {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

#[component]
fn Rules(props: &DeskProps) -> Html {
    let (organization_id, me) = (props.desk.organization_id, props.desk.me.account_id);
    let (changed, on_changed) = use_version();
    let render = Callback::from(move |role: PracticeRole| types(organization_id, me, &role, &on_changed));
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            <BulkBillingSection desk={props.desk.clone()} {changed} />
            <section class="stack" aria-labelledby="types-title">
                <h2 id="types-title">{ "By appointment type" }</h2>
                <p>
                    { "Without a rule, a patient pays the type’s own price at the practice. Where your practice bulk bills everything \
                       eligible, that takes saying that no Medicare item applies. What is booked already stays as it was quoted." }
                </p>
                <OfRole {organization_id} rest={REST} {render} />
            </section>
        </div>
    }
}

fn types(
    organization_id: OrganizationId,
    me: AccountId,
    role: &PracticeRole,
    on_changed: &Callback<()>,
) -> Html {
    if role.appointment_types.is_empty() {
        return html! { <p>{ "Nothing is offered yet. Appointment types are set in the calendar." }</p> };
    }
    let of = |of: &AppointmentType| {
        html! {
            <OfType key={of.appointment_type_id.to_string()} {organization_id} {me} of={Rc::new(of.clone())}
                on_changed={on_changed.clone()} />
        }
    };
    html! { <ul class="stack" role="list">{ for role.appointment_types.iter().map(of) }</ul> }
}

#[derive(Clone, PartialEq, Properties)]
struct OfTypeProps {
    organization_id: OrganizationId,
    /// Who is looking.
    me: AccountId,
    of: Rc<AppointmentType>,
    on_changed: Callback<()>,
}

/// A type; it opens to its rules.
#[component]
fn OfType(props: &OfTypeProps) -> Html {
    let OfTypeProps { organization_id, me, of, on_changed } = props;
    let (open, saved) = (use_state_eq(|| false), use_state_eq(|| false));
    let toggle = {
        let (open, saved) = (open.clone(), saved.setter());
        move |_: MouseEvent| {
            saved.set(false);
            open.set(!*open);
        }
    };
    let on_saved = {
        let (open, saved, on_changed) = (open.setter(), saved.setter(), on_changed.clone());
        Callback::from(move |()| {
            saved.set(true);
            open.set(false);
            on_changed.emit(());
        })
    };
    let on_leave = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    html! {
        <li class="card stack">
            <div>
                <h3>{ &of.name }</h3>
                <p class="small muted">
                    { format!("{} minutes. Patients are shown: {}.", of.duration_minutes,
                        price_words(of.price_cents, of.bulk_billed)) }
                </p>
            </div>
            <div class="button-row">
                <button type="button" class="button button--plain" onclick={toggle} aria-expanded={open.to_string()}>
                    { "Rules" }<span class="visually-hidden">{ format!(" of {}", of.name) }</span>
                </button>
            </div>
            <div class="optional">
                if *open {
                    <Open organization_id={*organization_id} me={*me} of_type={of.appointment_type_id} {on_saved}
                        {on_leave} />
                } else if *saved {
                    <Notice kind={NoticeKind::Success} title="Saved">
                        <p>{ "It counts for what is booked from now on." }</p>
                    </Notice>
                }
            </div>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OpenProps {
    organization_id: OrganizationId,
    me: AccountId,
    of_type: AppointmentTypeId,
    on_saved: Callback<()>,
    on_leave: Callback<()>,
}

/// Fetches the rules, then shows their form.
#[component]
fn Open(props: &OpenProps) -> Html {
    let OpenProps { organization_id, me, of_type, on_saved, on_leave } = props;
    let (version, on_again) = use_version();
    match use_private_api::<Funding>(funding_api::find_funding(*organization_id, *of_type), version) {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={desk_path(*organization_id, REST)} {on_again} /> }
        }
        Some(Ok(funding)) => html! {
            <FundingEditor key={funding.version.to_string()} organization_id={*organization_id}
                me={*me} funding={Rc::clone(&funding)}
                on_saved={on_saved.clone()} {on_again} on_leave={on_leave.clone()} />
        },
    }
}
