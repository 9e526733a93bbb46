//! A dispute as all who may see it read it: both sides' words, how it stands, and what became of the fee.

use shared_types::{
    Zone,
    bookings::{
        AppointmentStatus,
        dispute::{DecisionReason, Dispute, DisputeParty, DisputeStatus, FeeStanding, Instead, LateFee},
    },
};
use yew::prelude::*;

use super::{booking_summary::pair, booking_words::Pair, times_rest::long_when};

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Patient,
    Practice,
    Administrator,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DisputeViewProps {
    pub dispute: Dispute,
    /// The place's zone.
    pub zone: Zone,
    pub reader: Reader,
}

/// What was said, and what came of it.
#[component]
pub fn DisputeView(props: &DisputeViewProps) -> Html {
    let DisputeViewProps { dispute, zone, reader } = props;
    let at = |instant| long_when(instant, *zone);
    let opener = side_words(dispute.opened_by, *reader);
    let other = side_words(other_side(dispute.opened_by), *reader);
    let said = format!("{opener} said, {}", at(dispute.opened_at));
    let chosen = dispute.instead.map(|instead| instead_words(instead, *reader).to_owned());
    let words = chosen.unwrap_or_else(|| dispute.text.expose().clone());
    let answered = dispute.answered_at.map(|when| format!("{other} said, {}", at(when)));
    html! {
        <div class="stack">
            <p><strong>{ standing_words(dispute, *zone) }</strong></p>
            <dl class="pairs pairs--ruled">
                <key="said"><dt>{ said }</dt><dd class="prose">{ words }</dd></>
                if let (Some(words), Some(answer)) = (answered, &dispute.answer) {
                    <key="answer"><dt>{ words }</dt><dd class="prose">{ answer.expose() }</dd></>
                }
                { for decision(dispute, *zone).into_iter().map(pair) }
            </dl>
        </div>
    }
}

/// The side that did not dispute it.
pub fn other_side(party: DisputeParty) -> DisputeParty {
    match party {
        DisputeParty::Patient => DisputeParty::Practice,
        DisputeParty::Practice => DisputeParty::Patient,
    }
}

fn side_words(party: DisputeParty, reader: Reader) -> &'static str {
    match (party, reader) {
        (DisputeParty::Patient, Reader::Patient) | (DisputeParty::Practice, Reader::Practice) => "You",
        (DisputeParty::Patient, Reader::Practice | Reader::Administrator) => "The patient",
        (DisputeParty::Practice, Reader::Patient | Reader::Administrator) => "The practice",
    }
}

fn standing_words(dispute: &Dispute, zone: Zone) -> String {
    match dispute.status {
        DisputeStatus::Open if dispute.answer.is_some() => {
            "An administrator of HelloMapper decides it.".to_owned()
        }
        DisputeStatus::Open => {
            format!(
                "It can be answered until {}. Then an administrator decides.",
                long_when(dispute.answer_by, zone)
            )
        }
        DisputeStatus::Upheld => match dispute.opened_by {
            DisputeParty::Patient => "Decided: the patient is right.".to_owned(),
            DisputeParty::Practice => "Decided: the practice is right.".to_owned(),
        },
        DisputeStatus::Rejected => "Decided: what was noted stands.".to_owned(),
    }
}

fn decision(dispute: &Dispute, zone: Zone) -> Vec<Pair> {
    let note = dispute.note.as_ref().map(|note| note.expose().clone()).filter(|note| !note.is_empty());
    let why = dispute.reason.map(|reason| ("Why", decision_words(reason).to_owned(), note));
    let when = dispute.decided_at.map(|at| ("Decided", long_when(at, zone), None));
    why.into_iter().chain(when).collect()
}

/// What happened instead of a visit that nobody marked, as the patient says.
pub fn instead_words(instead: Instead, reader: Reader) -> &'static str {
    match (instead, reader) {
        (Instead::NobodyThere, Reader::Patient) => "I was there and nobody saw me",
        (Instead::CalledOff, Reader::Patient) => "The practice had called it off",
        (Instead::DidNotGo, Reader::Patient) => "I did not go",
        (Instead::NobodyThere, Reader::Practice | Reader::Administrator) => {
            "The patient was there and nobody saw them"
        }
        (Instead::CalledOff, Reader::Practice | Reader::Administrator) => "The practice had called it off",
        (Instead::DidNotGo, Reader::Practice | Reader::Administrator) => "The patient did not go",
    }
}

/// Why a dispute was decided as it was.
pub fn decision_words(reason: DecisionReason) -> &'static str {
    match reason {
        DecisionReason::TimesShowIt => "The times that were noted show it",
        DecisionReason::OtherSideAgrees => "The other side agrees",
        DecisionReason::NoAnswer => "The other side did not answer",
        DecisionReason::NothingAgainst => "Nothing speaks against what was noted",
        DecisionReason::BeyondControl => "Something came in between that nobody could help",
    }
}

/// What was noted of an appointment, where it can be disputed.
pub fn noted_words(status: AppointmentStatus) -> &'static str {
    match status {
        AppointmentStatus::NoShowPatient => "The patient did not come",
        AppointmentStatus::NoShowProvider => "The practitioner did not come",
        AppointmentStatus::CancelledLate => "Cancelled late by the patient",
        AppointmentStatus::Completed => "It took place, as nobody said otherwise",
        AppointmentStatus::CancelledByProvider => "The practice had called it off",
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::EnteredInError => "Something else",
    }
}

/// What became of a fee.
pub fn fee_words(fee: LateFee) -> String {
    match fee.standing {
        FeeStanding::Pending => {
            format!(
                "{} is agreed for this: it is taken from the card that was given, or the practice may ask for it.",
                fee.fee_cents
            )
        }
        FeeStanding::Waived => {
            format!("{} is not owed: somebody else took the time, or the practice let it go.", fee.fee_cents)
        }
        FeeStanding::Reversed => format!("{} is not owed: that was decided.", fee.fee_cents),
        FeeStanding::Kept => format!("{} stays: that was decided.", fee.fee_cents),
    }
}
