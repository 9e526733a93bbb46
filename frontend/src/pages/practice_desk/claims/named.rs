//! A single claim that an address names: `?claim=…`, where a payment run leads to it.

use shared_types::{ClaimId, OrganizationId, payments::claim::ClaimCase};
use yew::prelude::*;

use super::card::ClaimList;
use crate::{
    api::claims,
    components::failed::Failed,
    hooks::{use_private_api, use_version},
    pages::{account::loading, practice_desk::desk_path},
};

/// Which claim an address names.
pub fn claim_in(query: &str) -> Option<ClaimId> {
    let query = query.trim_start_matches('?');
    let claim = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "claim")?.1;
    claim.parse().ok()
}

#[derive(Clone, PartialEq, Properties)]
pub struct NamedClaimProps {
    pub organization_id: OrganizationId,
    pub claim_id: ClaimId,
    /// Goes up when a claim changes.
    pub version: u32,
    pub on_changed: Callback<()>,
}

/// The claim, and the way back to all of them.
#[component]
pub fn NamedClaim(props: &NamedClaimProps) -> Html {
    let NamedClaimProps { organization_id, claim_id, version, on_changed } = props;
    let (tries, on_again) = use_version();
    let path = claims::find_claim(*organization_id, *claim_id);
    let all = desk_path(*organization_id, "/claims");
    let shown = match use_private_api::<ClaimCase>(path, *version + tries) {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={all.clone()} {on_again} /> },
        Some(Ok(case)) => html! {
            <ClaimList items={vec![case.claim.clone()]} organization_id={*organization_id}
                on_changed={on_changed.clone()} />
        },
    };
    html! {
        <>
            <p><a href={all}>{ "All claims" }</a></p>
            <div class="optional">{ shown }</div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use shared_types::ClaimId;
    use uuid::Uuid;

    use super::claim_in;

    #[test]
    fn an_address_names_one_claim_or_none() {
        let claim = ClaimId(Uuid::from_u128(7));
        assert_eq!(claim_in(&format!("?claim={claim}")), Some(claim));
        for other in ["", "?claim=", "?claim=yesterday", "?status=ready"] {
            assert_eq!(claim_in(other), None, "{other}");
        }
    }
}
