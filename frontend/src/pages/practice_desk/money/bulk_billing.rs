//! Whether a practice bulk bills every eligible service: said by a manager or an owner, good for a year.

use std::rc::Rc;

use shared_types::{
    OrganizationId, Zone,
    payments::funding::{BulkBilling, PutBulkBilling},
    time,
};
use yew::prelude::*;

use super::eligible_types::EligibleTypes;
use crate::{
    api::{funding as funding_api, use_api_client},
    components::failed::Failed,
    hooks::{use_act, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        practice_desk::{Desk, desk_path},
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct BulkBillingSectionProps {
    pub desk: Desk,
    /// Goes up when a rule was saved: how its type stands is looked at again.
    pub changed: u32,
}

/// The switch, with when it was last said and what stands in its way.
#[component]
pub fn BulkBillingSection(props: &BulkBillingSectionProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let path = funding_api::find_bulk_billing(organization_id);
    let said = use_private_api::<BulkBilling>(path, version + props.changed);
    let content = match said {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(organization_id, super::funding::REST);
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(said)) => html! {
            <>
                <Switch {organization_id} said={Rc::clone(&said)} may_say={props.desk.invites()} on_said={on_again} />
                <EligibleTypes {organization_id} {said} />
            </>
        },
    };
    html! {
        <section class="card stack" aria-labelledby="bulk-billing-title">
            <h2 id="bulk-billing-title">{ "Bulk billing everything" }</h2>
            { content }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SwitchProps {
    organization_id: OrganizationId,
    said: Rc<BulkBilling>,
    may_say: bool,
    on_said: Callback<()>,
}

#[component]
fn Switch(props: &SwitchProps) -> Html {
    let SwitchProps { organization_id, said, may_say, on_said } = props;
    let (client, act) = (use_api_client(), use_act());
    let say = |everything: bool| {
        let (client, act, on_said) = (client.clone(), act.clone(), on_said.clone());
        let (organization_id, version) = (*organization_id, said.version);
        Callback::from(move |_: MouseEvent| {
            let (client, on_said) = (client.clone(), on_said.clone());
            let send = move || {
                let client = client.clone();
                let wanted = PutBulkBilling { everything, version };
                async move { funding_api::put_bulk_billing(&client, organization_id, wanted).await }
            };
            act.run(send, move |_: BulkBilling| on_said.emit(()));
        })
    };
    let busy = act.busy.to_string();
    html! {
        <>
            <p role="status">{ said_words(said) }</p>
            <p class="small muted">
                { "Who says so bulk bills every patient with a Medicare card for every eligible item, and no rule here can charge \
                   them. Your profile shows it with the day, for a year; then it has to be said again." }
            </p>
            if *may_say {
                <div class="button-row">
                    if said.everything {
                        <button type="button" class="button" onclick={say(true)} aria-busy={busy.clone()}>{ "Say it again" }</button>
                        <button type="button" class="button button--quiet" onclick={say(false)} aria-busy={busy}>
                            { "We no longer bulk bill everything" }
                        </button>
                    } else {
                        <button type="button" class="button" onclick={say(true)} aria-busy={busy}>
                            { "We bulk bill everything" }
                        </button>
                    }
                </div>
            } else {
                <p class="small muted">{ "A manager or an owner can change it." }</p>
            }
            <Refused act={act.clone()} />
        </>
    }
}

fn said_words(said: &BulkBilling) -> String {
    let day = said.attested_at.map(|at| time::long_date(Zone::SYDNEY.date(at)));
    match (said.everything, day) {
        (true, Some(day)) => format!("Your practice bulk bills every eligible service. Last said on {day}."),
        (true, None) => "Your practice bulk bills every eligible service.".to_owned(),
        (false, _) => "Your practice does not say that it bulk bills everything.".to_owned(),
    }
}
