//! Step 4's act: tells the practice what was written for it, then sends the details once, however often the button is
//! pressed, and goes to the confirmation.

use std::{cell::RefCell, rc::Rc};

use shared_types::{
    AccountId, Problem,
    bookings::{ConfirmHold, ConsentGiven, Hold, PartyDetails},
    problem::FieldError,
    users::ConsentText,
    vault::{NoteContent, SeenKeys},
};
use yew::{platform::spawn_local, prelude::*};

use super::{
    forget_kept_form, use_held::HeldTime, use_intake::Intake, use_note_draft, use_private_api, use_version,
};
use crate::{
    api::{ApiClient, bookings, use_api_client},
    browser,
    forms::{
        attempt::Attempt,
        intake::{IntakeAction, Part},
        outbox::Outbox,
        party::{CONSENT, PartyAction, PartyForm},
    },
    intake::{self, Post, Progress, Stopped},
};

/// The state of confirming.
#[derive(Clone, PartialEq)]
pub struct Confirming {
    /// The collection notice, when it is there.
    pub notice: Option<Result<Rc<ConsentText>, Problem>>,
    /// Whether its box is ticked; never beforehand.
    pub agreed: bool,
    /// What is under way, while the answer is out.
    pub progress: Option<Progress>,
    /// Why it did not work, when that concerns no field.
    pub problem: Option<Problem>,
    /// The practice's keys are not those that this browser knows. Nothing is sent until somebody has compared them.
    pub changed: Option<SeenKeys>,
    /// Ticks or unticks.
    pub on_agree: Callback<bool>,
    /// Confirms.
    pub on_confirm: Callback<PartyDetails>,
    /// Confirms after the changed keys were compared and found to be the practice's.
    pub on_same_keys: Callback<PartyDetails>,
    /// Confirms without what was written for the practice.
    pub on_leave_out: Callback<PartyDetails>,
    /// Asks for the notice again.
    pub on_reload: Callback<()>,
}

/// What is to be told before the time is booked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    /// What was written.
    All,
    /// The same, to keys that the person has compared.
    AllToSameKeys,
    /// Nothing.
    Nothing,
}

/// What the answer is told to.
#[derive(Clone)]
struct Tell {
    client: ApiClient,
    hold: Rc<Hold>,
    held: HeldTime,
    form: UseReducerDispatcher<PartyForm>,
    intake: Intake,
    agreed: UseStateSetter<bool>,
    progress: UseStateSetter<Option<Progress>>,
    problem: UseStateSetter<Option<Problem>>,
    changed: UseStateHandle<Option<SeenKeys>>,
    on_reload: Callback<()>,
    attempt: Rc<RefCell<Attempt>>,
    outbox: Rc<RefCell<Outbox>>,
    in_flight: Rc<RefCell<bool>>,
}

/// Confirming a hold with what is in the forms.
#[hook]
pub fn use_confirm(
    hold: Rc<Hold>,
    form: UseReducerHandle<PartyForm>,
    intake: Intake,
    held: HeldTime,
) -> Confirming {
    let (version, on_reload) = use_version();
    let notice = use_private_api::<ConsentText>(bookings::get_booking_consent(), version);
    let agreed = use_state_eq(|| false);
    let progress = use_state_eq(|| None::<Progress>);
    let problem = use_state(|| None::<Problem>);
    let changed = use_state(|| None::<SeenKeys>);
    let tell = Tell {
        client: use_api_client(),
        hold,
        held,
        form: form.dispatcher(),
        intake,
        agreed: agreed.setter(),
        progress: progress.setter(),
        problem: problem.setter(),
        changed: changed.clone(),
        on_reload: on_reload.clone(),
        attempt: use_mut_ref(Attempt::default),
        outbox: use_mut_ref(Outbox::default),
        in_flight: use_mut_ref(|| false),
    };
    let text = notice.clone().and_then(Result::ok).filter(|_| *agreed);
    let asks_where = tell.hold.appointment_type.home_visit;
    let visit = form.visit.read().ok().filter(|_| asks_where);
    let text_me = form.text_me;
    let confirm = move |telling: Telling| {
        let (tell, text, visit) = (tell.clone(), text.clone(), visit.clone());
        Callback::from(move |party: PartyDetails| match &text {
            Some(text) => {
                let consent = given(text);
                let body = ConfirmHold { party, consent, patient_id: None, visit: visit.clone(), text_me };
                tell.clone().confirm(body, telling);
            }
            None => tell.form.dispatch(PartyAction::Judge(vec![consent_missing()])),
        })
    };
    Confirming {
        notice,
        agreed: *agreed,
        progress: *progress,
        problem: (*problem).clone(),
        changed: (*changed).clone(),
        on_agree: Callback::from(move |ticked| agreed.set(ticked)),
        on_confirm: confirm(Telling::All),
        on_same_keys: confirm(Telling::AllToSameKeys),
        on_leave_out: confirm(Telling::Nothing),
        on_reload,
    }
}

impl Tell {
    fn confirm(self, body: ConfirmHold, telling: Telling) {
        // A double click is one wish.
        if std::mem::replace(&mut *self.in_flight.borrow_mut(), true) {
            return;
        }
        self.progress.set(Some(Progress::Booking));
        self.problem.set(None);
        self.form.dispatch(PartyAction::Judge(Vec::new()));
        spawn_local(async move {
            let told = self.tell_practice(telling).await;
            match told {
                Ok(()) => {
                    self.changed.set(None);
                    self.progress.set(Some(Progress::Booking));
                    self.book(body).await;
                }
                Err(Stopped::Changed(keys)) => self.changed.set(Some(keys)),
                Err(Stopped::Problem(problem)) => self.problem.set(Some(problem)),
            }
            *self.in_flight.borrow_mut() = false;
            self.progress.set(None);
        });
    }

    async fn tell_practice(&self, telling: Telling) -> Result<(), Stopped> {
        let account_id = self.intake.member().map(|me| me.account_id);
        match telling {
            Telling::All => {}
            Telling::AllToSameKeys => {
                if let Some(keys) = &*self.changed {
                    intake::agree(account_id, keys).await?;
                }
            }
            Telling::Nothing => {
                self.intake.on_action.emit(IntakeAction::LeaveOut);
                return Ok(());
            }
        }
        let notes = intake::to_send(&self.intake.form, &self.outbox.borrow());
        self.send(account_id, &notes).await.map_err(|stopped| match stopped {
            Stopped::Changed(keys) => Stopped::Changed(keys),
            Stopped::Problem(problem) => {
                intake::not_told(problem, self.outbox.borrow().sent(), notes.len()).into()
            }
        })
    }

    async fn send(
        &self,
        account_id: Option<AccountId>,
        notes: &[(Part, NoteContent)],
    ) -> Result<(), Stopped> {
        if notes.is_empty() {
            return Ok(());
        }
        // Its box was ticked, so it is there; without it nothing may be sent.
        let Some(Ok(text)) = &self.intake.notice else { return Err(Problem::internal().into()) };
        let (progress, sent) = (self.progress.clone(), self.intake.on_action.clone());
        let post = Post {
            client: self.client.clone(),
            hold: Rc::clone(&self.hold),
            account_id,
            consent: given(text),
            outbox: Rc::clone(&self.outbox),
            on_progress: Rc::new(move |now| progress.set(Some(now))),
            on_sent: Rc::new(move |part| sent.emit(IntakeAction::Sent(part))),
        };
        post.send(notes).await
    }

    async fn book(&self, body: ConfirmHold) {
        let what = serde_json::to_string(&body).unwrap_or_default();
        let key = self.attempt.borrow_mut().key_for(&what, browser::random_uuid);
        let answer = bookings::confirm_hold(&self.client, self.hold.hold_id, &body, key).await;
        self.attempt.borrow_mut().settle(answer.as_ref().err());
        match answer {
            Ok(confirmed) => {
                self.held.booked();
                if self.outbox.borrow().sent() > 0 {
                    use_note_draft::note_sent_with(confirmed.appointment_id);
                }
                use_note_draft::forget_note_draft();
                forget_kept_form();
                // In place of the hold, which nobody can go back to.
                browser::replace(&format!("/book/confirmed/{}", confirmed.appointment_id));
            }
            Err(problem) => self.refused(problem),
        }
    }

    fn refused(&self, problem: Problem) {
        if problem.is("invalid") {
            if problem.errors.iter().any(|error| error.pointer == CONSENT) {
                // The notice changed under the reader's eyes: it is shown and asked about again.
                self.agreed.set(false);
                self.on_reload.emit(());
            }
            self.form.dispatch(PartyAction::Judge(problem.errors));
        } else if lost(&problem) {
            self.held.on_lost.emit(problem);
        } else {
            self.problem.set(Some(problem));
        }
    }
}

fn given(text: &ConsentText) -> ConsentGiven {
    ConsentGiven { text: text.text.clone(), version: text.version }
}

/// Whether the time is no longer the guest's.
fn lost(problem: &Problem) -> bool {
    problem.is("hold-expired") || problem.is("time-taken") || problem.status == 404
}

/// What is said when the box is not ticked.
fn consent_missing() -> FieldError {
    FieldError::new(CONSENT, "Tick the box if you agree. The practice cannot book you without your details")
}
