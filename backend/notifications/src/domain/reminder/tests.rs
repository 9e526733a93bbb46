use super::{Kind, Links, Locale, WayOut, how_to_cancel, not_read, write, write_text};
use shared_types::notifications::ReminderNames;

use crate::domain::{
    fixtures::{BY_VIDEO, sender, upcoming},
    message::Content,
    segments::parts,
    upcoming::Upcoming,
};

fn mail(upcoming: &Upcoming, has_account: bool) -> Content {
    let links = Links {
        attend: sender().attend_link("a77e"),
        cancel: sender().cancel_link("ca2c"),
        unsubscribe: "https://hellomapper.example/unsubscribe/e2d0".to_owned(),
    };
    let draft = write(Kind::TwoDays, upcoming, has_account, &links, &sender(), Locale::English);
    draft.unwrap().content.into_inner()
}

fn sms(upcoming: &Upcoming) -> String {
    text(upcoming, WayOut::None)
}

fn text(upcoming: &Upcoming, way_out: WayOut) -> String {
    let mobile = "+61491570006".to_owned().into();
    let draft = write_text(Kind::ThreeHours, upcoming, mobile, way_out, &sender(), Locale::English);
    draft.text.into_inner()
}

#[test]
fn a_reminder_says_when_with_whom_and_where() {
    let content = mail(&upcoming(), false);
    assert_eq!(content.subject, "Reminder: appointment on Tuesday 24 November, 9:15 am");
    assert_eq!(
        content.body_text.trim_end(),
        "Hello Ada Nguyen,\n\
         \n\
         You have an appointment.\n\
         \n\
         When: Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n\
         With: Kim Lee\n\
         Where: Harbour Practice, 1 Example Street, Parramatta NSW 2150\n\
         Phone: (02) 5550 1234\n\
         \n\
         I will come:\n\
         https://hellomapper.example/reply/yes/a77e\n\
         \n\
         I cannot come:\n\
         https://hellomapper.example/reply/no/ca2c\n\
         \n\
         These links are for this appointment alone and work until it begins. The second first makes sure that it is \
         you, and says what cancelling costs before anything is cancelled.\n\
         To see, move or cancel it, use the link in our first message about it.\n\
         If you cannot come, please say so early.\n\
         If this is not your appointment, you need do nothing more.\n\
         \n\
         No more reminders to this address:\n\
         https://hellomapper.example/unsubscribe/e2d0"
    );
    for link in ["/reply/yes/a77e", "/reply/no/ca2c", "/unsubscribe/e2d0"] {
        assert!(content.body_html.contains(&format!("href=\"https://hellomapper.example{link}\"")), "{link}");
    }
    for line in content.body_text.lines().filter(|line| line.contains(": ")) {
        let value = line.split_once(": ").map(|(_, value)| value).unwrap();
        assert!(content.body_html.contains(value), "{value:?} is only in the text:\n{}", content.body_html);
    }
    for absent in ["<img", "<script", "style", "src="] {
        assert!(!content.body_html.contains(absent), "{absent} is there:\n{}", content.body_html);
    }
}

#[test]
fn a_reminder_of_a_visit_by_video_sends_nobody_to_the_practice() {
    let video = Upcoming { address: BY_VIDEO.to_owned(), ..upcoming() };
    let text = mail(&video, false).body_text;
    assert!(text.contains("\nWhere: Harbour Practice, by video or phone\n"), "{text}");
}

#[test]
fn whoever_has_an_account_is_led_there() {
    let content = mail(&upcoming(), true);
    for body in [&content.body_text, &content.body_html] {
        assert!(body.contains("https://hellomapper.example/account/appointments"), "{body}");
        assert!(body.contains("You can choose in your account how you are reminded."), "{body}");
    }
}

/// C-50: no clinical word, whatever the practice is called.
#[test]
fn names_that_tell_what_for_stay_out() {
    let telling = Upcoming {
        organization_name: Some("Parramatta Physiotherapy".to_owned()),
        practitioner_name: "Kim Lee, Psychologist".to_owned(),
        address: "Cancer Centre, 1 Example Street".to_owned(),
        ..upcoming()
    };
    let content = mail(&telling, false);
    for words in [content.subject, content.body_text, content.body_html, sms(&telling)] {
        for absent in ["Physio", "Psycho", "Kim", "Cancer"] {
            assert!(!words.contains(absent), "{absent}:\n{words}");
        }
        assert!(words.contains("appointment"), "{words}");
    }
}

/// What a patient has asked for goes before what we would choose, in both directions.
#[test]
fn a_patient_chooses_which_names_a_reminder_has() {
    let telling = |names| Upcoming {
        organization_name: Some("Parramatta Physiotherapy".to_owned()),
        names,
        ..upcoming()
    };
    let all = telling(ReminderNames::All);
    assert!(
        mail(&all, true).body_text.contains("Parramatta Physiotherapy")
            && sms(&all).contains("Physiotherapy")
    );
    let none = telling(ReminderNames::None);
    for words in [mail(&none, true).body_text, sms(&none)] {
        for absent in ["Physio", "Kim Lee", "Example Street", "5550"] {
            assert!(!words.contains(absent), "{absent}:\n{words}");
        }
    }
    let discreet = Upcoming { discreet: true, ..all };
    assert!(!mail(&discreet, true).body_text.contains("Physio"), "the practice keeps it so");
}

#[test]
fn a_discreet_reminder_says_appointment_and_when() {
    let discreet = Upcoming { discreet: true, ..upcoming() };
    let content = mail(&discreet, false);
    for words in [&content.subject, &content.body_text, &content.body_html, &sms(&discreet)] {
        for absent in ["Kim", "Lee", "Harbour", "Example Street", "Parramatta", "5550"] {
            assert!(!words.contains(absent), "{absent}:\n{words}");
        }
    }
    assert!(content.body_text.contains("Your booking page also shows with whom and where it is."));
}

#[test]
fn a_text_message_is_one_part_and_says_who_writes() {
    let text = sms(&upcoming());
    assert_eq!(
        text,
        "HelloMapper: appointment at Harbour Practice on Tue 24 Nov, 9:15 am (Sydney time). To move or cancel it, call \
         (02) 5550 1234."
    );
    assert_eq!(parts(&text), 1);
    let without_phone = Upcoming { phone: None, ..upcoming() };
    assert_eq!(
        sms(&without_phone),
        "HelloMapper: appointment on Tue 24 Nov, 9:15 am (Sydney time). To move or cancel it, use our first e-mail about \
         it."
    );
    let without_address = Upcoming { email: String::new().into(), ..without_phone };
    assert_eq!(
        sms(&without_address),
        "HelloMapper: appointment on Tue 24 Nov, 9:15 am (Sydney time). To move or cancel it, call the practice."
    );
}

#[test]
fn how_to_answer_is_said_only_where_somebody_hears_it() {
    let how = " Reply Y if you will come, N if not, STOP for no more texts.";
    let (answered, alone) = (text(&upcoming(), WayOut::Answer), sms(&upcoming()));
    assert!(answered.ends_with(how) && parts(&answered) <= 2, "{answered}");
    assert!(!alone.contains("Reply"), "{alone}");
}

/// C-50: a reminder is no service message, and nobody hears `STOP` where a registered name writes (C-51).
#[test]
fn where_nobody_hears_an_answer_it_says_where_to_end_texts() {
    let how = " To end texts: https://hellomapper.example/account/profile";
    let long = Upcoming { organization_name: Some("Harbour ".repeat(20)), ..upcoming() };
    for (upcoming, names_practice) in [(upcoming(), true), (long, false)] {
        let text = text(&upcoming, WayOut::Account);
        assert!(text.ends_with(how) && !text.contains("Reply") && parts(&text) <= 2, "{text}");
        assert_eq!(text.contains("appointment at Harbour"), names_practice, "{text}");
        assert!(text.contains("call (02) 5550 1234."), "{text}");
    }
}

#[test]
fn what_comes_back_names_nothing_of_the_appointment() {
    let how = how_to_cancel(&sender(), "0123456789abcdef0123456789abcdef", Locale::English);
    assert_eq!(
        how,
        "HelloMapper: nothing is cancelled yet. This page makes sure that it is you, says what cancelling costs and lets \
         you cancel: https://hellomapper.example/reply/no/0123456789abcdef0123456789abcdef"
    );
    let unread = not_read(&sender(), Locale::English);
    assert!(
        parts(&how) <= 2 && unread.starts_with("HelloMapper: we could not tell what you mean"),
        "{unread}"
    );
}

#[test]
fn no_name_makes_a_text_message_longer_than_two_parts() {
    let long = Upcoming { organization_name: Some("Harbour ".repeat(60)), ..upcoming() };
    assert!(sms(&long).starts_with("HelloMapper: appointment on Tue 24 Nov"));
    let other_letters = Upcoming { organization_name: Some("阮".repeat(70)), ..upcoming() };
    assert_eq!(parts(&sms(&other_letters)), 1);
}

#[test]
fn what_people_write_stays_on_its_line_and_is_no_markup() {
    let forged = Upcoming {
        patient_name: "Ada\r\nBcc: eve@example.org\r\n<script>".to_owned().into(),
        organization_name: Some("Harbour\nPractice".to_owned()),
        ..upcoming()
    };
    let content = mail(&forged, false);
    assert!(content.body_text.starts_with("Hello Ada Bcc: eve@example.org <script>,"));
    assert!(!content.body_html.contains("<script>"), "{}", content.body_html);
    assert!(sms(&forged).contains("at Harbour Practice on"));
}
