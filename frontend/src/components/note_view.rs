//! One note: who wrote it, when, and what it says; or why it is not shown.

use std::rc::Rc;

use shared_types::{
    AccountId,
    users::NoteAuthor,
    vault::{IntakeAnswer, NoteContent, VaultRefusal},
};
use yew::prelude::*;

use super::{icon::Icon, moment::Moment};
use crate::{
    browser,
    forms::files::{decoded_len, size_words},
    hooks::use_thread::OpenThread,
};

#[derive(Clone, PartialEq, Properties)]
pub struct NoteViewProps {
    /// Everything that was said.
    pub thread: Rc<OpenThread>,
    /// Which of it.
    pub at: usize,
    /// Who reads.
    pub me: AccountId,
}

/// The note, as an item of a list.
#[component]
pub fn NoteView(props: &NoteViewProps) -> Html {
    let NoteViewProps { thread, at, me } = props;
    let (Some(note), Some(opened)) = (thread.notes.items.get(*at), thread.opened.get(*at)) else {
        return Html::default();
    };
    let own = opened.own.then_some("note--own");
    let said = match &opened.content {
        Ok(said) => content(said, thread, *at),
        Err(why) => html! {
            <p class="note__refused"><Icon name="warning" /><span>{ refusal_words(*why) }</span></p>
        },
    };
    html! {
        <li class={classes!("note", own)}>
            <p class="note__head small">
                <strong>{ author_words(note.author, *me) }</strong>{ ", " }<Moment at={note.created_at} />
            </p>
            { said }
        </li>
    }
}

/// Who wrote it, in words for the one who reads.
fn author_words(author: NoteAuthor, me: AccountId) -> &'static str {
    match author {
        NoteAuthor::Guest => "The patient, without an account",
        NoteAuthor::Patient { account_id } | NoteAuthor::Practice { account_id } if account_id == me => "You",
        NoteAuthor::Patient { .. } => "The patient’s side",
        NoteAuthor::Practice { .. } => "The practice",
    }
}

fn content(said: &NoteContent, thread: &Rc<OpenThread>, at: usize) -> Html {
    match said {
        NoteContent::Reason { text } => titled("Reason for coming", text.expose()),
        NoteContent::Feedback { text } => titled("Feedback after the visit", text.expose()),
        NoteContent::Message { text } => html! { <p class="note__text">{ text.expose() }</p> },
        NoteContent::IntakeAnswers { answers } if answers.is_empty() => titled(ANSWERS, ""),
        NoteContent::IntakeAnswers { answers } => html! {
            <>
                <p class="note__title">{ ANSWERS }</p>
                <dl class="pairs">{ for answers.iter().enumerate().map(answer) }</dl>
            </>
        },
        NoteContent::Attachment { .. } => html! { <FileView thread={Rc::clone(thread)} {at} /> },
    }
}

/// What the answers to a practice's questions are called.
const ANSWERS: &str = "Answers to the practice’s questions";

fn titled(title: &'static str, text: &str) -> Html {
    let text = if text.is_empty() { "Taken back." } else { text };
    html! { <><p class="note__title">{ title }</p><p class="note__text">{ text.to_owned() }</p></> }
}

/// With the question in the words it was asked in, whatever the practice asks by now.
fn answer((place, one): (usize, &IntakeAnswer)) -> Html {
    let said = match one.answer.expose().as_str() {
        "" => html! { <dd class="muted">{ "Not answered" }</dd> },
        said => html! { <dd class="note__text">{ said.to_owned() }</dd> },
    };
    html! { <key={place}><dt>{ one.question.expose() }</dt>{ said }</> }
}

#[derive(Clone, PartialEq, Properties)]
struct FileViewProps {
    thread: Rc<OpenThread>,
    at: usize,
}

impl FileViewProps {
    /// Its name and its bytes, in base64url.
    fn file(&self) -> Option<(&str, &str)> {
        let opened = self.thread.opened.get(self.at)?;
        if let Ok(NoteContent::Attachment { file_name, bytes, .. }) = &opened.content {
            Some((file_name.expose().as_str(), bytes.expose().as_str()))
        } else {
            None
        }
    }
}

/// A file to save. It is not opened here: what a file does when it is opened is for its reader's own programs.
#[component]
fn FileView(props: &FileViewProps) -> Html {
    let failed = use_state_eq(|| false);
    let save = {
        let (file, failed) = (props.clone(), failed.setter());
        move |_: MouseEvent| {
            let saved = file.file().and_then(|(name, bytes)| browser::save_bytes(name, bytes));
            failed.set(saved.is_none());
        }
    };
    let (name, bytes) = props.file().unwrap_or_default();
    html! {
        <div class="note__file">
            <p class="file-list__name">{ name.to_owned() }</p>
            <p class="muted small num">{ size_words(decoded_len(bytes)) }</p>
            <button class="button button--quiet" type="button" onclick={save}>
                <Icon name="download" />{ "Save" }<span class="visually-hidden">{ format!(" {name}") }</span>
            </button>
            <p class="field__error" role="status">
                if *failed {
                    { "Your browser could not save it." }
                }
            </p>
        </div>
    }
}

/// Why a note is not shown, and what that means.
fn refusal_words(why: VaultRefusal) -> &'static str {
    match why {
        VaultRefusal::Signature | VaultRefusal::RecipientAdded => {
            "This message was changed on its way and is not shown. Tell the other side another way, and tell us."
        }
        VaultRefusal::OtherSender | VaultRefusal::ForeignKeys => {
            "This message is not from whom it says, so it is not shown. Tell us, please."
        }
        VaultRefusal::KeySwapped
        | VaultRefusal::TwoKeys
        | VaultRefusal::NotInLog
        | VaultRefusal::SplitView => {
            "This message was sealed to keys that nobody vouches for, so it is not shown. Tell us, please."
        }
        VaultRefusal::Misplaced => {
            "This message belongs to another booking, so it is not shown. Tell us, please."
        }
        VaultRefusal::OldVersion => {
            "You have seen a newer version of this message before. The older one is not shown. Tell us, please."
        }
        VaultRefusal::OldEpoch => {
            "This message was sealed with a key that was over by then, so it is not shown. Tell us, please."
        }
        VaultRefusal::NoGrant => {
            "You have not been given the key to this message yet. An owner of the practice can give it to you."
        }
        VaultRefusal::RecipientDropped => {
            "This message was not sealed for you, so it cannot be shown here. Ask the other side to send it again."
        }
        VaultRefusal::UnknownFormat => "This message is of a newer kind. Reload the page to read it.",
        VaultRefusal::WrongKey | VaultRefusal::Damaged => {
            "This message does not open with your keys. If you have made new ones since, ask for it to be sent again."
        }
        VaultRefusal::Locked | VaultRefusal::Gone => "Your keys are closed. Open them to read this.",
        VaultRefusal::Password
        | VaultRefusal::AuditFork
        | VaultRefusal::Derivation
        | VaultRefusal::TooLarge
        | VaultRefusal::FileName
        | VaultRefusal::NotAnOwner
        | VaultRefusal::Shares => "This message cannot be shown.",
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{AccountId, users::NoteAuthor, vault::VaultRefusal};

    use super::{author_words, refusal_words};

    fn account(nth: u128) -> AccountId {
        format!("00000000-0000-7000-8000-{nth:012}").parse().unwrap()
    }

    #[test]
    fn what_was_changed_on_its_way_is_said_to_be() {
        assert!(refusal_words(VaultRefusal::Signature).contains("changed on its way and is not shown"));
        assert!(refusal_words(VaultRefusal::NoGrant).contains("owner"));
    }

    #[test]
    fn ones_own_words_are_ones_own_on_either_side() {
        for author in
            [NoteAuthor::Patient { account_id: account(1) }, NoteAuthor::Practice { account_id: account(1) }]
        {
            assert_eq!(author_words(author, account(1)), "You");
            assert_ne!(author_words(author, account(2)), "You");
        }
        assert!(author_words(NoteAuthor::Guest, account(1)).contains("patient"));
    }
}
