//! Step 2 of booking a home visit: whether the practitioner comes to where the patient is, before anything else is asked. Only a
//! suburb or postcode is looked at; the address is given with the details.

use shared_types::{
    AppointmentTypeId,
    bookings::BookedRole,
    providers::{SearchProviders, VisitCheck},
};
use yew::prelude::*;
use yew_router::hooks::use_location;

use crate::{
    api::providers,
    components::notice::{Notice, NoticeKind},
    forms::book_query,
    hooks::use_api,
    search,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct VisitPlaceProps {
    pub role: BookedRole,
    pub type_id: AppointmentTypeId,
}

/// A plain form that also works without JavaScript, and the answer for the place in the address.
#[component]
pub fn VisitPlace(props: &VisitPlaceProps) -> Html {
    let VisitPlaceProps { role, type_id } = props;
    let near = use_location().and_then(|location| book_query::near(location.query_str()));
    html! {
        <section class="section" aria-labelledby="visit-title">
            <h2 id="visit-title">{ "Where are you visited?" }</h2>
            <form class="stack" method="get" action={format!("/book/{}", role.practitioner_role_id)}>
                <input type="hidden" name="type" value={type_id.to_string()} />
                <div class="field">
                    <label class="field__label" for="near">{ "Suburb or postcode" }</label>
                    <input class="input input--m" id="near" name="near" value={near.clone().unwrap_or_default()}
                        autocomplete="off" maxlength="100" required=true />
                </div>
                <div class="button-row">
                    <button class="button button--quiet" type="submit">{ "Check the place" }</button>
                </div>
            </form>
            <div class="optional">
                if let Some(near) = &near {
                    <Suspense fallback={Html::default()}>
                        <Answer key={near.to_string()} role={role.clone()} type_id={*type_id} near={near.clone()} />
                    </Suspense>
                }
            </div>
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct AnswerProps {
    role: BookedRole,
    type_id: AppointmentTypeId,
    near: AttrValue,
}

/// Yes, no with a way to others, or that nobody can tell. What cannot be asked now is asked again when the visit is booked.
#[component]
fn Answer(props: &AnswerProps) -> HtmlResult {
    let AnswerProps { role, type_id, near } = props;
    let said = use_api::<VisitCheck>(providers::check_visit(role.practitioner_role_id, *type_id, near))?;
    let Ok(said) = said else { return Ok(Html::default()) };
    let Some(place) = &said.place else {
        return Ok(html! {
            <Notice title="We do not know this place">
                <p>{ "Check the spelling, or give a postcode." }</p>
            </Notice>
        });
    };
    Ok(match said.comes {
        Some(true) => html! {
            <Notice kind={NoticeKind::Success} title={format!("{} comes to {}", role.name, place.label)}>
                <p>{ "Choose a time below. The address is asked for once it is held for you." }</p>
            </Notice>
        },
        Some(false) => {
            let others = SearchProviders {
                q: role.profession_name.clone(),
                near: Some(place.label.clone()),
                home_visit: true,
                ..SearchProviders::default()
            };
            html! {
                <Notice kind={NoticeKind::Soon} title={format!("{} does not come to {}", role.name, place.label)}>
                    <p>
                        { "Nothing was booked. " }
                        <a href={search::href(&others)}>{ format!("Find others who come to {}", place.name) }</a>
                    </p>
                </Notice>
            }
        }
        None => html! {
            <Notice title={format!("We do not know yet whether {} comes to {}", role.name, place.label)}>
                <p>{ "You are told before anything is booked." }</p>
            </Notice>
        },
    })
}
