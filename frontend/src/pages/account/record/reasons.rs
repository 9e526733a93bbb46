//! The reasons by which our staff may or might look, as they stated them, and what somebody who asks for help tells them.

use shared_types::{PatientId, users::AccessGrant};
use yew::prelude::*;

use crate::{components::moment::Moment, forms::support::category_words};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StatedReasonsProps {
    /// The newest first.
    pub grants: Vec<AccessGrant>,
    /// Whoever reads, where they have given details.
    pub patient_id: Option<PatientId>,
}

/// The section.
#[component]
pub fn StatedReasons(props: &StatedReasonsProps) -> Html {
    let StatedReasonsProps { grants, patient_id } = props;
    html! {
        <section class="stack account__part" aria-labelledby="reasons-title">
            <h2 id="reasons-title">{ "When our support helps" }</h2>
            <p>
                { "Our staff see nothing of yours unless they state a reason, for four hours at most. You read it here at " }
                { "once, and each look of theirs stands above." }
            </p>
            if grants.is_empty() {
                <p>{ "Nobody has stated a reason so far." }</p>
            }
            <ul class="log" role="list">{ for grants.iter().map(item) }</ul>
            if let Some(patient_id) = patient_id {
                <p class="small muted">
                    { "If you ask us for help, this is your number: " }<code id="own-number">{ patient_id.to_string() }</code>
                </p>
            }
        </section>
    }
}

fn item(grant: &AccessGrant) -> Html {
    html! {
        <li class="log__entry" key={grant.access_grant_id.to_string()}>
            <p><strong>{ category_words(grant.category) }</strong>{ ": " }{ &grant.reason }</p>
            <p class="small muted">
                { "From " }<Moment at={grant.granted_at} />{ " until " }<Moment at={grant.expires_at} />
            </p>
        </li>
    }
}
