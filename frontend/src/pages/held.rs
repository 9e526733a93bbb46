//! A held time on its way to being booked: who comes, then one look over everything. Nothing typed is lost by
//! going back, by a reload, by a failed request or by the hold running out.

use std::rc::Rc;

use shared_types::bookings::Hold;
use yew::prelude::*;
use yew_router::hooks::use_location;

use super::hold::private_head;
use crate::{
    browser,
    components::{
        booking_summary::BookingSummary, cohort_choice::CohortChoice, countdown::HoldBar,
        hold_notice::TimeGone, hold_refused::HoldRefused, icon::Icon, intake_section::IntakeSection,
        party_check::PartyCheck, party_form::PartyFormView, provider_card::capitalised,
    },
    forms::{
        book_query::BookQuery,
        intake::{IntakeAction, parts_words},
        party::{CONSENT, PartyAction, PartyForm},
        visit::localities,
    },
    hooks::{
        use_confirm, use_focus_on_change, use_head, use_held, use_intake, use_intake::Writer, use_kept_form,
        use_places,
    },
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HeldProps {
    pub hold: Rc<Hold>,
    /// The hold has another price now.
    pub on_priced: Callback<()>,
}

/// Step 3, or step 4 when the address says so and the details are in order.
#[component]
pub fn Held(props: &HeldProps) -> Html {
    let hold = &props.hold;
    let (role, zone) = (&hold.role, hold.role.time_zone);
    let wants_check = use_location().is_some_and(|location| location.query_str().contains("step=check"));
    let form = use_kept_form();
    let held = use_held(Rc::clone(hold));
    let intake = use_intake(hold);
    let is_member = matches!(intake.writer, Writer::Member(_));
    let confirm = use_confirm(Rc::clone(hold), form.clone(), intake.clone(), held.clone());
    // What the service found wrong with a field is put right where the field is.
    let fields_agree = form.errors.iter().all(|error| error.pointer == CONSENT);
    let fields_agree = fields_agree && intake.check().is_empty();
    let asks_where = hold.appointment_type.home_visit;
    // Nothing is asked for while the box is not there.
    let places = use_places(if asks_where { form.visit.place.clone() } else { String::new() });
    let details = form.read(zone.date(hold.as_of), asks_where).ok().filter(|_| wants_check && fields_agree);
    let details = details.map(|(details, _)| details);
    let at_check = details.is_some();
    let title = if at_check { "Check and confirm" } else { "About you" };
    let note_errors = intake.form.judged();
    let all_agree = form.errors.is_empty() && note_errors.is_empty();
    let wrong = if all_agree { "" } else { "Error: " };
    use_head(private_head(&format!("{wrong}{title}")));
    use_effect_with((), {
        // An address that asks for the check before there is anything to check: otherwise the page would turn
        // over by itself at the last letter typed. What was answered is forgotten by a reload.
        let early = wants_check && (!at_check || intake.form.lacks_answers());
        let hold_id = hold.hold_id;
        move |()| {
            if early {
                browser::replace(&format!("/book/hold/{hold_id}"));
            }
        }
    });
    use_focus_on_change(at_check, "step-title", !all_agree);

    let on_next = {
        let (form, held, hold_id, today) = (form.clone(), held.clone(), hold.hold_id, zone.date(hold.as_of));
        let intake = intake.clone();
        Callback::from(move |()| {
            let errors = form.read(today, asks_where).err().unwrap_or_default();
            let note_errors = intake.check();
            let in_order = errors.is_empty() && note_errors.is_empty();
            intake.on_action.emit(IntakeAction::Judge(note_errors));
            form.dispatch(PartyAction::Judge(errors));
            if held.gone.is_some() {
                // There is nothing to confirm until another time is held.
                browser::focus_first(".booking .notice--soon");
            } else if in_order {
                // In the address, so that the browser's "back" leads to the form and not away from it.
                browser::navigate(&format!("/book/hold/{hold_id}?step=check"));
            }
        })
    };
    let type_id = Some(hold.appointment_type.appointment_type_id);
    let times =
        BookQuery { type_id, from: Some(zone.date(hold.start)), start: None }.path(role.practitioner_role_id);
    let when = shared_types::time::when_words(hold.start, hold.as_of, zone);
    let (back, back_words) = match at_check {
        true => (format!("/book/hold/{}", hold.hold_id), "Back to about you"),
        false => (times.clone(), "Choose another time"),
    };
    html! {
        <main id="main" tabindex="-1" class="booking"><div class="wrap booking__grid">
            <div class="booking__main">
                <a class="back-link" href={back}><Icon name="chevron-left" />{ back_words }</a>
                <div class="booking__hold">
                    if held.gone.is_none() {
                        <HoldBar words={format!("{} is held for you.", capitalised(&when))}
                            expires_at={hold.expires_at}
                            as_of={hold.as_of} on_over={held.on_over.clone()} />
                    }
                </div>
                <div class="optional">
                    if held.another.problem.is_some() {
                        <HoldRefused role={role.clone()} hold={held.another.clone()} />
                    } else if let Some(gone) = &held.gone {
                        <TimeGone title={gone.title.clone()} detail={gone.detail.clone()}
                            alternatives={gone.alternatives.clone()} context={held.context()}
                            all={AttrValue::from(times.clone())} />
                    }
                </div>
                <h1 id="step-title" tabindex="-1">
                    <span class="step-count">{ if at_check { "4 of 4" } else { "3 of 4" } }</span>{ " " }{ title }
                </h1>
                if let Some(details) = details {
                    // What a guest ticked before they signed in is not sent.
                    <PartyCheck key="check" hold={Rc::clone(hold)} {details} {times}
                        form={PartyForm { text_me: form.text_me && !is_member, ..(*form).clone() }}
                        sealed={parts_words(&intake.form)} {confirm} />
                } else {
                    <CohortChoice key="cohort" hold={Rc::clone(hold)} on_priced={props.on_priced.clone()} />
                    <PartyFormView key="form" form={(*form).clone()} practice={practice(hold)}
                        on_action={form.dispatcher()} {on_next} {is_member} asks_why={intake.is_open()}
                        places={asks_where.then(|| localities(places))} more_errors={note_errors}>
                        <IntakeSection intake={intake.clone()} practice={practice(hold)} />
                    </PartyFormView>
                }
            </div>
            <BookingSummary role={role.clone()} appointment_type={hold.appointment_type.clone()}
                when={(hold.start, hold.as_of)} quote={hold.quote.clone()} policy={hold.policy} />
        </div></main>
    }
}

/// Who keeps the booking's record.
fn practice(hold: &Hold) -> String {
    hold.role.organization_name.clone().unwrap_or_else(|| hold.role.name.clone())
}
