//! What several people of a practice offer as one, on the practice's page.

use shared_types::{
    OrganizationId,
    bookings::pools::{Pool, Pools},
};
use yew::prelude::*;

use crate::{
    api::bookings,
    components::booking_words::{minutes_words, price_words},
    hooks::use_api,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PoolLinksProps {
    pub organization_id: OrganizationId,
}

/// A section with a link for each; nothing where there is none, or while it cannot be read: everybody can be booked below.
#[component]
pub fn PoolLinks(props: &PoolLinksProps) -> HtmlResult {
    let pools = use_api::<Pools>(bookings::list_pools(props.organization_id))?;
    let Some(pools) = pools.ok().filter(|pools| !pools.items.is_empty()) else { return Ok(Html::default()) };
    let link = |pool: &Pool| {
        let of = &pool.appointment_type;
        let price = price_words(of.price_cents, of.bulk_billed);
        html! {
            <li key={pool.pool_id.to_string()}>
                <a href={format!("/book/any/{}", pool.pool_id)} rel="nofollow">{ &pool.name }</a>
                <span class="small muted">{ format!(" {}, {price}", minutes_words(of)) }</span>
            </li>
        }
    };
    Ok(html! {
        <section class="section" aria-labelledby="pools-title">
            <h2 id="pools-title">{ "Book with whoever is free" }</h2>
            <ul class="stack" role="list">{ for pools.items.iter().map(link) }</ul>
        </section>
    })
}
