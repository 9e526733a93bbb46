//! Messages to a patient about a dispute: that the practice disputes what they said, and how a dispute was decided. They name no
//! side's words and no reason.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::{
    AudCents,
    bookings::{
        AppointmentFact, AppointmentStatus, DisputeFact,
        dispute::{DisputeParty, DisputeStatus, Instead},
    },
    payments::quote::QuoteTerms,
};

use super::{
    appointment::whom_and_where,
    clinical,
    locale::Locale,
    message::{About, Content, Draft, Template},
    reader::Reader,
    sender::Sender,
    templates::{ChangeHtml, ChangeText, ChangeWords, ReminderFact},
    words::{amount_words, span_words, start_words},
};

/// Writes it, for its reader; nothing to a patient who has just disputed it themselves.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(dispute: &DisputeFact, sender: &Sender, reader: Reader) -> askama::Result<Option<Draft>> {
    let Reader { names, locale, .. } = reader;
    let (template, heading) = match (dispute.status, dispute.opened_by) {
        (DisputeStatus::Open, DisputeParty::Patient) => return Ok(None),
        (DisputeStatus::Open, DisputeParty::Practice) => (Template::DisputeOpened, "dispute-opened-heading"),
        (DisputeStatus::Upheld | DisputeStatus::Rejected, DisputeParty::Patient | DisputeParty::Practice) => {
            (Template::DisputeDecided, "dispute-decided-heading")
        }
    };
    let fact = &clinical::as_shown(&dispute.appointment, names);
    let name = one_line(fact.patient_name.expose());
    let words = ChangeWords {
        lang: locale.tag(),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        heading: locale.say(heading, &[]),
        sentences: vec![locale.say(said(dispute), &[])],
        facts: facts(dispute, fact, locale),
        link: None,
        link_note: String::new(),
        closing: vec![closing(dispute, sender, locale)],
        why: locale.say("service-message", &[]),
    };
    let content = Content {
        subject: words.heading.clone(),
        body_text: ChangeText { words: &words }.render()?,
        body_html: ChangeHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Some(Draft {
        template,
        about: About::Booking(fact.booking_id),
        organization_id: fact.role.organization_id,
        recipient: fact.email.clone(),
        content: content.into(),
    }))
}

/// What it says, as the id of its words.
fn said(dispute: &DisputeFact) -> &'static str {
    match (dispute.status, dispute.instead) {
        (DisputeStatus::Upheld, Some(Instead::NobodyThere | Instead::CalledOff)) => {
            return "dispute-no-visit";
        }
        (DisputeStatus::Upheld, Some(Instead::DidNotGo)) => return "dispute-did-not-go",
        (DisputeStatus::Rejected, Some(_)) => return "dispute-took-place",
        (DisputeStatus::Open, Some(_)) | (_, None) => {}
    }
    match (dispute.status, dispute.opened_by) {
        (DisputeStatus::Open, DisputeParty::Patient | DisputeParty::Practice) => "dispute-answer",
        (DisputeStatus::Upheld, DisputeParty::Patient) => "dispute-not-held",
        (DisputeStatus::Rejected, DisputeParty::Patient) => "dispute-noted-stands",
        (DisputeStatus::Upheld, DisputeParty::Practice) => "dispute-was-there",
        (DisputeStatus::Rejected, DisputeParty::Practice) => "dispute-told-stands",
    }
}

fn facts(dispute: &DisputeFact, fact: &AppointmentFact, locale: Locale) -> Vec<ReminderFact> {
    let zone = fact.role.time_zone;
    let mut facts = vec![("reminder-when", span_words(fact.start, fact.end, zone, locale))];
    match dispute.status {
        DisputeStatus::Open => {
            facts.push(("requested-answer-by", start_words(dispute.answer_by, zone, locale)));
        }
        DisputeStatus::Upheld | DisputeStatus::Rejected => {
            facts.extend(fee_words(dispute, locale).map(|words| ("dispute-fee", words)));
        }
    }
    facts.extend(whom_and_where(fact));
    facts.into_iter().map(|(id, value)| ReminderFact { label: locale.say(id, &[]), value }).collect()
}

/// What is owed of a fee that was agreed: for cancelling late, or for not coming, which may cost something else.
fn fee_words(dispute: &DisputeFact, locale: Locale) -> Option<String> {
    let fact = &dispute.appointment;
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    let late = fact.policy.late_fee_cents;
    let not_coming = terms.map_or(late, |terms| terms.no_show_fee_cents);
    let is_agreed = (fact.status == AppointmentStatus::CancelledLate && late > AudCents::ZERO)
        || (fact.status == AppointmentStatus::NoShowPatient && not_coming > AudCents::ZERO);
    let fee = amount_words(dispute.late_fee_cents, locale);
    is_agreed.then(|| match dispute.late_fee_cents {
        AudCents::ZERO => locale.say("dispute-fee-none", &[]),
        // It may be taken already, and is not paid twice.
        _ if terms.is_some_and(QuoteTerms::needs_payment_step) => {
            locale.say("dispute-fee-card", &[("fee", &fee)])
        }
        _ => locale.say("dispute-fee-owed", &[("fee", &fee)]),
    })
}

/// Where to read more. What opens a booking is not kept, so a guest calls the practice.
fn closing(dispute: &DisputeFact, sender: &Sender, locale: Locale) -> String {
    let page = format!("{}/account/appointments", sender.public_url);
    match dispute.appointment.account_id {
        Some(_) => locale.say("dispute-why-account", &[("page", &page)]),
        None => locale.say("dispute-why-guest", &[]),
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        bookings::{
            AppointmentFact, AppointmentStatus, CancellationPolicy, DisputeFact, Quote,
            dispute::{DisputeParty, DisputeStatus, Instead},
        },
        payments::{
            funding::FundingMode,
            quote::{Collection, QuoteTerms, TaxCode},
        },
    };
    use uuid::Uuid;

    use super::write;
    use crate::domain::{
        fixtures::{appointment, sender},
        locale::Locale,
        reader::Reader,
    };

    fn dispute(opened_by: DisputeParty, status: DisputeStatus, owed: i64) -> DisputeFact {
        DisputeFact {
            dispute_id: Uuid::from_u128(1).into(),
            opened_by,
            answer_by: "2026-11-26T06:00:00Z".parse().unwrap(),
            status,
            appointment: AppointmentFact {
                status: AppointmentStatus::NoShowPatient,
                policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5_000) },
                ..appointment()
            },
            late_fee_cents: AudCents(owed),
            instead: None,
        }
    }

    fn text(dispute: &DisputeFact) -> String {
        write(dispute, &sender(), Reader::of(Locale::English))
            .unwrap()
            .unwrap()
            .content
            .into_inner()
            .body_text
    }

    #[test]
    fn a_decision_says_who_is_right_and_what_is_owed() {
        let upheld = text(&dispute(DisputeParty::Patient, DisputeStatus::Upheld, 0));
        assert!(upheld.contains("You are right.") && upheld.contains("Fee: Nothing is owed\n"), "{upheld}");
        let rejected = text(&dispute(DisputeParty::Patient, DisputeStatus::Rejected, 5_000));
        assert!(rejected.contains("What the practice noted stands."), "{rejected}");
        assert!(rejected.contains("stays owed to the practice\n"), "{rejected}");
        let absent = text(&dispute(DisputeParty::Practice, DisputeStatus::Upheld, 0));
        assert!(absent.contains("somebody was there for you"), "{absent}");
    }

    /// A card was given, and not coming costs something where cancelling late does not.
    fn charged(status: DisputeStatus, owed: i64) -> DisputeFact {
        let id = Uuid::from_u128;
        let mut dispute = dispute(DisputeParty::Patient, status, owed);
        let fact = &mut dispute.appointment;
        fact.policy.late_fee_cents = AudCents::ZERO;
        let terms = QuoteTerms {
            hold_id: id(6).into(),
            organization_id: id(4).into(),
            appointment_type_id: id(7).into(),
            start: fact.start,
            funding: FundingMode::Private,
            collection: Collection::AfterVisit,
            tax_code: TaxCode::FreeHealth,
            total_cents: AudCents(8_500),
            deposit_cents: AudCents::ZERO,
            late_fee_cents: AudCents::ZERO,
            no_show_fee_cents: AudCents(5_000),
            free_until_hours: 24,
        };
        fact.quote = Some(Quote {
            quote_id: fact.quote_id,
            booking_id: fact.booking_id,
            fee_cents: AudCents(8_500),
            rebate_cents: AudCents::ZERO,
            gap_cents: AudCents(8_500),
            expires_at: fact.start,
            terms: Some(terms),
            kid: "k1".to_owned(),
            signature: String::new(),
        });
        dispute
    }

    #[test]
    fn what_not_coming_costs_is_said_and_what_a_card_paid_is_not_asked_for_again() {
        let kept = text(&charged(DisputeStatus::Rejected, 5_000));
        assert!(kept.contains("Fee: $50 stays: what was not taken from your card is owed"), "{kept}");
        let reversed = text(&charged(DisputeStatus::Upheld, 0));
        assert!(reversed.contains("Fee: Nothing is owed\n"), "{reversed}");
    }

    #[test]
    fn a_visit_that_did_not_take_place_is_said_to_be_none_and_its_money_to_go_back() {
        let decided = |status, instead| {
            let dispute = dispute(DisputeParty::Patient, status, 0);
            text(&DisputeFact { instead: Some(instead), ..dispute })
        };
        for instead in [Instead::NobodyThere, Instead::CalledOff] {
            let upheld = decided(DisputeStatus::Upheld, instead);
            assert!(upheld.contains("What was taken for it goes back."), "{upheld}");
        }
        let not_gone = decided(DisputeStatus::Upheld, Instead::DidNotGo);
        assert!(not_gone.contains("what was taken beyond it goes back"), "{not_gone}");
        let rejected = decided(DisputeStatus::Rejected, Instead::NobodyThere);
        assert!(rejected.contains("The visit counts as having taken place."), "{rejected}");
    }

    #[test]
    fn who_disputes_knows_it_and_the_other_side_is_asked() {
        let own = dispute(DisputeParty::Patient, DisputeStatus::Open, 5_000);
        assert!(write(&own, &sender(), Reader::of(Locale::English)).unwrap().is_none());
        let theirs = text(&dispute(DisputeParty::Practice, DisputeStatus::Open, 0));
        assert!(theirs.contains("Answer by: Thursday 26 November, 5:00 pm\n"), "{theirs}");
    }

    #[test]
    fn a_name_that_tells_what_for_stays_out() {
        let mut telling = dispute(DisputeParty::Patient, DisputeStatus::Upheld, 0);
        telling.appointment.role.organization_name = Some("Parramatta Physiotherapy".to_owned());
        let text = text(&telling);
        assert!(!text.contains("Physio") && text.contains("Kim Lee"), "{text}");
    }

    #[test]
    fn a_discreet_one_names_nobody() {
        let mut discreet = dispute(DisputeParty::Patient, DisputeStatus::Upheld, 0);
        discreet.appointment.discreet = true;
        let text = text(&discreet);
        for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
            assert!(!text.contains(absent), "{absent}: {text}");
        }
    }
}
