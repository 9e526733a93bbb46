//! A request to enter an appointment in error, as all who may see it read it; what agreeing means; and the answer.

use shared_types::{
    Zone,
    bookings::{
        STATEMENT_LENGTH,
        mistake::{IfMistake, MistakeDecider, MistakeRequest, MistakeStatus, MoneyMoved},
    },
    personal::Personal,
};
use yew::prelude::*;

use super::{about::about_words, text_area::TextArea, times_rest::long_when};
use crate::{
    calendar::words::reason_words,
    hooks::{Act, use_brought_into_view},
    pages::account::Refused,
};

/// What it means for the money and the claim, sentence by sentence.
pub fn meaning(of: IfMistake) -> Vec<String> {
    let money = match of.money {
        MoneyMoved::Nothing => "No money has moved through us.".to_owned(),
        MoneyMoved::Held => {
            "What is held on the patient’s card is let go, and what was taken from it goes back to them.".to_owned()
        }
        MoneyMoved::Taken { cents } => {
            format!("{cents} goes back to the patient: all that is left of what was paid, fees included.")
        }
        MoneyMoved::Returned => {
            "What was paid is with the patient again already: nothing more goes back.".to_owned()
        }
        MoneyMoved::AtBank => {
            "The patient’s bank wants the money back and decides first. What it leaves with the practice then goes back."
                .to_owned()
        }
        MoneyMoved::Lost => {
            "The patient’s bank gave them money back. What was taken besides that goes back, too.".to_owned()
        }
    };
    let claim = "Medicare has a claim for this visit, and keeps it: nothing here takes it back. Tell Medicare that the claim is \
                 wrong, and pay back what it pays.";
    let mut words = vec![money];
    words.extend(of.claim_lodged.then(|| claim.to_owned()));
    words
}

/// The same as a list.
pub fn meaning_list(of: IfMistake) -> Html {
    html! {
        <ul>{ for meaning(of).into_iter().map(|words| html! { <li key={words.clone()}>{ words }</li> }) }</ul>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MistakeViewProps {
    pub request: MistakeRequest,
    /// The place's zone.
    pub zone: Zone,
    /// The reader asked.
    pub mine: bool,
    pub moved_on: bool,
}

/// Where it stands, why it was asked, and what was answered.
#[component]
pub fn MistakeView(props: &MistakeViewProps) -> Html {
    let MistakeViewProps { request, zone, mine, moved_on } = props;
    let asked = format!(
        "{} asked on {}: {}.",
        if *mine { "You" } else { "A colleague" },
        long_when(request.asked_at, *zone),
        reason_words(request.reason).to_lowercase(),
    );
    html! {
        <div class="stack">
            <p><strong>{ standing_words(request, *zone) }</strong></p>
            <p>{ asked }</p>
            if !request.note.expose().is_empty() {
                <p class="prose">{ request.note.expose() }</p>
            }
            if let Some(answer) = &request.answer {
                <p>{ "Why not:" }</p>
                <p class="prose">{ answer.expose() }</p>
            }
            if *moved_on {
                <p>
                    { "The appointment has changed since, so nobody can agree to this any more. " }
                    { "It can be asked anew in the calendar." }
                </p>
            }
        </div>
    }
}

fn standing_words(request: &MistakeRequest, zone: Zone) -> String {
    let on = request.ended_at.map(|at| format!(" on {}", long_when(at, zone))).unwrap_or_default();
    let who = match request.decided_as {
        Some(MistakeDecider::Practice) | None => "A colleague",
        Some(MistakeDecider::Platform) => "An administrator of HelloMapper",
    };
    match request.status {
        MistakeStatus::Asked if request.nobody_else => {
            "Waits for an administrator of HelloMapper or a colleague.".to_owned()
        }
        MistakeStatus::Asked => "Waits for another owner or manager.".to_owned(),
        MistakeStatus::Approved => format!("{who} agreed{on}: it is entered in error."),
        MistakeStatus::Declined => format!("{who} did not agree{on}: it stands as it stood."),
        MistakeStatus::Withdrawn => format!("Taken back{on}."),
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct MistakeAnswerProps {
    /// What tells the fields of one request from those of another.
    pub id: AttrValue,
    /// The request in a few words, which tell its buttons from those of another.
    pub about: AttrValue,
    /// Whether it can still be agreed to.
    pub may_approve: bool,
    pub act: Act,
    /// Agrees, or says why not.
    pub on_answer: Callback<Option<Personal<String>>>,
    /// Whether it is asked already if somebody is sure to agree.
    #[prop_or_default]
    pub asked: bool,
}

/// The two answers, and why not. Agreeing is pressed twice, since it cannot be undone.
#[component]
pub fn MistakeAnswer(props: &MistakeAnswerProps) -> Html {
    let MistakeAnswerProps { id, about, may_approve, act, on_answer, asked } = props;
    let (why, open) = (use_state_eq(String::new), use_state_eq(|| *asked));
    let form = use_brought_into_view(*open);
    let oninput = {
        let set = why.setter();
        Callback::from(move |text| set.set(text))
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let approve = on_answer.reform(|_: MouseEvent| None);
    let onsubmit = {
        let (why, on_answer) = (why.clone(), on_answer.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            on_answer.emit(Some((*why).clone().into()));
        }
    };
    html! {
        <div class="stack">
            <div class="optional stack">
                if *may_approve {
                    <p>
                        <button type="button" class="button button--quiet" onclick={toggle.clone()}
                            aria-expanded={(*open).to_string()}>
                            { "Agree: enter it in error" }{ about_words(about) }
                        </button>
                    </p>
                    if *open {
                        <div ref={form} class="act__form">
                            <p>
                                { "It never was a real appointment then, and what is said above happens at once. " }
                                <strong>{ "This cannot be undone." }</strong>
                            </p>
                            <div class="button-row">
                                <button type="button" class="button button--danger" onclick={approve}
                                    aria-busy={act.busy.to_string()}>
                                    { "Enter it in error" }{ about_words(about) }
                                </button>
                                <button type="button" class="button button--plain" onclick={toggle}>{ "Leave it" }</button>
                            </div>
                        </div>
                    }
                }
            </div>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <TextArea id={format!("why-{id}")} label="Why not" value={(*why).clone()} max={STATEMENT_LENGTH} {oninput}
                    hint="Who asked reads it. Write nothing about health." error={act.error("/why")} />
                <div class="button-row">
                    <button type="submit" class="button button--quiet" aria-busy={act.busy.to_string()}>
                        { "Do not agree" }{ about_words(about) }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/why"][..]} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        bookings::mistake::{IfMistake, MoneyMoved},
    };

    use super::meaning;

    #[test]
    fn what_goes_back_and_that_medicare_keeps_its_claim_is_said() {
        let of = |money, claim_lodged| meaning(IfMistake { money, claim_lodged, asked_at: None });
        let taken = of(MoneyMoved::Taken { cents: AudCents(8_500) }, true);
        assert!(taken[0].starts_with("$85 goes back to the patient"), "{taken:?}");
        assert!(taken[1].contains("nothing here takes it back"), "{taken:?}");
        assert_eq!(of(MoneyMoved::Nothing, false), ["No money has moved through us."]);
        let lost = of(MoneyMoved::Lost, false);
        assert!(lost[0].contains("What was taken besides that goes back"), "{lost:?}");
    }
}
