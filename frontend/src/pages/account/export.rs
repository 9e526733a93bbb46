//! Everything that is held about one, as two files that are made in the browser.

use std::rc::Rc;

use shared_types::users::Me;
use yew::prelude::*;

use super::{OnlySignedIn, Own, OwnProps, back_to_account};
use crate::{
    browser,
    components::{
        notice::{Notice, NoticeKind},
        unlock::Unlock,
    },
    export::{self, Gathered},
    hooks::{
        use_export::{Gathering, use_export},
        use_head,
        use_vault::{Keys, use_vault},
    },
    pages::hold::private_head,
    record::words::service_name,
};

/// The page.
#[component]
pub fn ExportPage() -> Html {
    use_head(private_head("Everything we hold about you"));
    let render = Callback::from(|me: Rc<Me>| html! { <Export me={Own(me)} /> });
    html! { <OnlySignedIn title="Everything we hold about you" path="/account/export" {render} /> }
}

#[component]
fn Export(props: &OwnProps) -> Html {
    let (gathering, on_begin) = use_export(props.me.account_id);
    let busy = match gathering {
        Gathering::Running(_) => true,
        Gathering::Waiting | Gathering::Done(_) => false,
    };
    let words = match &gathering {
        Gathering::Waiting => AttrValue::default(),
        Gathering::Running(words) => words.clone(),
        Gathering::Done(_) => AttrValue::Static("It is all here."),
    };
    let files = match &gathering {
        Gathering::Done(gathered) => html! { <Files gathered={Rc::clone(gathered)} /> },
        Gathering::Waiting | Gathering::Running(_) => Html::default(),
    };
    html! {
        <>
            <p>
                { "Your browser asks each part of HelloMapper for what it holds about you and puts it into two files: " }
                { "one to read, and one for other programs. They stay on this device; keep them somewhere safe." }
            </p>
            <Sealed me={props.me.clone()} />
            <div class="button-row">
                <button class="button" type="button" onclick={on_begin.reform(|_: MouseEvent| ())}
                    aria-busy={busy.to_string()}>{ if busy { "Gathering…" } else { "Gather everything" } }</button>
            </div>
            <p role="status">{ words }</p>
            <div class="optional">{ files }</div>
            { back_to_account() }
        </>
    }
}

/// Sealed messages are in it only with open keys.
#[component]
fn Sealed(props: &OwnProps) -> Html {
    let door = use_vault(Some(Rc::clone(&props.me.0)));
    let content = match &door.keys {
        Keys::Unknown | Keys::Absent => Html::default(),
        Keys::Open(_) => html! { <p>{ "Your keys are open, so your sealed messages go in as well." }</p> },
        Keys::Failed(problem) => super::refusal(Some(problem)),
        Keys::Locked(ways) => html! {
            <div class="card stack">
                <Unlock ways={*ways} busy={door.busy} problem={door.problem.clone()} on_open={door.on_open.clone()}>
                    <h2>{ "Sealed messages" }</h2>
                    <p>
                        { "Only you and your practices can read them. Open your keys to have them in the files; " }
                        { "without that they are left out." }
                    </p>
                </Unlock>
            </div>
        },
    };
    html! { <div class="optional">{ content }</div> }
}

#[derive(Clone, PartialEq, Properties)]
struct FilesProps {
    gathered: Rc<Gathered>,
}

#[component]
fn Files(props: &FilesProps) -> Html {
    let gathered = &props.gathered;
    let save = |name: &'static str, media_type: &'static str, write: fn(&Gathered) -> String| {
        let gathered = Rc::clone(gathered);
        move |_: MouseEvent| {
            let _ = browser::save_file(name, media_type, &write(&gathered));
        }
    };
    let page = save("hellomapper.html", "text/html", |gathered| export::html::page(gathered, browser::now()));
    let json =
        save("hellomapper.json", "application/json", |gathered| export::to_json(gathered, browser::now()));
    html! {
        <section class="stack account__part" aria-labelledby="files-title">
            <h2 id="files-title">{ "Your files" }</h2>
            <div class="button-row">
                <button class="button" type="button" onclick={page}>{ "Save the file to read" }</button>
                <button class="button button--quiet" type="button" onclick={json}>
                    { "Save the file for programs" }
                </button>
            </div>
            <ul class="prose">
                { for gathered.services.iter().map(|service| {
                    let rows: usize = service.parts.iter().map(|part| part.rows.len()).sum();
                    let words = format!("{}: {rows} entries", service_name(&service.service));
                    html! { <li key={service.service.clone()}>{ words }</li> }
                }) }
                <li key="messages">{ format!("Sealed messages of {} bookings", gathered.messages.len()) }</li>
            </ul>
            { missing(gathered) }
        </section>
    }
}

fn missing(gathered: &Gathered) -> Html {
    if gathered.missing.is_empty() {
        return Html::default();
    }
    html! {
        <Notice kind={NoticeKind::Soon} title="Something is missing">
            <ul>
                { for gathered.missing.iter().map(|(what, why)| {
                    html! { <li key={what.clone()}>{ format!("{what}: {why}") }</li> }
                }) }
            </ul>
            <p>{ "The rest is in the files, and they say what is missing. Gather again to try it once more." }</p>
        </Notice>
    }
}
