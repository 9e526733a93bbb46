//! A bulk-bill agreement on the screen: the exact text that is hashed, whose card it is for, and yes or no. Nothing is ticked beforehand,
//! and both answers are buttons of the same size.

use std::rc::Rc;

use shared_types::{
    AssignmentId, Problem,
    payments::assignment::{
        AnswerAssignment, Assignment, AssignmentKind, AssignmentStatus, AssignorRelation, OpenAssignment,
    },
};
use yew::prelude::*;

use crate::{
    api::{ApiClient, OwnBooking, claims, use_api_client},
    browser,
    components::{
        birth_fields::BirthFields,
        field::Field,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
        problem_view::ProblemView,
        select_field::SelectField,
    },
    forms::assign::{self, AssignAction, RELATIONS, RELATIONS_AT_DESK},
    hooks::use_keyed,
};

/// Who types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Typist {
    /// Who has the letter, and gave family name and day of birth as a proof.
    Proved,
    /// Who holds the booking, or is signed in.
    Holder,
    /// Staff, of what somebody else said or signed.
    Staff,
}

#[derive(Clone, PartialEq, Properties)]
pub struct AssignFormProps {
    /// As the link or the booking gave it.
    pub assignment: Rc<Assignment>,
    /// What was typed for the letter's proof; the card's name and day of birth are the same.
    pub form: UseReducerHandle<assign::AssignForm>,
    /// As who holds it shows it, on a page of its own: no proof was asked for, so the card's name and day of birth are.
    #[prop_or_default]
    pub booking: Option<OwnBooking>,
    /// As the session of who is signed in shows it, on a page of theirs: neither a letter nor a booking does.
    #[prop_or_default]
    pub signed_in: bool,
    /// It was answered.
    #[prop_or_default]
    pub on_answered: Callback<Assignment>,
}

/// The text, the card, the two buttons; after the answer, what it means.
#[component]
pub fn AssignForm(props: &AssignFormProps) -> Html {
    let client = use_api_client();
    let (form, keyed) = (props.form.clone(), use_keyed());
    let act = &keyed.act;
    let answered = use_state(|| None::<Rc<Assignment>>);
    let shown = answered.as_ref().map_or_else(|| Rc::clone(&props.assignment), Rc::clone);
    use_effect_with(shown.version, |_| browser::focus("assign-title"));
    let is_own = props.booking.is_some() || props.signed_in;
    let press = |agrees: bool| {
        let (form, keyed, answered) = (form.clone(), keyed.clone(), answered.setter());
        let on_answered = props.on_answered.clone();
        let (client, assignment) = (client.clone(), Rc::clone(&props.assignment));
        let booking = props.booking.clone();
        Callback::from(move |_: MouseEvent| {
            let token = if is_own { None } else { Some(browser::fragment().unwrap_or_default()) };
            let proof = token.clone().and_then(|token| form.proof(token).ok());
            let answer = match form.answer(&assignment, agrees, token) {
                Ok(answer) => answer,
                Err(errors) => return form.dispatch(AssignAction::Judge(errors)),
            };
            form.dispatch(AssignAction::Judge(Vec::new()));
            let (client, answered, on_answered) = (client.clone(), answered.clone(), on_answered.clone());
            let (id, booking) = (assignment.assignment_id, booking.clone());
            let send = move |answer: AnswerAssignment, key: String| {
                let (client, booking, proof) = (client.clone(), booking.clone(), proof.clone());
                async move { send_answer(&client, id, &answer, (booking.as_ref(), proof.as_ref()), key).await }
            };
            keyed.run(answer, send, move |assignment: Assignment| {
                on_answered.emit(assignment.clone());
                answered.set(Some(Rc::new(assignment)));
            });
        })
    };
    let text = shown.document.to_text();
    let is_open = match shown.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed => true,
        AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Assigned
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void
        | AssignmentStatus::ReliedOn => false,
    };
    // Within a booking's page, or an account's, it is a part, and has no page's heading.
    let typist = if is_own { Typist::Holder } else { Typist::Proved };
    let (heading, part) = if is_own { ("h2", "h3") } else { ("h1", "h2") };
    html! {
        <div class="stack">
            <@{heading} id="assign-title" tabindex="-1">{ "Your bulk-bill agreement" }</@>
            <div role="status">{ told(&shown) }</div>
            <div class="optional">
                if let Some(problem) = act.problem.clone() { <ProblemView {problem} /> }
            </div>
            <section class="stack" aria-labelledby="assign-text">
                <@{part} id="assign-text">{ "What you are asked to agree to" }</@>
                { for text.lines().enumerate().map(|(place, line)| html! { <p key={place}>{ line.to_owned() }</p> }) }
                <p class="small muted">{ format!("Fingerprint of this text: {}", shown.document_sha256) }</p>
            </section>
            if is_open {
                <ErrorSummary errors={form.errors.clone()} judged={form.judged} />
                { card(&form, typist) }
                <div class="button-row booking__next">
                    <button class="button" type="button" onclick={press(true)} aria-busy={act.busy.to_string()}>
                        { "I agree" }
                    </button>
                    <button class="button button--quiet" type="button" onclick={press(false)}
                        aria-busy={act.busy.to_string()}>
                        { "I do not agree" }
                    </button>
                </div>
            }
        </div>
    }
}

/// Sends the answer. Whoever took longer to decide than their proof lasts is not asked for it again: it is here still.
async fn send_answer(
    client: &ApiClient,
    id: AssignmentId,
    answer: &AnswerAssignment,
    (booking, proof): (Option<&OwnBooking>, Option<&OpenAssignment>),
    key: String,
) -> Result<Assignment, Problem> {
    let first = claims::answer_assignment(client, id, answer, (booking, key.clone())).await;
    match (first, proof) {
        (Err(problem), Some(proof)) if problem.is("identity") => {
            claims::open_assignment(client, proof, browser::random_uuid()).await?;
            claims::answer_assignment(client, id, answer, (booking, key)).await
        }
        (first, _) => first,
    }
}

/// Who agrees, and for whose card. Who proved themselves has given name and day of birth already.
pub fn card(form: &UseReducerHandle<assign::AssignForm>, typist: Typist) -> Html {
    let asks_name = typist != Typist::Proved;
    let (relations, who, name, about_card) = match typist {
        Typist::Proved | Typist::Holder => (RELATIONS, "Who agrees", "Your own full name", ""),
        Typist::Staff => (
            RELATIONS_AT_DESK,
            "Who agreed",
            "Their full name",
            "Leave these and the date of birth empty where the card is known already.",
        ),
    };
    let to = Callback::from({
        let form = form.dispatcher();
        move |action: AssignAction| form.dispatch(action)
    });
    let error = |pointer: &str| {
        let error = form.errors.iter().find(|error| error.pointer == pointer);
        error.map(|error| AttrValue::from(error.detail.clone()))
    };
    let options: Vec<(AttrValue, AttrValue)> =
        relations.iter().map(|(relation, words)| (relation.code().into(), (*words).into())).collect();
    let on_relation = to.reform(|code: String| {
        AssignAction::Relation(AssignorRelation::from_code(&code).unwrap_or(AssignorRelation::Patient))
    });
    html! {
        <div class="optional">
            <SelectField id="relation" label={who} {options} value={form.relation.code()} onchange={on_relation} />
            if form.relation != AssignorRelation::Patient {
                <Field id="assignor_name" label={name} autocomplete="name" maxlength="120"
                    value={form.assignor.clone()} error={error("/assignor_name")}
                    oninput={to.reform(AssignAction::Assignor)} />
            }
            <div class="optional">
                if asks_name {
                    <BirthFields born={form.born.clone()} error={error("/dob-day")}
                        oninput={to.reform(|(part, text)| AssignAction::Born(part, text))} />
                }
            </div>
            <fieldset class="fieldset"><legend>{ "The patient’s Medicare card" }</legend>
                <p class="field__hint">{ about_card }</p>
                <div class="optional">
                    if asks_name {
                        <Field id="claimant/family_name" label="Family name, as on the card" autocomplete="off"
                            maxlength="40" value={form.family.clone()} error={error("/claimant/family_name")}
                            oninput={to.reform(AssignAction::Family)} />
                    }
                </div>
                <Field id="claimant/given_name" label="Given name, as on the card" autocomplete="off" maxlength="40"
                    value={form.given.clone()} error={error("/claimant/given_name")}
                    oninput={to.reform(AssignAction::Given)} />
                <div class="field-group">
                    <Field id="claimant/medicare_number" label="Number" width="input--m" inputmode="numeric"
                        maxlength="14" autocomplete="off" value={form.number.clone()}
                        error={error("/claimant/medicare_number")} oninput={to.reform(AssignAction::Number)} />
                    <Field id="claimant/medicare_irn" label="The digit left of the name" width="input--xs"
                        inputmode="numeric" maxlength="1" autocomplete="off" value={form.irn.clone()}
                        error={error("/claimant/medicare_irn")} oninput={to.reform(AssignAction::Irn)} />
                </div>
            </fieldset>
        </div>
    }
}

fn told(of: &Assignment) -> Html {
    let agreed = match of.kind {
        AssignmentKind::Pre | AssignmentKind::Post => "You agreed. You pay nothing for this visit",
        AssignmentKind::Enduring => "You agreed. You pay nothing for these visits",
    };
    let (kind, title, words) = match of.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed => return Html::default(),
        AssignmentStatus::Assigned | AssignmentStatus::ReliedOn => {
            (NoticeKind::Success, agreed, "We write to you that it is kept. The practice has a copy, too.")
        }
        AssignmentStatus::Declined => (
            NoticeKind::Soon,
            "You did not agree",
            "Nothing is claimed. Talk with the practice about how you want to pay.",
        ),
        AssignmentStatus::Expired
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => (
            NoticeKind::Soon,
            "This agreement is no longer open",
            "Use the newest letter about the visit, or talk with the practice.",
        ),
    };
    html! { <Notice {kind} {title}><p>{ words }</p></Notice> }
}
