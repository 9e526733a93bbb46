//! `/admin/mistakes`: requests to enter an appointment in error that an administrator answers, since nobody else of the practice may.
//! Whose appointment it is does not matter to that, and is not shown.

use std::rc::Rc;

use shared_types::{
    bookings::{
        mistake::{DeclineMistake, MistakeCase},
        practice::SeenVersion,
    },
    page::Page,
    personal::Personal,
};
use yew::prelude::*;

use crate::{
    api::{mistakes, use_api_client},
    browser,
    calendar::words::status_words,
    components::{
        failed::Failed,
        mistake_view::{MistakeAnswer, MistakeView, meaning_list},
        times_rest::long_when,
    },
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{account::loading, hold::private_head, support::ForSupport},
};

const TITLE: &str = "Mistakes to agree on";
const PATH: &str = "/admin/mistakes";

/// The page.
#[component]
pub fn MistakesPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Queue /></ForSupport> }
}

#[component]
fn Queue() -> Html {
    let (version, on_again) = use_version();
    let page = use_private_api::<Page<MistakeCase>>(mistakes::list_mistakes(), version);
    let on_decided = {
        let on_again = on_again.clone();
        Callback::from(move |()| {
            on_again.emit(());
            // The buttons have gone with what they were about.
            browser::focus("main");
        })
    };
    match page {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) if page.items.is_empty() => html! { <p>{ "No practice asks for anything." }</p> },
        Some(Ok(page)) => html! {
            <ul class="stack" role="list">
                { for page.items.iter().map(|one| html! {
                    <Case key={one.request.mistake_request_id.to_string()} case={Rc::new(one.clone())}
                        on_decided={on_decided.clone()} />
                }) }
            </ul>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CaseProps {
    case: Rc<MistakeCase>,
    on_decided: Callback<()>,
}

#[component]
fn Case(props: &CaseProps) -> Html {
    let CaseProps { case, on_decided } = props;
    let (client, act) = (use_api_client(), use_act());
    let (id, version) = (case.request.mistake_request_id, case.request.version);
    let on_answer = {
        let (act, decided) = (act.clone(), on_decided.clone());
        Callback::from(move |why: Option<Personal<String>>| {
            let (client, decided) = (client.clone(), decided.clone());
            let send = move || {
                let (client, why) = (client.clone(), why.clone());
                async move {
                    match why {
                        None => mistakes::approve_as_platform(&client, id, SeenVersion { version }).await,
                        Some(why) => {
                            let decline = DeclineMistake { version, why };
                            mistakes::decline_as_platform(&client, id, &decline).await
                        }
                    }
                }
            };
            act.run(send, move |_: MistakeCase| decided.emit(()));
        })
    };
    let zone = case.role.time_zone;
    let practice = case.role.organization_name.clone().unwrap_or_else(|| case.role.address.clone());
    let when = long_when(case.start, zone);
    let about = format!("{practice}, {when}");
    let (state, _, _) = status_words(case.noted);
    html! {
        <li class="card stack">
            <h2>{ practice }</h2>
            <p>{ format!("{}, {when}: {state}.", case.role.name) }</p>
            <MistakeView request={case.request.clone()} {zone} mine={case.mine} moved_on={case.moved_on} />
            <p>{ "Once you agree:" }</p>
            { meaning_list(case.if_mistake) }
            <details>
                <summary>{ "What happened when" }</summary>
                <ol>
                    { for case.history.iter().map(|step| html! {
                        <li key={step.taken_at.to_string()}>
                            { format!("{}, by {}, {}", step.step.replace('_', " "), step.taken_by, long_when(step.taken_at, zone)) }
                        </li>
                    }) }
                </ol>
            </details>
            <div class="optional">
                if case.mine {
                    <p>{ "You asked for this yourself: another administrator answers it." }</p>
                } else {
                    <MistakeAnswer id={id.to_string()} {about} may_approve={!case.moved_on} {act} {on_answer} />
                }
            </div>
        </li>
    }
}
