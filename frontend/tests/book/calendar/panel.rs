//! The panel of one entry: what can be done with it, said before it is done.

use std::rc::Rc;

use frontend::pages::{
    account::Own,
    calendar::{
        entry_panel::{EntryPanelProps, EntryParts, EntryPartsProps, PARTS},
        propose_form::{NewTime, NewTimeProps},
    },
    practice_desk::Desk,
};
use serde_json::json;
use shared_types::{
    AudCents, OrganizationId, ProposalId, Zone,
    bookings::{
        mistake::{IfMistake, MoneyMoved},
        practice::{ActName, PracticeRoles, Reachable},
        proposal::{NotTaken, Proposed},
    },
    users::StaffRole,
};
use uuid::Uuid;
use yew::Callback;

use super::{ID, all};
use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

/// The nth appointment of the list, as staff of that role see it.
fn opened(nth: usize, role: StaffRole) -> EntryPanelProps {
    let me = serde_json::from_value(json!({
        "account_id": ID,
        "email": "robin@example.org",
        "patient_id": null,
        "acts_for": [],
        "memberships": [],
        "platform": [],
        "strength": "passkey",
        "signed_in_at": "2026-11-22T22:00:00Z",
        "totp": false,
        "passkeys": 0,
        "recovery_codes_left": 0,
        "keys": null,
    }));
    EntryPanelProps {
        entry: all()[nth].clone(),
        desk: Desk {
            me: Own(Rc::new(me.unwrap())),
            organization_id: OrganizationId(Uuid::from_u128(9)),
            name: "Wattle Lane Physio".into(),
            roles: Rc::new([role]),
        },
        roles: Rc::new(PracticeRoles { items: Vec::new(), as_of: as_of() }),
        on_put: Callback::noop(),
        on_change: Callback::noop(),
    }
}

#[tokio::test]
async fn who_sees_to_the_money_can_ask_whether_a_visit_can_be_bulk_billed_instead() {
    let question = "Can it be bulk billed instead?";
    // Neither those who do not, nor of what was cancelled.
    for (nth, role, asks) in
        [(0, StaffRole::Owner, true), (0, StaffRole::Reception, false), (2, StaffRole::Owner, false)]
    {
        let shown = html::<EntryParts>(move || EntryPartsProps { of: opened(nth, role), parts: PARTS }).await;
        assert_eq!(shown.contains(question), asks, "{nth} {role:?}: {shown}");
    }
}

#[tokio::test]
async fn who_was_fitted_in_stays_so_once_nothing_is_beside_them() {
    let shown = |fitted_in| {
        html::<EntryParts>(move || {
            let mut of = opened(0, StaffRole::Reception);
            Rc::make_mut(&mut of.entry.appointment).fitted_in = fitted_in;
            EntryPartsProps { of, parts: PARTS }
        })
    };
    let stays = "It stays marked as fitted in when that is cancelled or moved.";
    let words = ["Fitted in", "Beside what was there then", stays];
    in_order(&shown(true).await, &words);
    assert!(!shown(false).await.contains(words[0]));
}

/// Bookings does not know whether it was charged: that is asked of the money, by those who see to it.
#[tokio::test]
async fn a_fee_was_charged_or_is_owed_and_who_sees_to_the_money_can_ask_which() {
    for (role, asks) in [(StaffRole::Owner, true), (StaffRole::Reception, false)] {
        let html = html::<EntryParts>(move || {
            let mut of = opened(0, role);
            Rc::make_mut(&mut of.entry.appointment).late_fee_cents = AudCents(5_000);
            EntryPartsProps { of, parts: PARTS }
        })
        .await;
        in_order(&html, &["A fee of $50 was charged to the patient, or they owe it.", "Let the fee go"]);
        assert_eq!(html.contains("Was it charged?"), asks, "{role:?}: {html}");
    }
}

/// The panel of the first entry, as reception sees it, with as many of its parts.
fn panel(parts: usize) -> EntryPartsProps {
    EntryPartsProps { of: opened(0, StaffRole::Reception), parts }
}

#[tokio::test]
async fn every_button_says_what_it_does_and_what_it_costs_before_it_is_pressed() {
    let html = html::<EntryParts>(|| panel(PARTS)).await;
    in_order(
        &html,
        &[
            "Confirmed",
            "9:15 am to 10:00 am",
            "Costs nothing until Sunday 22 November, 9:15 am. After that $40.",
            "Sealed messages about this booking",
            "Check in",
            "The patient is here and the desk has their details.",
            "Did not come",
            "Cancel for the patient",
            "Move it or change its length",
        ],
    );
    // What takes something away says so first, and only then shows the button that does it; fields come once they are wanted.
    assert!(!html.contains("button--danger") && !html.contains("move-date"), "{html}");
}

#[tokio::test]
async fn where_the_places_zone_was_corrected_the_panel_says_which_time_the_patient_was_told() {
    let html = html::<EntryParts>(|| {
        let mut of = opened(0, StaffRole::Reception);
        Rc::make_mut(&mut of.entry.appointment).booked_zone = Some(Zone::SYDNEY);
        of.entry.zone = "Australia/Perth".parse().unwrap();
        EntryPartsProps { of, parts: PARTS }
    })
    .await;
    let told = "Monday 23 November, 9:15 am in Sydney";
    in_order(&html, &["6:15 am to 7:00 am", "Booked as", told, "The patient’s letters keep this time."]);
}

#[tokio::test]
async fn where_money_moved_the_panel_says_that_a_colleague_is_asked_and_then_that_one_was() {
    for (asked_at, words) in [
        (None, "Asks a colleague to agree, since money or a claim hangs on it."),
        // On the place's clock, as on the page of mistakes.
        (
            Some(as_of()),
            "Somebody else was asked to agree that this is a mistake, on Monday 23 November, 6:00 am.",
        ),
    ] {
        let html = html::<EntryParts>(move || {
            let mut of = opened(0, StaffRole::Owner);
            let appointment = Rc::make_mut(&mut of.entry.appointment);
            appointment.acts.push(ActName::EnterInError);
            let money = MoneyMoved::Taken { cents: AudCents(8_500) };
            appointment.if_mistake = Some(IfMistake { money, claim_lodged: false, asked_at });
            of.entry.zone = "Australia/Perth".parse().unwrap();
            EntryPartsProps { of, parts: PARTS }
        })
        .await;
        assert!(html.contains(words), "{html}");
    }
}

#[tokio::test]
async fn a_panel_is_drawn_from_the_top_on() {
    for (parts, shown) in [
        (0, [false, false, false]),
        (1, [true, false, false]),
        (2, [true, true, false]),
        (PARTS, [true, true, true]),
    ] {
        let html = html::<EntryParts>(move || panel(parts)).await;
        let words = ["9:15 am to 10:00 am", "Check in", "Move it or change its length"];
        assert_eq!(words.map(|words| html.contains(words)), shown, "{parts}: {html}");
    }
}

#[tokio::test]
async fn another_time_is_proposed_beside_moving_and_an_open_proposal_can_be_taken_back() {
    let shown = |proposed: Option<Proposed>, may_propose| {
        html::<EntryParts>(move || {
            let mut of = opened(0, StaffRole::Reception);
            let appointment = Rc::make_mut(&mut of.entry.appointment);
            (appointment.proposed, appointment.may_propose) = (proposed, may_propose);
            EntryPartsProps { of, parts: PARTS }
        })
    };
    let proposed = Proposed {
        proposal_id: ProposalId(Uuid::from_u128(7)),
        start: at("2026-11-25T22:30:00Z"),
        end: at("2026-11-25T23:15:00Z"),
        answer_until: at("2026-11-22T20:15:00Z"),
    };
    let page = shown(None, true).await;
    in_order(&page, &["Move it or change its length", "Propose another time"]);
    assert!(!page.contains("Take it back") && !page.contains("propose-date"), "{page}");
    let page = shown(Some(proposed), true).await;
    in_order(
        &page,
        &[
            "Proposed: Thursday 26 November, 9:30 am",
            "The patient can answer until Monday 23 November, 7:15 am.",
            "The appointment stays until they agree",
            "Take it back",
            "Propose another time",
        ],
    );
    // Too late for another one, and the open one can still be taken back.
    let page = shown(Some(proposed), false).await;
    assert!(page.contains("Take it back") && !page.contains("Propose another time"), "{page}");
    let page = shown(None, false).await;
    assert!(!page.contains("Take it back") && !page.contains("Propose another time"), "{page}");
}

#[tokio::test]
async fn a_time_that_was_proposed_in_vain_is_named_beside_the_one_that_the_patient_kept() {
    for (refused, ended) in [(true, "was refused."), (false, "was not answered in time.")] {
        let page = html::<EntryParts>(move || {
            let mut of = opened(0, StaffRole::Reception);
            let appointment = Rc::make_mut(&mut of.entry.appointment);
            appointment.not_taken = Some(NotTaken { start: at("2026-11-25T22:30:00Z"), refused });
            EntryPartsProps { of, parts: PARTS }
        })
        .await;
        let kept = "The patient kept their time on Monday 23 November, 9:15 am.";
        let proposal = format!("The proposal of Thursday 26 November, 9:30 am {ended}");
        in_order(&page, &["Proposal", kept, &proposal]);
    }
    let page = html::<EntryParts>(|| panel(PARTS)).await;
    assert!(!page.contains("kept their time"), "{page}");
}

#[tokio::test]
async fn proposing_says_what_stays_and_until_when_the_patient_can_answer() {
    let html = html::<NewTime>(|| NewTimeProps {
        entry: all()[0].clone(),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_proposed: Callback::noop(),
        opened: true,
    })
    .await;
    in_order(
        &html,
        &[
            "Propose another time",
            "The appointment stays until the patient agrees, and the new time is kept meanwhile",
            "48 hours, and until 2 hours before either time at the latest.",
            "propose-date",
            "2026-11-23",
            "propose-time",
            "09:15",
            "Propose it",
        ],
    );
}

#[tokio::test]
async fn the_panel_says_who_is_told_by_text_and_whom_the_desk_tells_itself() {
    let shown = |reachable, mobile: &'static str| {
        html::<EntryParts>(move || {
            let mut of = opened(0, StaffRole::Reception);
            let appointment = Rc::make_mut(&mut of.entry.appointment);
            appointment.reachable = reachable;
            appointment.acts = vec![ActName::Accept];
            appointment.patient.email = String::new().into();
            appointment.patient.mobile = mobile.to_owned().into();
            EntryPartsProps { of, parts: PARTS }
        })
    };
    let page = shown(Reachable::None, "+61491570006").await;
    let effect = "Tell the patient yourself: it is confirmed.";
    in_order(&page, &["Messages", "Has no address: tell them yourself", "Call 0491 570 006.", effect]);
    let page = shown(Reachable::None, "").await;
    assert!(page.contains("Has no address: tell them yourself") && !page.contains("Call "), "{page}");
    let page = shown(Reachable::Text, "+61491570006").await;
    in_order(&page, &["Messages", "By text message, as they agreed", "The patient gets a confirmation."]);
    let page = html::<EntryParts>(|| panel(PARTS)).await;
    assert!(!page.contains("Messages") && !page.contains("tell them yourself"), "{page}");
}
