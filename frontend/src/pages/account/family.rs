//! The people one looks after, and those who may act for oneself.

mod add_child;
mod ask;
mod dependants;
mod helpers;

use std::rc::Rc;

use shared_types::{
    page::Page,
    users::{Delegation, Dependant, Me},
};
use yew::prelude::*;

use self::{
    add_child::AddChildForm,
    ask::{AskForm, Asking},
    dependants::DependantItem,
    helpers::HelperItem,
};
use super::{OnlySignedIn, Own, OwnProps, back_to_account, fetched};
use crate::{
    api::users,
    hooks::{use_head, use_private_api, use_standing::use_standing, use_version},
    pages::hold::private_head,
};

const PATH: &str = "/account/family";

/// The page.
#[component]
pub fn FamilyPage() -> Html {
    use_head(private_head("Family and carers"));
    let render = Callback::from(|me: Rc<Me>| html! { <Family me={Own(me)} /> });
    html! { <OnlySignedIn title="Family and carers" path={PATH} {render} /> }
}

/// Which form is open. One at a time: each asks for an address or a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Child,
    Adult,
    Carer,
}

#[component]
fn Family(props: &OwnProps) -> Html {
    let (version, again) = use_version();
    let dependants = use_private_api::<Page<Dependant>>(users::list_dependants(), version);
    let delegations = use_private_api::<Page<Delegation>>(users::list_delegations(), version);
    let open = use_state_eq(|| None::<Open>);
    let ask = use_standing().ask;
    // Who may act for whom is in the account's own answer as well.
    let on_change = {
        let again = again.clone();
        Callback::from(move |()| {
            again.emit(());
            ask.emit(());
        })
    };
    let (set, closed) = (open.setter(), open.setter());
    let on_open = Callback::from(move |which| set.set(Some(which)));
    let on_close = Callback::from(move |()| closed.set(None));
    html! {
        <>
            <section class="stack account__part" aria-labelledby="after-title">
                <h2 id="after-title">{ "People you look after" }</h2>
                { fetched(dependants, PATH, &again, |page| dependant_list(&page, &on_change)) }
                { form_or_button(*open, Open::Child, "Add a child below 15", &on_open,
                    html! { <AddChildForm on_done={on_change.clone()} on_close={on_close.clone()} /> }) }
                { form_or_button(*open, Open::Adult, "Ask somebody from 15", &on_open,
                    html! { <AskForm asking={Asking::ToLookAfter} on_close={on_close.clone()} /> }) }
            </section>
            <section class="stack account__part" aria-labelledby="for-title">
                <h2 id="for-title">{ "People who may act for you" }</h2>
                { fetched(delegations, PATH, &again, |page| helper_list(&page, &on_change)) }
                { if props.me.patient_id.is_some() {
                    form_or_button(*open, Open::Carer, "Ask somebody to act for you", &on_open,
                        html! { <AskForm asking={Asking::ToBeHelped} on_close={on_close.clone()} /> })
                } else {
                    details_first()
                } }
            </section>
            <Teenagers />
            { back_to_account() }
        </>
    }
}

fn form_or_button(
    open: Option<Open>,
    which: Open,
    words: &'static str,
    on_open: &Callback<Open>,
    form: Html,
) -> Html {
    if open == Some(which) {
        return form;
    }
    let onclick = on_open.reform(move |_: MouseEvent| which);
    html! {
        <div class="button-row"><button class="button button--quiet" type="button" {onclick}>{ words }</button></div>
    }
}

fn details_first() -> Html {
    html! {
        <p>
            { "To ask somebody, give " }<a href="/account/profile">{ "your own details" }</a>{ " first." }
        </p>
    }
}

fn dependant_list(page: &Page<Dependant>, on_change: &Callback<()>) -> Html {
    if page.items.is_empty() {
        return html! { <p>{ "Nobody yet." }</p> };
    }
    html! {
        <ul class="stack" role="list">
            { for page.items.iter().map(|dependant| html! {
                <DependantItem key={format!("{} {}", dependant.delegation_id, dependant.patient.version)}
                    dependant={dependant.clone()} on_change={on_change.clone()} />
            }) }
        </ul>
    }
}

fn helper_list(page: &Page<Delegation>, on_change: &Callback<()>) -> Html {
    let mut helpers = page.items.iter().filter(|delegation| !delegation.mine_to_use).peekable();
    if helpers.peek().is_none() {
        let words = "Nobody. Whoever you ask can do only what you tick, and only until the day you choose.";
        return html! { <p>{ words }</p> };
    }
    html! {
        <ul class="stack" role="list">
            { for helpers.map(|helper| html! {
                <HelperItem key={helper.delegation_id.to_string()} helper={helper.clone()}
                    on_change={on_change.clone()} />
            }) }
        </ul>
    }
}

/// The rules for young people, in words.
#[component]
fn Teenagers() -> Html {
    html! {
        <section class="stack account__part" aria-labelledby="teens-title">
            <h2 id="teens-title">{ "When a child turns 15" }</h2>
            <ul class="prose">
                <li>
                    { "From 15 a young person may have an account of their own. A parent can invite them to it here." }
                </li>
                <li>
                    { "With it they decide alone who sees their record, and may end a parent’s access at any time. " }
                    { "Nobody is asked why." }
                </li>
                <li>{ "At 18 a parent’s access ends by itself. After that, they have to be asked like any adult." }</li>
            </ul>
        </section>
    }
}
