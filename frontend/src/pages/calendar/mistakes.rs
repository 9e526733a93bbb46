//! `/calendar/{organization_id}/mistakes`: appointments that never were real ones, as one says, where somebody else has to agree.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        mistake::{DeclineMistake, MISTAKE_STAFF, MistakeStatus, PracticeMistake, SHOWN_DAYS},
        practice::SeenVersion,
    },
    page::Page,
    personal::Personal,
    users::StaffRole,
};
use yew::prelude::*;

use crate::{
    api::{mistakes, use_api_client},
    browser,
    calendar::words::status_words,
    components::{
        about::about_words,
        failed::Failed,
        mistake_view::{MistakeAnswer, MistakeView, meaning_list},
        times_rest::long_when,
    },
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path, desk_path},
    },
};

const TITLE: &str = "Mistakes to agree on";
/// Who asks and answers.
const STAFF: &[StaffRole] = &MISTAKE_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MistakesPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn MistakesPage(props: &MistakesPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Mistakes {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/mistakes"
            needs={STAFF} {render} />
    }
}

#[component]
fn Mistakes(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let path = mistakes::list_practice_mistakes(organization_id);
    let page = use_private_api::<Page<PracticeMistake>>(path, version);
    let on_changed = {
        let on_again = on_again.clone();
        Callback::from(move |()| {
            on_again.emit(());
            // The buttons have gone with what they did.
            browser::focus("main");
        })
    };
    match page {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(organization_id, "/mistakes")} {on_again} /> }
        }
        Some(Ok(page)) if page.items.is_empty() => html! {
            <p>
                { "Nobody asks for anything. Where money has moved or Medicare has a claim, “Entered in error” in the calendar asks \
                   here first." }
            </p>
        },
        Some(Ok(page)) => html! {
            <div class="stack">
                <p class="muted">{ format!("What was answered stays here for {SHOWN_DAYS} days.") }</p>
                <ul class="stack" role="list">
                    { for page.items.iter().map(|one| html! {
                        <Request key={one.request.mistake_request_id.to_string()} of={Rc::new(one.clone())}
                            {organization_id} on_changed={on_changed.clone()} />
                    }) }
                </ul>
            </div>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RequestProps {
    of: Rc<PracticeMistake>,
    organization_id: OrganizationId,
    on_changed: Callback<()>,
}

#[component]
fn Request(props: &RequestProps) -> Html {
    let RequestProps { of, organization_id, on_changed } = props;
    let (client, act) = (use_api_client(), use_act());
    let (organization_id, id) = (*organization_id, of.request.mistake_request_id);
    let version = of.request.version;
    let on_answer = {
        let (client, act, changed) = (client.clone(), act.clone(), on_changed.clone());
        Callback::from(move |why: Option<Personal<String>>| {
            let (client, changed) = (client.clone(), changed.clone());
            let send = move || {
                let (client, why) = (client.clone(), why.clone());
                async move {
                    match why {
                        None => {
                            let seen = SeenVersion { version };
                            mistakes::approve_mistake(&client, organization_id, id, seen).await
                        }
                        Some(why) => {
                            let decline = DeclineMistake { version, why };
                            mistakes::decline_mistake(&client, organization_id, id, &decline).await
                        }
                    }
                }
            };
            act.run(send, move |_: PracticeMistake| changed.emit(()));
        })
    };
    let onwithdraw = {
        let (act, changed) = (act.clone(), on_changed.clone());
        move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            let send = move || {
                let client = client.clone();
                async move {
                    let seen = SeenVersion { version };
                    mistakes::withdraw_mistake(&client, organization_id, id, seen).await
                }
            };
            act.run(send, move |_: PracticeMistake| changed.emit(()));
        }
    };
    let zone = of.role.time_zone;
    let (state, _, _) = status_words(of.noted);
    let open = of.request.status == MistakeStatus::Asked;
    html! {
        <li class="card stack">
            <h2>{ of.patient_name.expose() }</h2>
            <p>{ format!("{}, with {}: {state}.", long_when(of.start, zone), of.role.name) }</p>
            <MistakeView request={of.request.clone()} {zone} mine={of.mine} moved_on={of.moved_on} />
            <div class="optional">
                if open && !of.moved_on {
                    <p>{ "Once somebody else agrees:" }</p>
                    { meaning_list(of.if_mistake) }
                } else if of.request.status == MistakeStatus::Approved && of.if_mistake.claim_lodged {
                    <p>
                        { "Medicare still has a claim for it: tell Medicare that the claim is wrong. " }
                        <a href={desk_path(organization_id, "/claims")}>{ "Claims" }</a>
                    </p>
                }
            </div>
            <div class="optional stack">
                if open && of.mine {
                    <p>
                        <button type="button" class="button button--quiet" onclick={onwithdraw}
                            aria-busy={act.busy.to_string()}>
                            { "Take it back" }{ about_words(of.patient_name.expose()) }
                        </button>
                    </p>
                    <Refused act={act.clone()} />
                } else if open {
                    <MistakeAnswer id={id.to_string()} about={of.patient_name.expose().clone()} may_approve={!of.moved_on}
                        {act} {on_answer} />
                }
            </div>
        </li>
    }
}
