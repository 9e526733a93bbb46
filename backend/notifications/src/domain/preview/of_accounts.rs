//! What is told of an account that is made up, what asks somebody to join a practice or to agree to something, and the code that shows
//! who reads a booking's mail. They go by mail alone, but for what offers a time.

use jiff::SignedDuration;
use shared_types::{
    bookings::ManageCodeFact,
    users::{AccountMail, InvitationFact, InvitationKind, MailPractice, MailRequest},
};
use uuid::Uuid;

use super::{SECRET, made_up};
use crate::domain::{
    account, appointment, invitation, locale::Locale, message::Draft, sender::Sender, upcoming::Upcoming,
};

/// Those whose link proves who reads the mail.
const PROVING: [AccountMail; 3] =
    [AccountMail::VerifyEmail, AccountMail::ResetPassword, AccountMail::ChangeEmail];
/// Those that ask something of a practice, which has a day for an answer.
const ASKING: [AccountMail; 2] = [AccountMail::RequestWaits, AccountMail::AbsenceSaid];
const INVITATIONS: [InvitationKind; 4] =
    [InvitationKind::Staff, InvitationKind::Carer, InvitationKind::CaredFor, InvitationKind::OwnRecord];

/// Each of them in a language, and whether it names nobody.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn letters(locale: Locale, sender: &Sender) -> askama::Result<Vec<(Draft, bool)>> {
    let Upcoming { booking_id, start, zone, organization_name, email, .. } = made_up();
    let asked_at = start - SignedDuration::from_hours(48);
    let mut letters = Vec::new();
    for mail in AccountMail::ALL {
        let proves = PROVING.contains(&mail);
        let lasts = match mail {
            AccountMail::TimeOffered => Some(SignedDuration::from_mins(30)),
            _ if proves || ASKING.contains(&mail) => Some(SignedDuration::from_hours(24)),
            _ => None,
        };
        let request = MailRequest {
            mail,
            account_id: Uuid::nil().into(),
            email: email.clone(),
            token: proves.then(|| SECRET.to_owned().into()),
            expires_at: lasts.map(|lasts| asked_at + lasts),
            device: (mail == AccountMail::NewDevice).then(|| "Firefox on Linux".to_owned()),
            practice: ASKING
                .contains(&mail)
                .then(|| MailPractice { organization_id: Uuid::nil().into(), time_zone: zone }),
        };
        letters.push((account::write(&request, sender, asked_at, locale)?, true));
    }
    for kind in INVITATIONS {
        let names_practice = kind == InvitationKind::Staff;
        let fact = InvitationFact {
            invitation_id: Uuid::nil().into(),
            kind,
            email: email.clone(),
            organization_name: organization_name.clone().filter(|_| names_practice),
            token: SECRET.to_owned().into(),
            expires_at: asked_at + SignedDuration::from_hours(7 * 24),
        };
        letters.push((invitation::write(&fact, sender, locale)?, !names_practice));
    }
    let code = ManageCodeFact {
        booking_id,
        email,
        code: "000000".to_owned().into(),
        expires_at: asked_at + SignedDuration::from_mins(10),
    };
    letters.push((appointment::write_code(&code, asked_at, locale)?, true));
    Ok(letters)
}
