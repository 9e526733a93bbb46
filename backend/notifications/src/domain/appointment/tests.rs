use shared_types::{
    AudCents, Zone,
    bookings::{AppointmentFact, AppointmentStatus, ManageCodeFact, practice::ChangeReason},
    notifications::ReminderNames,
};
use uuid::Uuid;

use super::{Change, write, write_code};
use crate::domain::{
    fixtures::{BY_VIDEO, appointment, sender},
    locale::Locale,
    message::Content,
    reader::Reader,
    sender::Sender,
};

fn content(change: Change, fact: &AppointmentFact) -> Content {
    content_from(change, fact, &sender())
}

fn content_from(change: Change, fact: &AppointmentFact, sender: &Sender) -> Content {
    let told_at = "2026-11-22T00:00:00Z".parse().unwrap();
    write(change, fact, Reader::of(Locale::English), sender, told_at).unwrap().content.into_inner()
}

/// Everything a message says, wherever it says it.
fn all_words(content: &Content) -> String {
    let calendar =
        content.calendar.as_ref().map(|calendar| calendar.file.replace("\r\n ", "")).unwrap_or_default();
    [content.subject.as_str(), &content.body_text, &content.body_html, &calendar].join("\n")
}

#[test]
fn a_confirmation_says_who_when_where_and_what_it_costs() {
    let content = content(Change::Confirmed, &appointment());
    assert_eq!(content.subject, "Appointment confirmed: Tuesday 24 November, 9:15 am");
    assert_eq!(
        content.body_text.trim_end(),
        "Hello Ada Nguyen,\n\
         \n\
         Your appointment is confirmed.\n\
         \n\
         When: Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n\
         With: Kim Lee\n\
         Where: Harbour Practice; Rooms, East, 1 Example Street, Parramatta NSW 2150\n\
         Practice phone: (02) 5550 1234\n\
         Price: $85, paid to the practice\n\
         Cancelling: No cost until Monday 23 November, 9:15 am; $50 after that, unless somebody else takes the time\n\
         \n\
         See, move or cancel it:\n\
         https://hellomapper.example/manage/0123456789abcdef0123456789abcdef\n\
         The link is yours alone. It asks for your date of birth or a code first.\n\
         \n\
         If you did not make this booking, open the link and cancel it, or call the practice on (02) 5550 1234.\n\
         \n\
         This message is about an appointment of yours, so it cannot be switched off. Reminders can."
    );
}

#[test]
fn the_html_says_the_same_without_styles_scripts_or_pictures() {
    let content = content(Change::Confirmed, &appointment());
    let html = &content.body_html;
    for part in [
        "<html lang=\"en-AU\">",
        "<meta name=\"color-scheme\" content=\"light dark\">",
        "<h1>Your appointment is confirmed</h1>",
        "<dt><strong>When</strong></dt>",
        "<dd>Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)</dd>",
        "<a href=\"https://hellomapper.example/manage/0123456789abcdef0123456789abcdef\">See, move or cancel it</a>",
    ] {
        assert!(html.contains(part), "{part} is missing:\n{html}");
    }
    for absent in ["<img", "<script", "style", "http-equiv", "src="] {
        assert!(!html.contains(absent), "{absent} is there:\n{html}");
    }
    // What is said once as text is said once as HTML.
    for line in content.body_text.lines().filter(|line| line.contains(": ")) {
        let value = line.split_once(": ").map(|(_, value)| value).unwrap();
        assert!(html.contains(value), "{value:?} is only in the text:\n{html}");
    }
}

/// Each change, with where the appointment stands by then.
const CHANGES: [(Change, AppointmentStatus); 5] = [
    (Change::Requested, AppointmentStatus::Requested),
    (Change::Confirmed, AppointmentStatus::Confirmed),
    (Change::Moved, AppointmentStatus::Confirmed),
    (Change::Cancelled, AppointmentStatus::CancelledByProvider),
    (Change::NotTaken, AppointmentStatus::Declined),
];

/// At a practice whose every name tells what for.
fn telling() -> AppointmentFact {
    let mut fact = appointment();
    fact.role.slug = "kim-lee-parramatta-physiotherapy".to_owned();
    fact.role.name = "Kim Lee, Pelvic Physiotherapist".to_owned();
    fact.role.organization_name = Some("Parramatta Physiotherapy".to_owned());
    fact.role.address = "Therapy Rooms, 1 Example Street, Parramatta NSW 2150".to_owned();
    fact
}

#[test]
fn no_message_names_profession_or_appointment_type() {
    for (change, status) in CHANGES {
        // A confirmation names the practice, whatever it is called.
        let fact = if change == Change::Confirmed { appointment() } else { telling() };
        let words = all_words(&content(change, &AppointmentFact { status, ..fact }));
        for absent in
            ["Physio", "Pelvic", "assessment", "consult", "therap", "doctor", "patient", "treatment"]
        {
            assert!(!words.to_lowercase().contains(&absent.to_lowercase()), "{absent}:\n{words}");
        }
        let is_told = words.contains("Your booking page also shows with whom and where it is.");
        assert_eq!(is_told, [Change::Requested, Change::Moved].contains(&change), "{words}");
    }
    let confirmed = all_words(&content(Change::Confirmed, &telling()));
    assert!(confirmed.contains("Where: Parramatta Physiotherapy, "), "{confirmed}");
}

#[test]
fn who_reads_a_message_that_confirms_nothing_chooses_which_names_it_has() {
    let said = |change: Change, names: ReminderNames| {
        let reader = Reader { names, ..Reader::of(Locale::English) };
        let told_at = "2026-11-22T00:00:00Z".parse().unwrap();
        all_words(&write(change, &telling(), reader, &sender(), told_at).unwrap().content.into_inner())
    };
    for (change, _) in CHANGES {
        let all = said(change, ReminderNames::All);
        assert!(all.contains("Parramatta Physiotherapy") && all.contains("Kim Lee"), "{all}");
        let none = said(change, ReminderNames::None);
        for name in ["Physiotherapy", "Kim Lee", "Example Street", "5550"] {
            assert_eq!(none.contains(name), change == Change::Confirmed, "{name}:\n{none}");
        }
    }
}

#[test]
fn a_discreet_message_says_appointment_and_when() {
    let mut fact = appointment();
    fact.discreet = true;
    for change in [Change::Confirmed, Change::Moved, Change::Cancelled] {
        let content = content(change, &fact);
        let words = all_words(&content);
        for absent in ["Kim", "Lee", "Harbour", "Example Street", "Parramatta", "5550"] {
            assert!(!words.contains(absent), "{absent}:\n{words}");
        }
        assert!(content.calendar.unwrap().file.contains("SUMMARY:Appointment\r\n"));
    }
    let text = content(Change::Confirmed, &fact).body_text;
    assert!(text.contains("Your booking page also shows with whom and where it is."), "{text}");
}

#[test]
fn a_move_says_the_new_time_and_works_without_the_link() {
    let mut fact = appointment();
    fact.manage_token = None;
    let content = content(Change::Moved, &fact);
    assert_eq!(content.subject, "Appointment moved: now Tuesday 24 November, 9:15 am");
    assert!(content.body_text.contains("Your appointment has moved.\nPlease note the new time."));
    assert!(content.body_text.contains("use the link in our first message about it"));
    let not_me =
        "If you did not make this booking, open the link in our first message about it and cancel it";
    assert!(content.body_text.contains(not_me), "{}", content.body_text);
    assert!(!all_words(&content).contains("/manage/"));
}

#[test]
fn a_cancellation_says_what_is_due_and_carries_no_link() {
    for (status, bulk_billed, words) in [
        (AppointmentStatus::CancelledByPatient, false, "There is nothing to pay."),
        (AppointmentStatus::CancelledLate, false, "the practice may charge a fee"),
        (AppointmentStatus::CancelledLate, true, "There is nothing to pay."),
        (
            AppointmentStatus::CancelledByProvider,
            false,
            "The practice cancelled it. There is nothing to pay.",
        ),
        (AppointmentStatus::CancelledByAdmin, false, "There is nothing to pay."),
    ] {
        let fact = AppointmentFact { status, bulk_billed, ..appointment() };
        let content = content(Change::Cancelled, &fact);
        assert_eq!(content.subject, "Appointment cancelled: Tuesday 24 November, 9:15 am");
        assert!(content.body_text.contains(words), "{status:?}:\n{}", content.body_text);
        assert!(!all_words(&content).contains("/manage/"), "{status:?}");
        assert!(!content.body_text.contains("Price"), "{status:?}");
    }
}

#[test]
fn who_owes_a_fee_for_cancelling_late_reads_how_much_and_until_when_and_where_to_object() {
    let late = AppointmentFact {
        status: AppointmentStatus::CancelledLate,
        late_fee_cents: AudCents(5_000),
        ..appointment()
    };
    let account_id = Some(Uuid::from_u128(1).into());
    // A week after it is told, on the place's clock.
    for (fact, say) in [
        (late.clone(), "by Sunday 29 November, 11:00 am, by the link in our first message about it.\n"),
        (
            AppointmentFact { account_id, ..late.clone() },
            "by Sunday 29 November, 11:00 am in your account.\n",
        ),
    ] {
        let text = content(Change::Cancelled, &fact).body_text;
        let owed = "It was cancelled late: a fee of $50 is owed, unless somebody else takes the time.\n";
        assert!(text.contains(owed), "{text}");
        assert!(text.contains(&format!("If that is not right, say so {say}")), "{text}");
        assert!(!text.contains("may charge") && !text.contains("nothing to pay"), "{text}");
    }
    // What is bulk billed costs nothing, whatever is told of a fee (C-52).
    for fact in [
        AppointmentFact { bulk_billed: true, ..late.clone() },
        AppointmentFact { late_fee_cents: AudCents::ZERO, ..late },
    ] {
        let text = content(Change::Cancelled, &fact).body_text;
        assert!(!text.contains("a fee of") && !text.contains("say so by"), "{text}");
    }
}

#[test]
fn whoever_lost_it_to_the_practice_reads_where_they_come_first() {
    let page = |fact: &AppointmentFact| {
        let page = format!("https://hellomapper.example/book/confirmed/{}", fact.appointment_id);
        content(Change::Cancelled, fact).body_text.contains(&page)
    };
    for (status, reason, expected) in [
        (AppointmentStatus::CancelledByProvider, Some(ChangeReason::PractitionerUnwell), true),
        (AppointmentStatus::CancelledByProvider, Some(ChangeReason::PatientAsked), false),
        (AppointmentStatus::NoShowProvider, None, true),
        (AppointmentStatus::CancelledByAdmin, None, true),
        (AppointmentStatus::CancelledByPatient, None, false),
        (AppointmentStatus::CancelledLate, None, false),
        (AppointmentStatus::EnteredInError, Some(ChangeReason::Mistake), false),
    ] {
        let fact = AppointmentFact { status, reason, ..appointment() };
        assert_eq!(page(&fact), expected, "{status:?} {reason:?}");
    }
}

#[test]
fn a_bulk_billed_appointment_never_costs_anything() {
    let fact = AppointmentFact { bulk_billed: true, price_cents: AudCents::ZERO, ..appointment() };
    let text = content(Change::Confirmed, &fact).body_text;
    assert!(text.contains("Price: No out-of-pocket cost: the practice bulk bills it\n"), "{text}");
    assert!(text.contains("Cancelling: No cost, up to the start\n"), "{text}");
}

#[test]
fn times_are_the_places_own() {
    let mut fact = appointment();
    for (zone, words) in [
        ("Australia/Lord_Howe", "9:15 am to 9:45 am, Lord Howe time (UTC+11)"),
        ("Australia/Perth", "6:15 am to 6:45 am, Perth time (UTC+8)"),
        ("Australia/Eucla", "7:00 am to 7:30 am, Eucla time (UTC+8:45)"),
        ("Australia/Broken_Hill", "8:45 am to 9:15 am, Broken Hill time (UTC+10:30)"),
    ] {
        fact.role.time_zone = zone.parse::<Zone>().unwrap();
        let text = content(Change::Confirmed, &fact).body_text;
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn replies_are_invited_only_where_they_are_read() {
    let desk = Sender::new("Front desk <desk@example.org>", "https://hellomapper.example").unwrap();
    assert!(
        content_from(Change::Confirmed, &appointment(), &desk).body_text.contains("reply to this message")
    );
    assert!(!content(Change::Confirmed, &appointment()).body_text.contains("reply"));
}

#[test]
fn what_people_write_stays_on_its_line_and_is_no_markup() {
    let mut fact = appointment();
    fact.patient_name = "Ada\r\nBcc: eve@example.org\r\n<script>alert(1)</script>".to_owned().into();
    fact.role.name = "Kim\nATTENDEE:mailto:eve@example.org".to_owned();
    fact.role.address = "1 Street\r\nEND:VEVENT\r\nBEGIN:VEVENT".to_owned();
    let content = content(Change::Confirmed, &fact);
    assert!(content.body_text.starts_with("Hello Ada Bcc: eve@example.org <script>"));
    assert!(!content.body_html.contains("<script>"), "{}", content.body_html);
    let calendar = content.calendar.unwrap().file;
    assert_eq!(calendar.matches("\r\nEND:VEVENT\r\n").count(), 1, "{calendar}");
    assert!(!calendar.contains("\r\nATTENDEE"), "{calendar}");
}

#[test]
fn the_same_fact_gives_the_same_message() {
    assert!(content(Change::Confirmed, &appointment()) == content(Change::Confirmed, &appointment()));
}

#[test]
fn a_code_is_in_the_words_and_not_in_the_subject() {
    let fact = ManageCodeFact {
        booking_id: Uuid::from_u128(1).into(),
        email: "ada@example.org".to_owned().into(),
        code: "012345".to_owned().into(),
        expires_at: "2026-11-22T00:10:00Z".parse().unwrap(),
    };
    let draft = write_code(&fact, "2026-11-22T00:00:00Z".parse().unwrap(), Locale::English).unwrap();
    let content = draft.content.into_inner();
    assert_eq!(content.subject, "Your code for your appointment");
    assert!(
        content.body_text.contains("\n012345\n") && content.body_html.contains("<strong>012345</strong>")
    );
    assert!(content.body_text.contains("It works for 10 minutes"));
    assert!(content.calendar.is_none());
}

#[test]
fn debug_output_of_a_message_shows_nothing_personal() {
    let told_at = "2026-11-22T00:00:00Z".parse().unwrap();
    let reader = Reader::of(Locale::English);
    let draft = write(Change::Confirmed, &appointment(), reader, &sender(), told_at).unwrap();
    let text = format!("{draft:?}");
    assert!(!text.contains("ada") && !text.contains("Ada") && !text.contains("Kim"), "{text}");
}

#[test]
fn a_request_says_by_when_it_is_answered_and_stands_in_no_calendar() {
    let fact = AppointmentFact {
        status: AppointmentStatus::Requested,
        reply_by: Some("2026-11-22T22:00:00Z".parse().unwrap()),
        ..appointment()
    };
    let content = content(Change::Requested, &fact);
    assert_eq!(content.subject, "Appointment requested: Tuesday 24 November, 9:15 am");
    let text = &content.body_text;
    for part in [
        "Your request is with the practice.\n",
        "The practice answers first. The time is kept for you until then.\n",
        "Answer by: Monday 23 November, 9:00 am\n",
        "See or withdraw it:\nhttps://hellomapper.example/manage/0123456789abcdef0123456789abcdef\n",
    ] {
        assert!(text.contains(part), "{part:?} is missing:\n{text}");
    }
    assert!(content.calendar.is_none());
}

#[test]
fn a_request_that_was_not_taken_says_so_and_that_nothing_is_due() {
    for status in [AppointmentStatus::Declined, AppointmentStatus::Expired] {
        let fact = AppointmentFact { status, ..appointment() };
        let content = content(Change::ended(status), &fact);
        assert_eq!(content.subject, "Request not taken: Tuesday 24 November, 9:15 am");
        assert!(content.body_text.contains("There is nothing to pay."), "{}", content.body_text);
        assert!(content.calendar.is_none() && !content.body_text.contains("/manage/"));
    }
    assert_eq!(Change::ended(AppointmentStatus::CancelledByPatient), Change::Cancelled);
}

#[test]
fn whoever_was_not_taken_reads_where_to_book_another_time() {
    let (page, times) = (
        format!("https://hellomapper.example/book/confirmed/{}", appointment().appointment_id),
        "https://hellomapper.example/providers/kim-lee-parramatta".to_owned(),
    );
    let account_id = Some(Uuid::from_u128(1).into());
    let mut gone = appointment();
    gone.role.bookable = false;
    for (fact, expected) in [
        (appointment(), Some(&times)),
        (AppointmentFact { account_id, ..appointment() }, Some(&page)),
        // The address of the other page would name whom the letter does not.
        (AppointmentFact { discreet: true, ..appointment() }, Some(&page)),
        (telling(), Some(&page)),
        (gone, None),
    ] {
        for status in [AppointmentStatus::Declined, AppointmentStatus::Expired] {
            let text = content(Change::NotTaken, &AppointmentFact { status, ..fact.clone() }).body_text;
            let led = [&page, &times].into_iter().find(|link| text.contains(link.as_str()));
            assert_eq!(led, expected, "{text}");
            assert_eq!(text.contains("You can book another time: "), expected.is_some(), "{text}");
        }
    }
    let stands = content(Change::Requested, &appointment()).body_text;
    assert!(!stands.contains("book another time"), "{stands}");
}

#[test]
fn a_visit_by_video_is_told_on_both_clocks_where_they_differ() {
    let mut video = AppointmentFact { telehealth: true, ..appointment() };
    video.role.address = BY_VIDEO.to_owned();
    let text = |fact: &AppointmentFact, own: Option<Zone>| {
        let told_at = "2026-11-22T00:00:00Z".parse().unwrap();
        let reader = Reader { own, ..Reader::of(Locale::English) };
        let draft = write(Change::Confirmed, fact, reader, &sender(), told_at).unwrap();
        draft.content.into_inner().body_text
    };
    let zone = |name: &str| name.parse::<Zone>().ok();
    let (perth, melbourne) = (zone("Australia/Perth"), zone("Australia/Melbourne"));
    let both = text(&video, perth);
    let place = "When: Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n";
    let own = "On your clock: Tuesday 24 November 2026, 6:15 am to 6:45 am, Perth time (UTC+8)\n";
    assert!(both.contains(&format!("{place}{own}")), "{both}");
    assert!(both.contains("\nWhere: Harbour Practice; Rooms, East, by video or phone\n"), "{both}");
    for one in [text(&video, None), text(&video, melbourne), text(&appointment(), perth)] {
        assert!(one.contains(place) && !one.contains("On your clock"), "{one}");
    }
}
