//! By which ways somebody is told something, and in which order they are tried.

use shared_types::{personal::Personal, users::ContactChannel};

use super::plan::Why;

/// A step of telling somebody what is no reminder, which is what concerns their booking or their money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The letter.
    Mail,
    /// A text message that says the same in short.
    Text,
    /// A notice, on the site and by web push, that a letter could not be delivered.
    Notice,
}

/// The order in which those steps are tried, each once the one before it has failed. What happened to an appointment is told in a notice
/// beside the first of them at once, to whoever has not switched those off: a notice interrupts nobody, and it stands in for no letter.
pub const SERVICE_ORDER: [Step; 3] = [Step::Mail, Step::Text, Step::Notice];

/// Which steps can be taken for somebody, as they and we can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// They want text messages, have a mobile, and what is to be told has words for one.
    pub text: bool,
    /// They have an account that looks after the booking.
    pub notice: bool,
}

/// What is tried once a step has failed.
pub fn after(failed: Step, open: Open) -> Option<Step> {
    SERVICE_ORDER.into_iter().skip_while(|step| *step != failed).skip(1).find(|step| match step {
        Step::Mail => false,
        Step::Text => open.text,
        Step::Notice => open.notice,
    })
}

/// What a patient has said about being reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// By what; nothing means not at all.
    pub contact_by: Vec<ContactChannel>,
    /// A mobile in E.164.
    pub mobile: Option<Personal<String>>,
    /// The preferred language, an ISO 639 code.
    pub language: String,
}

impl Wishes {
    /// Of a guest who agreed to a text message where a letter does not arrive; see [`letters_first`].
    pub fn of_guest(mobile: Personal<String>) -> Self {
        let contact_by = vec![ContactChannel::Email, ContactChannel::Sms];
        Self { contact_by, mobile: Some(mobile), language: "en".to_owned() }
    }
}

/// The way that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the address that was given with the booking.
    Mail,
    /// To that mobile.
    Text(Personal<String>),
}

/// The channels of a reminder in the order for a guest, who has agreed to a text message where a letter does not arrive and to none
/// before it.
pub fn letters_first(channels: &[ContactChannel]) -> Vec<ContactChannel> {
    let (letters, others): (Vec<_>, Vec<_>) =
        channels.iter().copied().partition(|channel| *channel == ContactChannel::Email);
    [letters, others].concat()
}

/// A way, and those that are left if it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The way that is taken.
    pub way: Way,
    /// What can be tried after it, in order.
    pub left: Vec<ContactChannel>,
}

/// What can be done with text messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// None can be sent.
    None,
    /// They can be sent, and nobody reads what is answered.
    OneWay,
    /// They can be sent, and answers reach us.
    Answered,
}

/// What can be sent at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Works {
    /// The booking has an address, at which nobody has asked for no more reminders.
    pub mail: bool,
    /// There is a gateway for text messages, and nobody at the number has asked for no more.
    pub texts: bool,
}

/// The first of the channels that the patient wants and that works. Somebody who has told us nothing, such as a guest, is
/// written to by mail, as about everything else.
///
/// # Errors
/// Why there is none.
pub fn choose(channels: &[ContactChannel], wishes: Option<&Wishes>, works: Works) -> Result<Choice, Why> {
    if wishes.is_some_and(|wishes| wishes.contact_by.is_empty()) {
        return Err(Why::Unwanted);
    }
    let way = |channel: ContactChannel| match (channel, wishes) {
        (channel, Some(wishes)) if !wishes.contact_by.contains(&channel) => None,
        (ContactChannel::Email, _) => works.mail.then_some(Way::Mail),
        (ContactChannel::Sms, None) => None,
        (ContactChannel::Sms, Some(wishes)) => wishes.mobile.clone().filter(|_| works.texts).map(Way::Text),
    };
    let mut ways = channels.iter().enumerate().filter_map(|(at, channel)| Some((at, way(*channel)?)));
    let (at, way) = ways.next().ok_or(Why::Unreachable)?;
    Ok(Choice { way, left: channels.iter().skip(at + 1).copied().collect() })
}

#[cfg(test)]
mod tests {
    use shared_types::users::ContactChannel::{self, Email, Sms};

    use super::{Choice, Open, SERVICE_ORDER, Step, Way, Why, Wishes, Works, after, choose, letters_first};

    const ALL: Works = Works { mail: true, texts: true };

    fn wishes(contact_by: &[ContactChannel], mobile: bool) -> Wishes {
        Wishes {
            contact_by: contact_by.to_vec(),
            mobile: mobile.then(|| "+61491570006".to_owned().into()),
            language: "en".to_owned(),
        }
    }

    fn text() -> Way {
        Way::Text("+61491570006".to_owned().into())
    }

    #[test]
    fn a_letter_is_tried_first_then_a_text_and_a_notice_says_what_neither_could() {
        assert_eq!(SERVICE_ORDER, [Step::Mail, Step::Text, Step::Notice]);
        for (text, notice, after_mail, after_text) in [
            (true, true, Some(Step::Text), Some(Step::Notice)),
            (true, false, Some(Step::Text), None),
            (false, true, Some(Step::Notice), Some(Step::Notice)),
            (false, false, None, None),
        ] {
            let open = Open { text, notice };
            assert_eq!(
                (after(Step::Mail, open), after(Step::Text, open)),
                (after_mail, after_text),
                "{open:?}"
            );
            assert_eq!(after(Step::Notice, open), None, "it is the last");
        }
    }

    #[test]
    fn a_guest_who_agreed_to_texts_is_sent_none_before_a_letter() {
        for channels in [[Sms, Email], [Email, Sms]] {
            assert_eq!(letters_first(&channels), [Email, Sms]);
        }
        assert_eq!(letters_first(&[Sms]), [Sms]);
    }

    #[test]
    fn a_guest_is_reminded_by_mail() {
        for channels in [[Email, Sms], [Sms, Email]] {
            assert_eq!(choose(&channels, None, ALL).unwrap().way, Way::Mail);
            assert_eq!(choose(&channels, None, Works { mail: false, ..ALL }), Err(Why::Unreachable));
        }
    }

    #[test]
    fn what_a_patient_wants_goes_before_what_we_would_choose() {
        let both = wishes(&[Email, Sms], true);
        assert_eq!(choose(&[Sms, Email], Some(&both), ALL), Ok(Choice { way: text(), left: vec![Email] }));
        assert_eq!(choose(&[Email, Sms], Some(&both), ALL), Ok(Choice { way: Way::Mail, left: vec![Sms] }));
        let mail_only = wishes(&[Email], true);
        assert_eq!(choose(&[Sms, Email], Some(&mail_only), ALL).unwrap().way, Way::Mail);
        assert_eq!(choose(&[Email, Sms], Some(&wishes(&[], true)), ALL), Err(Why::Unwanted));
    }

    #[test]
    fn a_way_that_does_not_work_gives_the_turn_to_the_next() {
        let both = wishes(&[Email, Sms], true);
        let mail_only = Works { texts: false, ..ALL };
        assert_eq!(choose(&[Sms, Email], Some(&both), mail_only).unwrap().way, Way::Mail);
        assert_eq!(choose(&[Email], Some(&both), ALL), Ok(Choice { way: Way::Mail, left: vec![] }));
        assert_eq!(choose(&[], Some(&both), ALL), Err(Why::Unreachable));
        assert_eq!(choose(&[Sms, Email], Some(&wishes(&[Sms], true)), mail_only), Err(Why::Unreachable));
        assert_eq!(choose(&[Sms, Email], Some(&wishes(&[Sms], false)), ALL), Err(Why::Unreachable));
    }
}
