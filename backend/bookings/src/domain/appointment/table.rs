//! Every state with every step, compared with a table written down by hand; and the hours from which steps can be taken.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    bookings::{
        AppointmentStatus::{self, *},
        CancellationPolicy,
        dispute::Instead,
        practice::{ChangeReason, PracticeAct},
    },
};

use super::{Standing, Step, TransitionError, Why, reply_by};

const POLICY: CancellationPolicy =
    CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5_000) };

/// Tuesday 24 November 2026, 9:15 am in Sydney.
fn start() -> Timestamp {
    "2026-11-23T22:15:00Z".parse().unwrap()
}

fn at(minutes: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minutes)
}

fn standing(status: AppointmentStatus) -> Standing {
    Standing {
        status,
        start: start(),
        policy: POLICY,
        late_fee_cents: AudCents::ZERO,
        reply_by: (status == Requested).then(|| at(-120)),
        attendance_confirmed_at: None,
        completed_at: (status == Completed).then(|| at(30)),
        presumed: false,
        no_show_fee_cents: AudCents(7_000),
        claim_lodged: false,
    }
}

type Take = fn(Standing) -> Result<Standing, TransitionError>;

/// A step, how it is taken, and which states it leads from and to.
type Row = (Step, Take, &'static [(AppointmentStatus, AppointmentStatus)]);

/// Each step at a time when nothing but the state is in its way, and where it leads from where.
const TABLE: &[Row] = &[
    (Step::Pay, |it| it.pay(false, at(-600)), &[(AwaitingPayment, Confirmed)]),
    (Step::Pay, |it| it.pay(true, at(-600)), &[(AwaitingPayment, Requested)]),
    (Step::GiveUp, |it| it.give_up(at(-600)), &[(AwaitingPayment, Expired)]),
    (Step::Lapse, |it| it.lapse(at(-600)), &[(Requested, CancelledByAdmin), (Confirmed, CancelledByAdmin)]),
    (Step::Accept, |it| it.accept(at(-600)), &[(Requested, Confirmed)]),
    (Step::Decline, Standing::decline, &[(Requested, Declined)]),
    (Step::Expire, |it| it.expire(at(-120)), &[(Requested, Expired)]),
    (
        Step::CancelByPatient,
        |it| it.cancel_by_patient(at(-1_440)),
        &[
            (Requested, CancelledByPatient),
            (AwaitingPayment, CancelledByPatient),
            (Confirmed, CancelledByPatient),
        ],
    ),
    (
        Step::CancelByProvider,
        Standing::cancel_by_provider,
        &[
            (AwaitingPayment, CancelledByProvider),
            (Confirmed, CancelledByProvider),
            (Arrived, CancelledByProvider),
            (CheckedIn, CancelledByProvider),
        ],
    ),
    (
        Step::CancelByAdmin,
        Standing::cancel_by_admin,
        &[(Requested, CancelledByAdmin), (AwaitingPayment, CancelledByAdmin), (Confirmed, CancelledByAdmin)],
    ),
    (Step::ConfirmAttendance, |it| it.confirm_attendance(at(-600)), &[(Confirmed, Confirmed)]),
    (
        Step::Reschedule,
        Standing::reschedule,
        &[
            (AwaitingPayment, Rescheduled),
            (Confirmed, Rescheduled),
            (Arrived, Rescheduled),
            (CheckedIn, Rescheduled),
            (InConsult, Rescheduled),
        ],
    ),
    (
        Step::Reschedule,
        |it| it.move_by_patient(at(-600)),
        &[(AwaitingPayment, Rescheduled), (Confirmed, Rescheduled)],
    ),
    (Step::Arrive, |it| it.arrive(at(-60)), &[(Confirmed, Arrived)]),
    (Step::Arrive, |it| it.arrive_by_patient(at(45), at(-60)), &[(Confirmed, Arrived)]),
    (Step::UndoArrival, Standing::undo_arrival, &[(Arrived, Confirmed)]),
    (Step::CheckIn, |it| it.check_in(at(-60)), &[(Confirmed, CheckedIn), (Arrived, CheckedIn)]),
    (Step::UndoCheckIn, Standing::undo_check_in, &[(CheckedIn, Arrived)]),
    (Step::Start, Standing::begin, &[(CheckedIn, InConsult)]),
    (Step::Complete, |it| it.complete(at(20)), &[(InConsult, Completed)]),
    (
        Step::TookPlace,
        |it| it.took_place(at(120)),
        &[(Confirmed, Completed), (Arrived, Completed), (CheckedIn, Completed)],
    ),
    (
        Step::CompleteUnmarked,
        |it| it.complete_unmarked(at(14 * 60)),
        &[(Confirmed, Completed), (Arrived, Completed), (CheckedIn, Completed), (InConsult, Completed)],
    ),
    (Step::UndoCompletion, |it| it.undo_completion(at(60)), &[(Completed, CheckedIn)]),
    (Step::NoShow, |it| it.no_show(true, at(15)), &[(Confirmed, NoShowPatient), (Arrived, NoShowPatient)]),
    (
        Step::PractitionerAbsent,
        |it| it.practitioner_absent(at(30)),
        &[(Confirmed, NoShowProvider), (Arrived, NoShowProvider), (CheckedIn, NoShowProvider)],
    ),
    (
        Step::EnterInError,
        Standing::enter_in_error,
        &[
            (Requested, EnteredInError),
            (AwaitingPayment, EnteredInError),
            (Confirmed, EnteredInError),
            (Arrived, EnteredInError),
            (CheckedIn, EnteredInError),
            (InConsult, EnteredInError),
            (Completed, EnteredInError),
            (Declined, EnteredInError),
            (Expired, EnteredInError),
            (CancelledByPatient, EnteredInError),
            (CancelledLate, EnteredInError),
            (CancelledByProvider, EnteredInError),
            (CancelledByAdmin, EnteredInError),
            (NoShowPatient, EnteredInError),
            (NoShowProvider, EnteredInError),
        ],
    ),
    (Step::UpholdDispute, |it| it.settle_dispute(true, None), DISPUTABLE),
    (Step::RejectDispute, |it| it.settle_dispute(false, None), DISPUTABLE),
    (
        Step::UpholdDispute,
        |it| it.settle_dispute(true, Some(Instead::NobodyThere)),
        &[
            (Completed, NoShowProvider),
            (CancelledLate, CancelledLate),
            (NoShowPatient, NoShowPatient),
            (NoShowProvider, NoShowProvider),
        ],
    ),
    (
        Step::RejectDispute,
        |it| it.settle_dispute(false, Some(Instead::NobodyThere)),
        &[
            (Completed, Completed),
            (CancelledLate, CancelledLate),
            (NoShowPatient, NoShowPatient),
            (NoShowProvider, NoShowProvider),
        ],
    ),
];

/// What can be disputed stays where it is.
const DISPUTABLE: &[(AppointmentStatus, AppointmentStatus)] =
    &[(CancelledLate, CancelledLate), (NoShowPatient, NoShowPatient), (NoShowProvider, NoShowProvider)];

#[test]
fn every_step_from_every_state_leads_where_the_table_says_and_nowhere_else() {
    for (step, take, leads) in TABLE {
        let leads: BTreeMap<_, _> = leads.iter().map(|(from, to)| (from.code(), *to)).collect();
        for from in AppointmentStatus::ALL {
            let expected = match leads.get(from.code()) {
                Some(to) => Ok(*to),
                None => Err(TransitionError { from, step: *step, why: Why::State }),
            };
            assert_eq!(take(standing(from)).map(|it| it.status), expected, "{step:?} from {from:?}");
        }
    }
}

fn check(from: AppointmentStatus, take: Take, expected: Result<AppointmentStatus, Why>) {
    let taken = take(standing(from)).map(|it| it.status).map_err(|error| error.why);
    assert_eq!(taken, expected, "from {from:?}");
}

#[test]
fn steps_have_their_hours() {
    check(Requested, |it| it.accept(at(-120)), Err(Why::TooLate));
    check(Requested, |it| it.expire(at(-121)), Err(Why::TooEarly(at(-120))));
    check(Confirmed, |it| it.arrive(at(-61)), Err(Why::TooEarly(at(-60))));
    check(Confirmed, |it| it.arrive_by_patient(at(45), at(-61)), Err(Why::TooEarly(at(-60))));
    check(Confirmed, |it| it.arrive_by_patient(at(45), at(44)), Ok(Arrived));
    check(Confirmed, |it| it.arrive_by_patient(at(45), at(45)), Err(Why::TooLate));
    check(Arrived, |it| it.check_in(at(-61)), Err(Why::TooEarly(at(-60))));
    check(Confirmed, |it| it.no_show(true, at(14)), Err(Why::TooEarly(at(15))));
    check(Confirmed, |it| it.no_show(false, at(15)), Err(Why::NotAttested));
    check(Confirmed, |it| it.practitioner_absent(at(29)), Err(Why::TooEarly(at(30))));
    check(Confirmed, |it| it.complete_unmarked(at(839)), Err(Why::TooEarly(at(840))));
    check(Confirmed, |it| it.took_place(at(119)), Err(Why::TooEarly(at(120))));
    check(Confirmed, |it| it.confirm_attendance(at(0)), Err(Why::TooLate));
    check(Confirmed, |it| it.move_by_patient(at(0)), Err(Why::TooLate));
    check(Confirmed, |it| it.cancel_by_patient(at(0)), Err(Why::TooLate));
    check(Completed, |it| it.undo_completion(at(30 + 24 * 60 - 1)), Ok(CheckedIn));
    check(Completed, |it| it.undo_completion(at(30 + 24 * 60)), Err(Why::TooLate));
    check(Completed, |it| Standing { claim_lodged: true, ..it }.undo_completion(at(60)), Err(Why::TooLate));
}

#[test]
fn a_practice_is_asked_once_the_money_is_there() {
    let asked = standing(AwaitingPayment).pay(true, at(-600)).unwrap();
    assert_eq!(asked.reply_by, Some(at(-120)));
    assert_eq!(standing(AwaitingPayment).pay(false, at(-600)).unwrap().reply_by, None);
}

#[test]
fn what_is_owed_follows_from_who_did_what_and_when() {
    let fee = |taken: Result<Standing, TransitionError>| taken.unwrap().late_fee_cents.0;
    let confirmed = standing(Confirmed);
    assert_eq!(fee(confirmed.cancel_by_patient(at(-1_440))), 0);
    assert_eq!(fee(confirmed.cancel_by_patient(at(-1_439))), 5_000);
    assert_eq!(fee(standing(Requested).cancel_by_patient(at(-130))), 0, "a request is free to withdraw");
    assert_eq!(fee(confirmed.cancel_by_provider()), 0);
    assert_eq!(fee(confirmed.cancel_by_admin()), 0);
    assert_eq!(
        fee(standing(AwaitingPayment).cancel_by_patient(at(-10))),
        0,
        "nothing was agreed with a card yet"
    );
    assert_eq!(fee(confirmed.lapse(at(-10))), 0);
    assert_eq!(fee(confirmed.no_show(true, at(15))), 7_000);
    assert_eq!(fee(confirmed.no_show(true, at(15)).unwrap().enter_in_error()), 0);
    let late = confirmed.cancel_by_patient(at(-10)).unwrap();
    assert_eq!(fee(late.settle_dispute(true, None)), 0);
    assert_eq!(fee(late.settle_dispute(false, None)), 5_000);
    let (let_off, _) = confirmed.act(PracticeAct::CancelForPatient { waive_fee: true }, at(-10)).unwrap();
    assert_eq!((let_off.status, let_off.late_fee_cents), (CancelledByPatient, AudCents::ZERO));
}

#[test]
fn a_visit_that_is_only_presumed_is_what_somebody_says_it_was() {
    let presumed = standing(Confirmed).complete_unmarked(at(840)).unwrap();
    assert!(presumed.presumed && presumed.completed_at == Some(at(840)));
    for (instead, status, owed) in [
        (Instead::NobodyThere, NoShowProvider, 0),
        (Instead::CalledOff, CancelledByProvider, 0),
        (Instead::DidNotGo, NoShowPatient, 7_000),
    ] {
        let upheld = presumed.settle_dispute(true, Some(instead)).unwrap();
        assert_eq!((upheld.status, upheld.late_fee_cents.0), (status, owed));
        assert!(!upheld.presumed && upheld.completed_at.is_none());
        let kept = presumed.settle_dispute(false, Some(instead)).unwrap();
        assert_eq!((kept.status, kept.completed_at, kept.presumed), (Completed, Some(at(840)), false));
    }
    let missed = presumed.no_show(true, at(840 + 24 * 60 - 1)).unwrap();
    assert_eq!((missed.status, missed.late_fee_cents.0, missed.presumed), (NoShowPatient, 7_000, false));
    let why = |taken: Result<Standing, TransitionError>| taken.unwrap_err().why;
    assert_eq!(why(presumed.no_show(false, at(841))), Why::NotAttested);
    assert_eq!(why(presumed.no_show(true, at(840 + 24 * 60))), Why::TooLate);
    assert_eq!(why(Standing { claim_lodged: true, ..presumed }.no_show(true, at(841))), Why::TooLate);
    assert!(
        !presumed.undo_completion(at(841)).unwrap().presumed && !presumed.enter_in_error().unwrap().presumed
    );
}

#[test]
fn what_a_button_offers_can_be_done() {
    for from in AppointmentStatus::ALL {
        for minutes in [-2_000, -60, 0, 20, 40, 2_000] {
            for act in [
                PracticeAct::Accept,
                PracticeAct::Decline { reason: ChangeReason::NoTime },
                PracticeAct::Cancel { reason: ChangeReason::Other },
                PracticeAct::CancelForPatient { waive_fee: false },
                PracticeAct::Arrive,
                PracticeAct::UndoArrival,
                PracticeAct::CheckIn,
                PracticeAct::UndoCheckIn,
                PracticeAct::Start,
                PracticeAct::Complete,
                PracticeAct::TookPlace,
                PracticeAct::UndoCompletion { reason: ChangeReason::Mistake },
                PracticeAct::NoShow { attested: true },
                PracticeAct::PractitionerAbsent,
                PracticeAct::EnterInError { reason: ChangeReason::Mistake },
            ] {
                let (it, now) = (standing(from), at(minutes));
                assert_eq!(it.allows(act.name(), now), it.act(act, now).is_ok(), "{act:?} from {from:?}");
            }
        }
    }
}

#[test]
fn a_practice_answers_within_a_day_and_two_hours_before_the_start() {
    assert_eq!(reply_by(at(-5_000), start()), at(-5_000 + 1_440));
    assert_eq!(reply_by(at(-600), start()), at(-120));
    assert_eq!(reply_by(at(-30), start()), at(-30), "too late to ask: it ends at once");
}
