//! `/practice/{organization_id}/messages/previews`: what our messages say, about an appointment that is made up. The words are shown as
//! text; the e-mail's HTML is saved as a file, since no page of ours makes markup of a text (its content policy refuses that).

use std::rc::Rc;

use shared_types::{OrganizationId, notifications::MessagePreview, page::Page};
use yew::prelude::*;

use super::{Desk, DeskProps, ForStaff, READERS, desk_path};
use crate::{
    api::notifications,
    browser,
    components::{failed::Failed, message_words::message_words, select_field::SelectField},
    hooks::{use_head, use_private_api, use_version},
    pages::{account::loading, hold::private_head},
};

const TITLE: &str = "What our messages say";
const REST: &str = "/messages/previews";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PreviewsPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn PreviewsPage(props: &PreviewsPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Previews {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={READERS} {render} />
    }
}

#[component]
fn Previews(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let path = notifications::list_practice_previews(organization_id);
    let previews = match use_private_api::<Page<MessagePreview>>(path, version) {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> }
        }
        Some(Ok(page)) => html! { <PreviewChoice items={Rc::new(page.items.clone())} /> },
    };
    html! {
        <div class="stack">
            <p><a class="back-link" href={desk_path(organization_id, "/messages")}>{ "Messages that did not arrive" }</a></p>
            <p>
                { "These are the words that patients and staff get, about people and an appointment that are made up. Where an \
                   appointment type is discreet, or a patient wants no names, the discreet ones go out. Their links lead nowhere." }
            </p>
            <div class="optional">{ previews }</div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct PreviewChoiceProps {
    pub items: Rc<Vec<MessagePreview>>,
}

/// One of them, and the way to the others.
#[component]
pub fn PreviewChoice(props: &PreviewChoiceProps) -> Html {
    let items = &props.items;
    let chosen = use_state_eq(|| 0_usize);
    let Some(shown) = items.get(*chosen).or_else(|| items.first()) else {
        return html! { <p>{ "There are no messages to show." }</p> };
    };
    let onchange = {
        let chosen = chosen.setter();
        Callback::from(move |place: String| {
            if let Ok(place) = place.parse() {
                chosen.set(place);
            }
        })
    };
    let options: Vec<_> = items
        .iter()
        .enumerate()
        .map(|(place, one)| (AttrValue::from(place.to_string()), AttrValue::from(name_of(one))))
        .collect();
    html! {
        <div class="stack">
            <SelectField id="message" label="Which message" {options} value={chosen.to_string()} {onchange} />
            <PreviewView preview={Rc::new(shown.clone())} />
        </div>
    }
}

/// `Confirmation: Appointment confirmed: Tuesday 24 November, 9:15 am, discreet`.
fn name_of(one: &MessagePreview) -> String {
    let kind = message_words(&one.template);
    let discreet = if one.discreet { ", discreet" } else { "" };
    format!("{kind}: {}{discreet}", one.subject)
}

#[derive(Clone, PartialEq, Properties)]
struct PreviewViewProps {
    preview: Rc<MessagePreview>,
}

/// The e-mail, and the text message where there is one.
#[component]
fn PreviewView(props: &PreviewViewProps) -> Html {
    let preview = &props.preview;
    let onclick = {
        let preview = Rc::clone(preview);
        move |_: MouseEvent| {
            let name = format!("{}.html", preview.template);
            let _ = browser::save_file(&name, "text/html", &preview.body_html);
        }
    };
    let parts = match preview.sms_parts {
        1 => "Sent and paid as one part.".to_owned(),
        parts => format!("Sent and paid as {parts} parts."),
    };
    html! {
        <>
            <section class="card stack" aria-labelledby="mail-title">
                <h2 id="mail-title">{ "The e-mail" }</h2>
                <p><strong>{ "Subject: " }</strong><span lang={preview.locale.clone()}>{ &preview.subject }</span></p>
                <p class="note__text" lang={preview.locale.clone()}>{ &preview.body_text }</p>
                <div class="button-row">
                    <button type="button" class="button button--quiet" {onclick}>{ "Save it as HTML" }</button>
                </div>
                <p class="small muted">{ "Most mail programs show the HTML, which says the same." }</p>
            </section>
            <section class="card stack" aria-labelledby="text-title">
                <h2 id="text-title">{ "The text message" }</h2>
                if preview.sms.is_empty() {
                    <p>{ "There is none: this goes by e-mail alone." }</p>
                } else {
                    if preview.sms_in_place_of_mail {
                        <p>
                            { "This goes if the e-mail cannot be delivered, or there is no address for one, to patients who want \
                               text messages." }
                        </p>
                    }
                    <p class="note__text" lang={preview.locale.clone()}>{ &preview.sms }</p>
                    <p class="small muted">{ parts }</p>
                }
            </section>
        </>
    }
}
