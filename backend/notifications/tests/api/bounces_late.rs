//! A letter that comes back once what it said was answered, or is over, goes no other way.

use jiff::SignedDuration;
use kernel::outbox::Envelope;
use shared_types::{
    AudCents, SeriesId, Zone,
    bookings::{
        AppointmentFact, AppointmentStatus, BookingsEvent, DisputeFact, FeeWaiver, NoShowFact, NotTakenFact,
        PresumedFact, ProposalFact, SeriesFact,
        dispute::{DisputeParty, DisputeStatus},
    },
    payments::{
        AskedFact, AssignmentFact, FailedStep, PaymentFact, PaymentFailure, PaymentStatus, PaymentStep,
        PaymentsEvent,
        assignment::{AssignmentKind, AssignmentStatus},
    },
    users::AccountMail,
};
use uuid::Uuid;

use crate::{
    World,
    bounces::{come_back, report, sender_of_newest},
    by_text::{ADA, MORNING, NIGHT, PATIENT, confirm, hers, letter, offered, send_all, tell, wants_texts},
    envelope,
    guest_texts::{agreed, cancelled},
    money::paid,
    practice::OURS,
};

const SERIES: SeriesId = SeriesId(Uuid::from_u128(0x5E));

#[tokio::test]
async fn a_reminder_that_came_back_goes_no_other_way_once_it_was_answered_or_its_visit_changed() {
    let start: jiff::Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
    let half_an_hour = SignedDuration::from_mins(30);
    let visit = AppointmentFact { start, end: start + half_an_hour, ..agreed(1) };
    let later = start + SignedDuration::from_hours(48);
    let coming = AppointmentFact { sequence: 1, manage_token: None, ..visit.clone() };
    let moved = AppointmentFact { start: later, end: later + half_an_hour, ..coming.clone() };
    for (over, texts) in [
        (None, 1),
        (Some(BookingsEvent::AppointmentChanged(coming)), 0),
        (Some(BookingsEvent::AppointmentMoved(moved)), 0),
        (Some(cancelled(visit.clone())), 0),
    ] {
        let world = World::new().await;
        confirm(&world, visit.clone()).await;
        assert_eq!(send_all(&world).await, 1);
        world.at("2026-11-29T03:00:00Z");
        assert_eq!((world.remind().await, send_all(&world).await), (1, 1));
        let to = sender_of_newest(&world).await;
        world.core.clock.advance(SignedDuration::from_mins(1));
        if let Some(over) = &over {
            tell(&world, over).await;
            send_all(&world).await;
        }
        assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
        assert_eq!(world.remind().await, texts, "{over:?}");
        send_all(&world).await;
        assert_eq!(world.sms.texts().len() as u64, texts, "{over:?}");
    }
}

/// A server may take a letter and be too slow to say so: then it has two, and reports on each.
#[tokio::test]
async fn what_is_reported_of_a_try_counts_for_that_try_alone() {
    let world = World::new().await;
    confirm(&world, agreed(1)).await;
    world.mail.refuse(true);
    assert_eq!(send_all(&world).await, 1);
    let first = sender_of_newest(&world).await;
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(send_all(&world).await, 1);
    let second = sender_of_newest(&world).await;
    for (to, texts) in [(first, 0), (second, 1)] {
        assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
        send_all(&world).await;
        assert_eq!(world.sms.texts().len(), texts, "{to}");
    }
}

/// Ada's, at the practice, for which a card is kept.
fn visit() -> AppointmentFact {
    let mut fact = AppointmentFact { account_id: Some(ADA), patient_id: Some(PATIENT), ..paid(1) };
    fact.role.organization_id = Some(OURS);
    fact
}

/// How many texts go where a letter is sent, something else is told, and the letter comes back.
async fn texts_once(world: &World, letter: &Envelope, then: &Envelope) -> usize {
    world.receive(letter).await;
    assert_eq!(send_all(world).await, 1, "{}", letter.name);
    let to = sender_of_newest(world).await;
    world.core.clock.advance(SignedDuration::from_mins(1));
    world.receive(then).await;
    send_all(world).await;
    assert_eq!(come_back(world, &to, report("failed", "5.1.1")).await, 204);
    send_all(world).await;
    world.sms.texts().len()
}

/// The same of Ada's visit, a minute after it was confirmed.
async fn texts_of_visit(letter: impl Fn(&World) -> Envelope, then: impl Fn(&World) -> Envelope) -> usize {
    let world = World::new().await;
    wants_texts(&world).await;
    confirm(&world, visit()).await;
    assert_eq!(send_all(&world).await, 1);
    world.core.clock.advance(SignedDuration::from_mins(1));
    let (letter, then) = (letter(&world), then(&world));
    texts_once(&world, &letter, &then).await
}

fn of_bookings(event: BookingsEvent) -> impl Fn(&World) -> Envelope {
    move |world| envelope(&world.core, "bookings", &event)
}

fn of_payments(event: PaymentsEvent) -> impl Fn(&World) -> Envelope {
    move |world| envelope(&world.core, "payments", &event)
}

/// What changes nothing of it.
fn nothing() -> BookingsEvent {
    BookingsEvent::LateFeeWaived { booking_id: visit().booking_id, waived_by: FeeWaiver::Practice }
}

#[tokio::test]
async fn what_a_visit_is_disputed_with_or_proposed_for_is_not_told_by_text_once_that_is_answered() {
    let until = "2026-12-01T00:00:00Z".parse().unwrap();
    let stands = |status| AppointmentFact { sequence: 1, status, manage_token: None, ..visit() };
    let dispute = |opened_by, status, appointment| DisputeFact {
        dispute_id: Uuid::from_u128(0xD).into(),
        opened_by,
        answer_by: until,
        status,
        appointment,
        late_fee_cents: AudCents::ZERO,
        instead: None,
    };
    let (over, missed) = (stands(AppointmentStatus::Completed), stands(AppointmentStatus::NoShowPatient));
    let presumed = PresumedFact { appointment: over.clone(), dispute_by: until };
    let noted = NoShowFact { appointment: missed.clone(), dispute_by: until, presumed: false };
    let says_otherwise =
        |fact| BookingsEvent::DisputeOpened(dispute(DisputeParty::Patient, DisputeStatus::Open, fact));
    let of_practice =
        |status| dispute(DisputeParty::Practice, status, stands(AppointmentStatus::NoShowProvider));
    let start: jiff::Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let proposed = ProposalFact {
        appointment: visit(),
        start,
        end: start + SignedDuration::from_mins(30),
        expires_at: until,
    };
    let refused = NotTakenFact {
        booking_id: visit().booking_id,
        proposed_by: Uuid::from_u128(7).into(),
        refused: true,
        stands_at: visit().start,
        time_zone: Zone::SYDNEY,
    };
    for (told, answered) in [
        (BookingsEvent::VisitPresumed(presumed), says_otherwise(over)),
        (BookingsEvent::NoShowNoted(noted), says_otherwise(missed)),
        (
            BookingsEvent::DisputeOpened(of_practice(DisputeStatus::Open)),
            BookingsEvent::DisputeDecided(of_practice(DisputeStatus::Upheld)),
        ),
        (BookingsEvent::TimeProposed(proposed), BookingsEvent::TimeNotTaken(refused)),
    ] {
        for (then, texts) in [(nothing(), 1), (answered, 0)] {
            let found = texts_of_visit(of_bookings(told.clone()), of_bookings(then.clone())).await;
            assert_eq!(found, texts, "{told:?} {then:?}");
        }
    }
}

fn payment(total_cents: i64, fee_owed_cents: i64) -> PaymentsEvent {
    PaymentsEvent::PaymentChanged(PaymentFact {
        payment_id: Uuid::from_u128(9).into(),
        booking_id: visit().booking_id,
        quote_id: visit().quote_id,
        status: PaymentStatus::CardSaved,
        total_cents: AudCents(total_cents),
        captured_cents: AudCents::ZERO,
        refunded_cents: AudCents::ZERO,
        fee_cents: AudCents::ZERO,
        fee_owed_cents: AudCents(fee_owed_cents),
    })
}

fn assignment(kind: AssignmentKind, status: AssignmentStatus) -> PaymentsEvent {
    PaymentsEvent::AssignmentChanged(AssignmentFact {
        assignment_id: Uuid::from_u128(1).into(),
        booking_id: (kind != AssignmentKind::Enduring).then_some(visit().booking_id),
        organization_id: OURS,
        account_id: Some(ADA),
        patient_id: Some(PATIENT),
        status,
        kind,
        service_from: "2026-11-24".parse().unwrap(),
        token: (status == AssignmentStatus::Offered).then(|| "5ec4e7".to_owned().into()),
    })
}

#[tokio::test]
async fn what_somebody_is_asked_for_about_money_is_not_told_by_text_once_that_is_answered() {
    let booking_id = visit().booking_id;
    let failed = PaymentsEvent::PaymentStepFailed(FailedStep {
        booking_id,
        failure: PaymentFailure::Declined,
        repair_until: "2026-11-23T00:00:00Z".parse().unwrap(),
        fee: None,
        balance: None,
    });
    let repaired = PaymentsEvent::PaymentStepCompleted { booking_id, step: PaymentStep::CardSaved };
    let asked = PaymentsEvent::ChargeAsked(AskedFact {
        booking_id,
        agreed_cents: AudCents(8_500),
        total_cents: AudCents(9_500),
        again: false,
    });
    // Agreed to; or not any more, since a fee is owed instead.
    let answers = [payment(9_500, 0), payment(8_500, 5_000)].map(|answer| (asked.clone(), answer));
    let mut cases = vec![(failed, repaired)];
    cases.extend(answers);
    for kind in [AssignmentKind::Pre, AssignmentKind::Enduring] {
        for status in [AssignmentStatus::Declined, AssignmentStatus::Assigned] {
            cases.push((assignment(kind, AssignmentStatus::Offered), assignment(kind, status)));
        }
    }
    for (told, answered) in cases {
        for (then, texts) in [(payment(8_500, 0), 1), (answered, 0)] {
            let found = texts_of_visit(of_payments(told.clone()), of_payments(then.clone())).await;
            assert_eq!(found, texts, "{told:?} {then:?}");
        }
    }
}

#[tokio::test]
async fn a_claim_on_an_agreement_that_is_kept_does_not_answer_for_one_that_is_asked_for() {
    let [asked, relied_on] = [AssignmentStatus::Offered, AssignmentStatus::ReliedOn]
        .map(|status| of_payments(assignment(AssignmentKind::Enduring, status)));
    assert_eq!(texts_of_visit(asked, relied_on).await, 1);
}

#[tokio::test]
async fn a_price_that_nobody_owes_any_more_is_not_told_of_by_text() {
    let asked = PaymentsEvent::ChargeAsked(AskedFact {
        booking_id: visit().booking_id,
        agreed_cents: AudCents(8_500),
        total_cents: AudCents(9_500),
        again: false,
    });
    let billed = AppointmentFact {
        sequence: 1,
        bulk_billed: true,
        price_cents: AudCents::ZERO,
        manage_token: None,
        ..visit()
    };
    let then = of_bookings(BookingsEvent::AppointmentBulkBilled(billed));
    assert_eq!(texts_of_visit(of_payments(asked), then).await, 0);
}

#[tokio::test]
async fn a_time_that_was_held_is_not_told_of_by_text_once_it_is_booked() {
    let start: jiff::Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    for (start, texts) in [(start, 0), (start + SignedDuration::from_hours(1), 1)] {
        let world = World::new().await;
        wants_texts(&world).await;
        world.receive(&offered(&world, ADA, Some(PATIENT))).await;
        let booked = AppointmentFact { start, end: start + SignedDuration::from_mins(30), ..hers(1) };
        let (told, then) = (
            letter(&world, AccountMail::TimeOffered),
            envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(booked)),
        );
        assert_eq!(texts_once(&world, &told, &then).await, texts, "{start}");
    }
}

/// Tuesdays, from 24 November 2026 on.
fn of_series(booking: u128) -> AppointmentFact {
    let week = SignedDuration::from_hours(24 * 7 * (i64::try_from(booking).unwrap() - 1));
    let fact = hers(booking);
    let (start, end) = (fact.start + week, fact.end + week);
    AppointmentFact { start, end, series_id: Some(SERIES), manage_token: None, ..fact }
}

#[tokio::test]
async fn a_series_is_not_confirmed_by_text_once_none_of_its_visits_is_to_come() {
    for (off, texts) in [(1..=2, 1), (1..=3, 0)] {
        // Cancelled before its letter came back, and while the text in its place waits for the morning.
        for at_night in [false, true] {
            let world = World::new().await;
            wants_texts(&world).await;
            for booking in 1..=3 {
                confirm(&world, of_series(booking)).await;
            }
            let visits = (1..=3).map(of_series).collect();
            tell(&world, &BookingsEvent::SeriesBooked(SeriesFact { series_id: SERIES, visits })).await;
            assert_eq!(send_all(&world).await, 1);
            let to = sender_of_newest(&world).await;
            if at_night {
                world.at(NIGHT);
                assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
                assert_eq!(send_all(&world).await, 0);
            }
            for booking in off.clone() {
                world.core.clock.advance(SignedDuration::from_mins(1));
                tell(&world, &cancelled(of_series(booking))).await;
                send_all(&world).await;
            }
            if !at_night {
                assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
            }
            world.at(MORNING);
            send_all(&world).await;
            assert_eq!(world.sms.texts().len(), texts, "{off:?} {at_night}");
        }
    }
}
