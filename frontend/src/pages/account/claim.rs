//! Bringing here what one booked without an account: users states whose mail one reads and when one was born, and
//! bookings gives over what was booked with both.

use shared_types::{
    Problem,
    bookings::{ClaimBookings, ClaimedBookings},
};
use yew::prelude::*;

use super::{Own, Refused};
use crate::{
    api::{ApiClient, bookings, use_api_client, users},
    hooks::use_act,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ClaimProps {
    pub me: Own,
    /// Some were found: the lists have changed.
    pub on_claimed: Callback<()>,
}

/// The offer.
#[component]
pub fn Claim(props: &ClaimProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let claimed = use_state_eq(|| None::<usize>);
    let onclick = {
        let (act, claimed, on_claimed) = (act.clone(), claimed.setter(), props.on_claimed.clone());
        move |_: MouseEvent| {
            let (client, claimed, on_claimed) = (client.clone(), claimed.clone(), on_claimed.clone());
            claimed.set(None);
            act.run(
                move || {
                    let client = client.clone();
                    async move { claim(&client).await }
                },
                move |found: ClaimedBookings| {
                    claimed.set(Some(found.bookings.len()));
                    if !found.bookings.is_empty() {
                        on_claimed.emit(());
                    }
                },
            );
        }
    };
    html! {
        <section class="stack account__part" aria-labelledby="claim-title">
            <h2 id="claim-title">{ "Did you book without an account?" }</h2>
            if props.me.patient_id.is_some() {
                <p>
                    { format!(
                        "We look for bookings with {} and your date of birth, and bring them here.",
                        props.me.email.expose(),
                    ) }
                </p>
                <Refused act={act.clone()} />
                <div class="button-row">
                    <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                        { if act.busy { "Looking…" } else { "Bring them here" } }
                    </button>
                </div>
                <p role="status">{ claimed.map(found_words).unwrap_or_default() }</p>
            } else {
                <p>
                    { "To bring them here we need your date of birth: give " }
                    <a href="/account/profile">{ "your details" }</a>{ " first." }
                </p>
            }
        </section>
    }
}

async fn claim(client: &ApiClient) -> Result<ClaimedBookings, Problem> {
    let ticket = users::create_claim_ticket(client).await?.ticket;
    bookings::claim_bookings(client, &ClaimBookings { ticket }).await
}

fn found_words(count: usize) -> String {
    match count {
        0 => "There is nothing more to bring. Bookings with another e-mail address stay with that address."
            .to_owned(),
        1 => "1 booking is here now.".to_owned(),
        count => format!("{count} bookings are here now."),
    }
}

#[cfg(test)]
mod tests {
    use super::found_words;

    #[test]
    fn how_many_were_found_is_said() {
        assert_eq!(found_words(1), "1 booking is here now.");
        assert_eq!(found_words(3), "3 bookings are here now.");
        assert!(found_words(0).starts_with("There is nothing more"));
    }
}
