//! The bulk-bill agreement of an appointment beside the calendar: the way to where it stands, and asking for it, at check-in too.

use shared_types::{
    BookingId, OrganizationId,
    payments::assignment::{Assignment, OfferAssignment},
    problem::FieldError,
};
use yew::prelude::*;

use crate::{
    api::{claims, use_api_client},
    browser,
    components::{
        checks::{Check, Checks},
        field::Field,
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    forms::offer::{GROUNDS, OfferForm, first_wrong, sorts},
    hooks::use_keyed,
    pages::{account::Refused, practice_desk::desk_path},
};

/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/service_category", "/item_numbers", "/ground", "/expires_on"];

#[derive(Clone, PartialEq, Properties)]
pub struct AgreementProps {
    pub booking_id: BookingId,
    pub organization_id: OrganizationId,
    /// The visit is over: what is asked for then are its items.
    pub is_over: bool,
    /// Only one for every visit is asked for.
    #[prop_or_default]
    pub every: bool,
}

/// The link and the question.
#[component]
pub fn Agreement(props: &AgreementProps) -> Html {
    let wanted = use_state_eq(|| false);
    // The form is made once somebody wants it: an entry is mostly opened for something else.
    let ontoggle = {
        let wanted = wanted.setter();
        move |_: Event| wanted.set(true)
    };
    html! {
        <div class="stack">
            <p>
                <a href={desk_path(props.organization_id, "/assignments")}>
                    { "Bulk-bill agreements: who has agreed" }
                </a>
            </p>
            <details {ontoggle}>
                <summary>{ "Ask for the bulk-bill agreement" }</summary>
                if *wanted {
                    <AskForAgreement ..props.clone() />
                }
            </details>
        </div>
    }
}

/// What is asked for, and that it was. What is wrong stands beside its field, and the first takes the focus.
#[component]
pub fn AskForAgreement(props: &AgreementProps) -> Html {
    let AgreementProps { booking_id, organization_id, is_over, every } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let every = *every;
    let form = use_state_eq(move || OfferForm { every, ..OfferForm::default() });
    let asked = use_state_eq(|| false);
    let unread = use_state_eq(Vec::<FieldError>::new);
    let onsubmit = {
        let (keyed, asked, form, unread) = (keyed.clone(), asked.setter(), form.clone(), unread.clone());
        let (organization_id, booking_id, is_over) = (*organization_id, *booking_id, *is_over);
        move |event: SubmitEvent| {
            event.prevent_default();
            asked.set(false);
            let offer = match form.read(is_over) {
                Ok(offer) => offer,
                Err(errors) => {
                    if let Some(field) = first_wrong(&errors) {
                        browser::focus(field);
                    }
                    return unread.set(errors);
                }
            };
            unread.set(Vec::new());
            let (client, asked) = (client.clone(), asked.clone());
            let send = move |offer: OfferAssignment, key: String| {
                let client = client.clone();
                async move { claims::offer_assignment(&client, organization_id, booking_id, &offer, key).await }
            };
            keyed.run(offer, send, move |_: Assignment| asked.set(true));
        }
    };
    let refused = keyed.act.problem.as_ref().filter(|problem| problem.is("invalid"));
    let errors = match refused {
        Some(problem) if unread.is_empty() => problem.errors.clone(),
        Some(_) | None => (*unread).clone(),
    };
    use_effect_with(refused.map(|problem| problem.errors.clone()), |refused| {
        if let Some(field) = refused.as_deref().and_then(first_wrong) {
            browser::focus(field);
        }
    });
    html! {
        <div class="stack">
            <form class="stack" novalidate=true method="post" {onsubmit}>
                { fields(&form, (*is_over, every), &errors) }
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
        </div>
    }
}

fn fields(form: &UseStateHandle<OfferForm>, (is_over, every): (bool, bool), errors: &[FieldError]) -> Html {
    let error = |pointer: &str| {
        let found = errors.iter().find(|error| error.pointer.starts_with(pointer));
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let with = |change: fn(OfferForm, String) -> OfferForm| {
        let form = form.clone();
        Callback::from(move |text: String| form.set(change((*form).clone(), text)))
    };
    let check = |(code, words)| Check { code, words, ticked: form.sorts.contains(&code) };
    let on_tick = {
        let form = form.clone();
        Callback::from(move |(code, ticked): (&'static str, bool)| {
            form.set((*form).clone().with_sort(code, ticked));
        })
    };
    let what = vec![
        (AttrValue::from("visit"), AttrValue::from("This visit")),
        (AttrValue::from("every"), AttrValue::from("Every visit until a day")),
    ];
    let choose = (AttrValue::from(""), AttrValue::from("Choose"));
    let grounds = GROUNDS.map(|(ground, words)| (AttrValue::from(ground.code()), AttrValue::from(words)));
    html! {
        <>
            <div class="optional">
                if !every {
                    <SelectField id="agreement-for" label="What the patient agrees to" options={what}
                        value={if form.every { "every" } else { "visit" }}
                        onchange={with(|form, what| OfferForm { every: what == "every", ..form })} />
                }
            </div>
            if form.every {
                <p>
                    { "It is for every service of this practitioner at this practice, and the patient is not asked before each. The \
                       law allows it for some patients only, for five years at most. Patients answer it signed in, in their \
                       account, and can take it back at any time for visits to come." }
                </p>
                <SelectField id="agreement-ground" label="Why it may be for every visit" value={form.ground.clone()}
                    options={[choose].into_iter().chain(grounds).collect::<Vec<_>>()} error={error("/ground")}
                    onchange={with(|form, ground| OfferForm { ground, ..form })} />
                <Field id="agreement-last" label="Its last day" kind="date" width="input--m" value={form.last.clone()}
                    error={error("/expires_on")} oninput={with(|form, last| OfferForm { last, ..form })} />
            } else {
                <p>
                    { "The patient gets a letter with a link, and can answer on any device. It takes the place of one that was asked \
                       for or agreed to before." }
                </p>
                if is_over {
                    <Field id="agreement-items" label="Items" hint="Numbers with a space between them."
                        inputmode="numeric" value={form.items.clone()} error={error("/item_numbers")}
                        oninput={with(|form, items| OfferForm { items, ..form })} />
                } else {
                    <Checks id="agreement-category" legend="Sorts of service"
                        hint="Tick what the visit brings: items of another sort need another agreement before they are claimed. With \
                              none ticked, the patient is asked for the sorts of its usual items."
                        checks={sorts().map(check).collect::<Vec<_>>()} error={error("/service_category")} {on_tick} />
                }
            }
        </>
    }
}
