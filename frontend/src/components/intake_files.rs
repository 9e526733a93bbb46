//! The files that go along with a reason: chosen, listed with their sizes, taken away again.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{field::FieldError, icon::Icon};
use crate::{
    browser,
    forms::{
        files::{MAX_FILES, decoded_len, size_words, too_large},
        intake::{AttachedFile, FILES, IntakeAction, IntakeForm},
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct IntakeFilesProps {
    pub form: Rc<IntakeForm>,
    pub on_action: Callback<IntakeAction>,
}

/// The list and the button.
#[component]
pub fn IntakeFiles(props: &IntakeFilesProps) -> Html {
    let IntakeFilesProps { form, on_action } = props;
    let error = form.error(FILES).map(|error| AttrValue::from(error.to_owned()));
    let onchange = {
        let on_action = on_action.clone();
        move |event: Event| take(&event.target_unchecked_into(), &on_action)
    };
    let count = match form.files.len() {
        0 => String::new(),
        1 => "1 file is added".to_owned(),
        count => format!("{count} files are added"),
    };
    html! {
        <div class="field" role="group" aria-labelledby="files-label" aria-describedby="files-hint">
            <p class="field__label" id="files-label">
                { "Files" }<span class="field__optional">{ " (optional)" }</span>
            </p>
            <p class="field__hint" id="files-hint">
                { format!("Such as a referral or a photo. Up to {MAX_FILES}, each at most 7 MB. Their names are ") }
                { "sealed as well." }
            </p>
            <ul class="file-list" role="list">{ for form.files.iter().map(|file| item(file, on_action)) }</ul>
            <p class="visually-hidden" role="status">{ count }</p>
            <label class="button button--quiet file-button">
                <Icon name="download" class="file-button__icon" />{ "Add files" }
                <input type="file" id="files" multiple=true {onchange} aria-describedby="files-hint files-error" />
            </label>
            <FieldError id="files-error" {error} />
        </div>
    }
}

fn item(file: &AttachedFile, on_action: &Callback<IntakeAction>) -> Html {
    let id = file.id;
    let remove = on_action.reform(move |_: MouseEvent| {
        // The button goes with its file; the next thing to do is add another.
        browser::focus("files");
        IntakeAction::Remove(id)
    });
    html! {
        <li key={id} class="file-list__item">
            <span class="file-list__name">{ &file.name }</span>
            <span class="muted small num">{ size_words(decoded_len(&file.bytes)) }</span>
            if file.sent {
                <span class="badge badge--success"><Icon name="check" />{ "Sent" }</span>
            } else {
                <button class="button button--plain" type="button" onclick={remove}>
                    { "Remove" }<span class="visually-hidden">{ format!(" {}", file.name) }</span>
                </button>
            }
        </li>
    }
}

/// Reads what was chosen, one file after the other as they come.
fn take(input: &HtmlInputElement, on_action: &Callback<IntakeAction>) {
    for file in browser::take_files(input) {
        let (name, media_type) = (file.name(), file.media_type());
        if let Some(why) = too_large(&name, file.size()) {
            on_action.emit(IntakeAction::Refuse(why));
            continue;
        }
        let on_action = on_action.clone();
        file.read(move |bytes| {
            on_action.emit(match bytes {
                Some(bytes) => IntakeAction::Attach { name, media_type, bytes },
                None => IntakeAction::Refuse(format!("“{name}” could not be read. Choose it again")),
            });
        });
    }
}
