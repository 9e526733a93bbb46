//! "Who looked at my record": the logs of every service by time, each entry with what the browser found out about it.

mod entry;
pub mod reasons;

use std::rc::Rc;

use shared_types::{users::Me, vault::VaultRefusal};
use yew::prelude::*;

use self::{entry::entry_item, reasons::StatedReasons};
use super::{OnlySignedIn, Own, OwnProps, back_to_account, loading};
use crate::{
    account::vault_problem,
    api::own_record::SERVICES,
    browser,
    components::{
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    hooks::{RecordHandle, use_head, use_record},
    pages::hold::private_head,
    record::{Record, file::ndjson, words::service_name},
};

/// The page.
#[component]
pub fn RecordPage() -> Html {
    use_head(private_head("Who looked at my record"));
    let render = Callback::from(|me: Rc<Me>| html! { <Log me={Own(me)} /> });
    html! { <OnlySignedIn title="Who looked at my record" path="/account/record" {render} /> }
}

#[component]
fn Log(props: &OwnProps) -> Html {
    let RecordHandle { record, known, on_more } = use_record(props.me.account_id);
    let chosen = use_state_eq(|| None::<&'static str>);
    let only = *chosen;
    let lines = record.lines(only);
    let list = if lines.is_empty() && !record.has_more(only) {
        html! { <p>{ "Nothing is written down here yet." }</p> }
    } else if lines.is_empty() && record.has_failed(only) {
        // Said above: that nothing could be fetched does not say that nothing is there.
        Html::default()
    } else if lines.is_empty() {
        loading()
    } else {
        html! {
            <ol class="log" role="list">
                { for lines.iter().map(|line| entry_item(line, &known)) }
            </ol>
        }
    };
    html! {
        <>
            <p>
                { "Each time somebody looks at or changes something of yours, we write down who, what, why and when. " }
                { "What was read or written is not in here." }
            </p>
            <Filter {only} on_choose={move |service| chosen.set(service)} />
            { doubts(&record) }
            { failures(&record) }
            { list }
            { more(&record, only, &on_more) }
            <StatedReasons grants={known.grants.clone()} patient_id={props.me.patient_id} />
            { explained(&record) }
            { back_to_account() }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FilterProps {
    only: Option<&'static str>,
    on_choose: Callback<Option<&'static str>>,
}

const ALL: &str = "all";

#[component]
fn Filter(props: &FilterProps) -> Html {
    let all = (AttrValue::Static(ALL), AttrValue::Static("Everything"));
    let each = SERVICES.map(|service| (AttrValue::Static(service), AttrValue::Static(service_name(service))));
    let options: Vec<_> = [all].into_iter().chain(each).collect();
    let onchange = props
        .on_choose
        .reform(|chosen: String| SERVICES.into_iter().find(|service| *service == chosen.as_str()));
    html! {
        <SelectField id="service" label="Show" {options} value={props.only.unwrap_or(ALL)} {onchange} />
    }
}

/// The vault does not believe a log, or could not look.
fn doubts(record: &Record) -> Html {
    let doubted = record.sources.iter().filter_map(|source| Some((source.service, source.doubt()?)));
    html! {
        <div class="optional">
            { for doubted.map(|(service, why)| {
                let (kind, what) = doubt_words(why);
                html! {
                    <Notice key={service} {kind} title={format!("{}: {what}", service_name(service))}>
                        <p>{ vault_problem(why).detail.unwrap_or_default() }</p>
                    </Notice>
                }
            }) }
        </div>
    }
}

/// How grave it is: a log that was written anew, or one that could not be looked at.
fn doubt_words(why: VaultRefusal) -> (NoticeKind, &'static str) {
    if why == VaultRefusal::AuditFork {
        (NoticeKind::Danger, "this log is not the one your browser knows")
    } else {
        (NoticeKind::Soon, "these entries are not checked")
    }
}

/// A service that did not answer is named, and the rest is shown.
fn failures(record: &Record) -> Html {
    let failed = record.sources.iter().filter_map(|source| Some((source.service, source.problem.clone()?)));
    html! {
        <div class="optional">
            { for failed.map(|(service, problem)| html! {
                <Notice key={service} kind={NoticeKind::Danger} alert=true
                    title={format!("{}: the log could not be fetched", service_name(service))}>
                    <p>{ problem.detail.unwrap_or(problem.title) }</p>
                    <p>{ "The entries of the others are shown. Press “Older entries” to try again." }</p>
                </Notice>
            }) }
        </div>
    }
}

fn more(
    record: &UseReducerHandle<Record>,
    only: Option<&'static str>,
    on_more: &Callback<Option<&'static str>>,
) -> Html {
    let busy = record.is_loading(only);
    let onclick = on_more.reform(move |_: MouseEvent| only);
    html! {
        <div class="button-row">
            if record.has_more(only) {
                <button class="button button--quiet" type="button" {onclick} aria-busy={busy.to_string()}>
                    { if busy { "Loading…" } else { "Older entries" } }
                </button>
            }
            <button class="button button--plain" type="button" onclick={save(record.clone())}>
                { "Save what is shown as a file" }
            </button>
        </div>
    }
}

fn save(record: UseReducerHandle<Record>) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        let _ = browser::save_file("hellomapper-record.ndjson", "application/x-ndjson", &ndjson(&record));
    })
}

/// What the mark beside an entry means, and what it does not.
fn explained(record: &Record) -> Html {
    let any = record.sources.iter().any(|source| !source.pages.is_empty());
    html! {
        <section class="stack account__part" aria-labelledby="check-title">
            <h2 id="check-title">{ "What the check means" }</h2>
            <p>
                { "Every entry has a place in a log that can only grow: each state of it is signed, and a later state " }
                { "contains every earlier one. Your browser did the sums for each entry above and remembers the state " }
                { "it has seen. So an entry cannot be changed or taken out later without your browser noticing." }
            </p>
            <p>
                { "It does not show that something was written down in the first place; that is up to how we build " }
                { "HelloMapper. Entries of the last minutes wait for the next signature." }
            </p>
            if any {
                <p class="small muted">
                    { "The file has a line for each entry, with the proof and the signed state that it leads to. " }
                    { "How to check one without us is written in the file docs/audit-format.md of the source code, " }
                    { "under “A person's own file”." }
                </p>
            }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use shared_types::vault::VaultRefusal;

    use super::{doubt_words, vault_problem};
    use crate::components::notice::NoticeKind;

    #[test]
    fn a_log_that_was_written_anew_is_graver_than_one_that_could_not_be_looked_at() {
        let (kind, words) = doubt_words(VaultRefusal::AuditFork);
        assert_eq!(kind, NoticeKind::Danger);
        assert!(words.contains("not the one your browser knows"));
        assert!(
            vault_problem(VaultRefusal::AuditFork).detail.unwrap().contains("Your browser keeps what it saw")
        );
        assert_eq!(doubt_words(VaultRefusal::Gone).0, NoticeKind::Soon);
    }
}
