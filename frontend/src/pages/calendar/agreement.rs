//! The bulk-bill agreement of an appointment beside the calendar: the way to where it stands, and asking for it, at check-in too.

use shared_types::{
    BookingId, OrganizationId,
    payments::assignment::{Assignment, AssignmentKind, OfferAssignment},
};
use yew::prelude::*;

use crate::{
    api::{payments, use_api_client},
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
    },
    hooks::use_keyed,
    pages::{account::Refused, practice_desk::desk_path},
};

/// What most visits are called in the schedule. (MBS Online, category 1, read 2026-11-22.)
const USUAL: &str = "Professional attendance";
/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/service_category", "/item_numbers"];

#[derive(Clone, PartialEq, Properties)]
pub struct AgreementProps {
    pub booking_id: BookingId,
    pub organization_id: OrganizationId,
    /// The visit is over: what is asked for then are its items.
    pub is_over: bool,
}

/// The link and the question.
#[component]
pub fn Agreement(props: &AgreementProps) -> Html {
    let AgreementProps { booking_id, organization_id, is_over } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let (category, items) = (use_state_eq(|| USUAL.to_owned()), use_state_eq(String::new));
    let (wanted, asked) = (use_state_eq(|| false), use_state_eq(|| false));
    // The form is made once somebody wants it: an entry is mostly opened for something else.
    let ontoggle = {
        let wanted = wanted.setter();
        move |_: Event| wanted.set(true)
    };
    let onsubmit = {
        let (keyed, asked) = (keyed.clone(), asked.setter());
        let offer = if *is_over { post(&items) } else { pre(&category) };
        let (organization_id, booking_id) = (*organization_id, *booking_id);
        move |event: SubmitEvent| {
            event.prevent_default();
            let (client, asked) = (client.clone(), asked.clone());
            let send = move |offer: OfferAssignment, key: String| {
                let client = client.clone();
                async move { payments::offer_assignment(&client, organization_id, booking_id, &offer, key).await }
            };
            keyed.run(offer.clone(), send, move |_: Assignment| asked.set(true));
        }
    };
    let (set_category, set_items) = (category.setter(), items.setter());
    let error = |pointer: &str| {
        let errors = keyed.act.problem.as_ref().filter(|problem| problem.is("invalid"))?;
        let error = errors.errors.iter().find(|error| error.pointer.starts_with(pointer))?;
        Some(AttrValue::from(error.detail.clone()))
    };
    html! {
        <div class="stack">
            <p>
                <a href={desk_path(*organization_id, "/assignments")}>{ "Bulk-bill agreements: who has agreed" }</a>
            </p>
            <details {ontoggle}>
                <summary>{ "Ask for the bulk-bill agreement" }</summary>
                if *wanted {
                    <form class="stack" novalidate=true method="post" {onsubmit}>
                        <p>
                            { "The patient gets a letter with a link, and can answer on any device. It takes the place of one " }
                            { "that was asked for or agreed to before." }
                        </p>
                        if *is_over {
                            <Field id="agreement-items" label="Items" hint="Numbers with a space between them."
                                inputmode="numeric" value={(*items).clone()} error={error("/item_numbers")}
                                oninput={move |text| set_items.set(text)} />
                        } else {
                            <Field id="agreement-category" label="Sort of service" maxlength="120"
                                value={(*category).clone()} error={error("/service_category")}
                                oninput={move |text| set_category.set(text)} />
                        }
                        <div class="button-row">
                            <button type="submit" class="button button--quiet" aria-busy={keyed.act.busy.to_string()}>
                                { "Ask for it" }
                            </button>
                        </div>
                    </form>
                    <div class="optional">
                        if *asked {
                            <Notice kind={NoticeKind::Success} title="The patient is asked">
                                <p>{ "A letter is on its way, where we have an e-mail address." }</p>
                            </Notice>
                        }
                    </div>
                    <Refused act={keyed.act.clone()} beside={BESIDE} />
                }
            </details>
        </div>
    }
}

fn pre(category: &str) -> OfferAssignment {
    OfferAssignment {
        kind: AssignmentKind::Pre,
        service_category: Some(category.trim().to_owned()),
        item_numbers: Vec::new(),
        ground: None,
        expires_on: None,
    }
}

fn post(items: &str) -> OfferAssignment {
    let items = items.split(|c: char| c == ',' || c.is_whitespace()).filter(|item| !item.is_empty());
    OfferAssignment {
        kind: AssignmentKind::Post,
        service_category: None,
        item_numbers: items.map(str::to_owned).collect(),
        ground: None,
        expires_on: None,
    }
}
