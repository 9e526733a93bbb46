//! `/admin/mbs-loads`: the readings of the Medicare Benefits Schedule. A schedule is read on the server, by its command line.

use shared_types::{page::Page, payments::funding::MbsLoad};
use yew::prelude::*;

use crate::{
    api::funding,
    components::{failed::Failed, moment::Moment, money_words::load_words},
    hooks::{use_head, use_private_api, use_version},
    pages::{account::loading, hold::private_head, practice_desk::money::turning, support::ForSupport},
};

const TITLE: &str = "Medicare Benefits Schedule";
const PATH: &str = "/admin/mbs-loads";

/// The page.
#[component]
pub fn MbsLoadsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Loads /></ForSupport> }
}

#[component]
fn Loads() -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = funding::list_mbs_loads(cursor.as_deref());
    let list = match use_private_api::<Page<MbsLoad>>(path, version) {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => html! {
            <>
                <LoadList items={page.items.clone()} />
                { turning(&cursor, page.next.as_ref()) }
            </>
        },
    };
    html! {
        <div class="stack">
            <p>
                { "Each release is read on the server with " }<code>{ "hellomapper mbs load FILE" }</code>
                { "; with " }<code>{ "--preview" }</code>{ " it says what would change and changes nothing." }
            </p>
            <div class="optional">{ list }</div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct LoadListProps {
    pub items: Vec<MbsLoad>,
}

/// The latest first.
#[component]
pub fn LoadList(props: &LoadListProps) -> Html {
    if props.items.is_empty() {
        return html! { <p>{ "No schedule was read yet: no rule can name an item, and nothing can be bulk billed." }</p> };
    }
    html! { <ul class="stack" role="list">{ for props.items.iter().map(row) }</ul> }
}

fn row(one: &MbsLoad) -> Html {
    let counts =
        format!("{} items: {} new, {} changed, {} ended.", one.items, one.added, one.changed, one.ended);
    html! {
        <li key={one.mbs_load_id.to_string()} class="card stack">
            <p>
                <strong>{ &one.file_name }</strong>{ format!(": {}. Read ", load_words(one.status)) }
                <Moment at={one.loaded_at} />{ "." }
            </p>
            <p>{ counts }</p>
            <p class="small muted note__text">{ format!("SHA-256 {}", one.sha256) }</p>
        </li>
    }
}
