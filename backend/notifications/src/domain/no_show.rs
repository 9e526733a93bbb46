//! That somebody noted that the patient did not come, what that costs, and how the patient says that it was otherwise. It names the
//! practice, if its name tells nothing clinical, and nobody else.

use shared_types::{AudCents, bookings::NoShowFact};

use super::{
    locale::Locale,
    message::{Draft, Template},
    presumed::{Presumed, Said},
    sender::Sender,
    words::amount_words,
};

/// What the letter is about.
#[derive(Clone, Debug)]
pub struct NoShow {
    /// Which visit, whose it is, until when and where they say that it was otherwise.
    pub visit: Presumed,
    /// What is owed.
    pub fee_cents: AudCents,
    /// Whether it counted as having taken place until now.
    pub presumed: bool,
}

impl NoShow {
    /// As it was told.
    pub fn of(told: &NoShowFact, sender: &Sender) -> Self {
        Self {
            visit: Presumed::of(&told.appointment, told.dispute_by, sender),
            fee_cents: told.appointment.late_fee_cents,
            presumed: told.presumed,
        }
    }
}

/// Writes it.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(noted: &NoShow, locale: Locale) -> askama::Result<Draft> {
    let fee = amount_words(noted.fee_cents, locale);
    let say = |id: &str| noted.visit.say(locale, id, &[("fee", &fee)]);
    let mut sentences = vec![say("no-show-why")];
    if noted.presumed {
        sentences.push(say("no-show-replaces"));
    }
    let owed = if noted.fee_cents > AudCents::ZERO { "no-show-fee" } else { "no-show-no-fee" };
    sentences.extend([say(owed), say("no-show-say")]);
    sentences.extend(noted.visit.how_to_object(locale));
    noted.visit.letter(
        locale,
        Said {
            template: Template::NoShowNoted,
            subject: say("no-show-subject"),
            heading: say("no-show-heading"),
            sentences,
            link: say("no-show-link"),
        },
    )
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        bookings::{AppointmentFact, AppointmentStatus, NoShowFact},
    };
    use uuid::Uuid;

    use super::{NoShow, write};
    use crate::domain::{
        clinical,
        fixtures::{appointment, sender},
        locale::Locale,
        message::Content,
    };

    fn letter(appointment: AppointmentFact, owed: i64, presumed: bool) -> Content {
        let status = AppointmentStatus::NoShowPatient;
        let appointment = AppointmentFact { status, late_fee_cents: AudCents(owed), ..appointment };
        let dispute_by = "2026-12-01T12:15:00Z".parse().unwrap();
        let told = NoShowFact { appointment, dispute_by, presumed };
        write(&NoShow::of(&told, &sender()), Locale::English).unwrap().content.into_inner()
    }

    #[test]
    fn it_says_what_is_noted_what_it_costs_until_when_to_object_and_where() {
        let content = letter(appointment(), 5_000, true);
        assert_eq!(
            content.subject,
            "Noted that you did not come: your appointment on Tuesday 24 November, 9:15 am"
        );
        for part in [
            "Hello Ada Nguyen,\n",
            "Harbour Practice; Rooms, East noted that you did not come on Tuesday 24 November, 9:15 am.\n",
            "Until now your visit counted as having taken place. It does not any more.\n",
            "What was agreed about not coming counts: a fee of $50.\n",
            "If it was otherwise, say so by Tuesday 1 December, 11:15 pm.\n",
            "https://hellomapper.example/manage/0123456789abcdef0123456789abcdef\n",
        ] {
            assert!(content.body_text.contains(part), "{part:?} is missing:\n{}", content.body_text);
        }
        assert!(
            content.body_html.contains("href=\"https://hellomapper.example/manage/")
                && content.calendar.is_none()
        );
        assert!(clinical::is_plain(&content.body_text) && clinical::is_plain(&content.subject));
        for absent in ["Kim", "Pelvic", "Physio", "5550"] {
            assert!(!content.body_text.contains(absent) && !content.body_html.contains(absent), "{absent}");
        }
    }

    #[test]
    fn what_did_not_count_before_is_not_taken_back_and_what_costs_nothing_is_said_to() {
        let account_id = Some(Uuid::from_u128(1).into());
        let member = AppointmentFact { account_id, manage_token: None, ..appointment() };
        let text = letter(member, 0, false).body_text;
        assert!(text.contains("There is no fee for it.\n") && !text.contains("Until now"), "{text}");
        assert!(text.contains("https://hellomapper.example/account/appointments\n"), "{text}");
    }

    #[test]
    fn a_discreet_practice_is_not_named() {
        let discreet = letter(AppointmentFact { discreet: true, ..appointment() }, 5_000, false);
        assert!(discreet.body_text.contains("The practice noted that"), "{}", discreet.body_text);
        assert!(!discreet.body_text.contains("Harbour"), "{}", discreet.body_text);
    }
}
