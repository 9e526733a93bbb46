//! What a practice reads that bulk bills every eligible service: which of its appointment types nobody can be charged for.

use std::rc::Rc;

use frontend::pages::practice_desk::money::{
    eligible_types::{EligibleList, EligibleListProps},
    no_item::{NoItemBox, NoItemBoxProps},
};
use jiff::civil::{Date, date};
use shared_types::{
    AccountId, AppointmentTypeId, AudCents, PractitionerRoleId, Zone,
    bookings::{
        AppointmentType, Audience,
        practice::{PracticeRole, PracticeRoles},
    },
    payments::{
        eligibility::{Eligibility, EligibleFrom, NoItemSaid, TypeEligibility},
        funding::BulkBilling,
    },
};
use uuid::Uuid;
use yew::{AttrValue, Callback};

use crate::{
    parts::{html, in_order},
    support::as_of,
};

fn type_id(nth: u128) -> AppointmentTypeId {
    AppointmentTypeId(Uuid::from_u128(nth))
}

fn offered(nth: u128, name: &str, bulk_billed: bool) -> AppointmentType {
    AppointmentType {
        appointment_type_id: type_id(nth),
        name: name.to_owned(),
        duration_minutes: 45,
        price_cents: AudCents(if bulk_billed { 0 } else { 9_550 }),
        bulk_billed,
        telehealth: false,
        audience: Audience::All,
        needs_acceptance: false,
        seats: None,
        home_visit: false,
    }
}

fn roles(appointment_types: Vec<AppointmentType>) -> PracticeRoles {
    let role = PracticeRole {
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(3)),
        name: "Dr Lee Chen".to_owned(),
        profession_name: None,
        address: "1 Church Street, Parramatta".to_owned(),
        time_zone: Zone::SYDNEY,
        bookable: true,
        schedule_version: Some(1),
        may_edit: true,
        appointment_types,
    };
    PracticeRoles { items: vec![role], as_of: as_of() }
}

fn standing(nth: u128, charges: bool, days: &[(Date, Eligibility)]) -> TypeEligibility {
    TypeEligibility {
        appointment_type_id: type_id(nth),
        charges: Some(charges),
        no_item: None,
        days: days
            .iter()
            .map(|(from, eligibility)| EligibleFrom { from: *from, eligibility: *eligibility })
            .collect(),
    }
}

async fn list(everything: bool, types: Vec<TypeEligibility>, offered: Vec<AppointmentType>) -> String {
    let said = BulkBilling { everything, attested_at: None, types, version: 1 };
    let roles = roles(offered);
    html::<EligibleList>(move || EligibleListProps { said: Rc::new(said), roles: Rc::new(roles) }).await
}

#[tokio::test]
async fn a_type_of_which_nothing_was_said_stands_in_the_way_unless_it_is_bulk_billed() {
    let types = || vec![offered(1, "Long consultation", false), offered(2, "Check-up", true)];
    let page = list(true, Vec::new(), types()).await;
    in_order(
        &page,
        &[
            "These cannot be charged for, so whoever would have to pay cannot book them",
            "Long consultation",
            "with Dr Lee Chen: it names no item that is in force.",
            "or say there that none applies",
        ],
    );
    assert!(!page.contains("Check-up"), "{page}");
    let before = list(false, Vec::new(), types()).await;
    in_order(&before, &["To be settled before your practice can say so", "Long consultation"]);
}

#[tokio::test]
async fn what_is_eligible_stands_in_the_way_where_it_is_charged_for() {
    let today = date(2026, 12, 3);
    let eligible = |charges| vec![standing(1, charges, &[(today, Eligibility::Eligible)])];
    let types = || vec![offered(1, "Long consultation", false)];
    in_order(
        &list(true, eligible(true), types()).await,
        &["These cannot be charged for", "Long consultation", "it is eligible. Bulk bill patients"],
    );
    let settled = list(true, eligible(false), types()).await;
    assert!(settled.contains("No appointment type stands in the way today."), "{settled}");
    assert!(!settled.contains("Long consultation"), "{settled}");
}

#[tokio::test]
async fn what_another_list_changes_later_is_said_with_its_day() {
    let days = [
        (date(2026, 12, 3), Eligibility::NotEligible),
        (date(2027, 1, 1), Eligibility::Eligible),
        (date(2027, 7, 1), Eligibility::NotEligible),
    ];
    let page = list(true, vec![standing(1, true, &days)], vec![offered(1, "Long consultation", false)]).await;
    in_order(
        &page,
        &[
            "No appointment type stands in the way today.",
            "When the Medicare lists change",
            "The list in force on the day of the visit decides",
            "Long consultation",
            "1 January 2027: it is eligible.",
            "1 July 2027: none of its items is eligible",
        ],
    );
    let still =
        list(true, vec![standing(1, true, &days[..1])], vec![offered(1, "Long consultation", false)]).await;
    assert!(!still.contains("When the Medicare lists change"), "{still}");
}

#[tokio::test]
async fn that_no_item_applies_stands_there_with_who_said_it_and_when() {
    let (me, colleague) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
    let page = |said: Option<AccountId>, error: Option<&'static str>| {
        html::<NoItemBox>(move || NoItemBoxProps {
            id: "no-item".into(),
            ticked: said.is_some(),
            said: said.map(|by| NoItemSaid { at: as_of(), by }),
            me: Some(me),
            error: error.map(AttrValue::Static),
            on_tick: Callback::noop(),
        })
    };
    let mine = page(Some(me), None).await;
    in_order(
        &mine,
        &["checked", "No Medicare item applies to these appointments", "Last said on", "by you."],
    );
    assert!(page(Some(colleague), None).await.contains("by somebody else of your practice."));
    let refused = page(None, Some("Name the items")).await;
    in_order(&refused, &["Name the items", "aria-invalid=\"true\""]);
    assert!(!refused.contains("Last said") && !refused.contains("checked"), "{refused}");
}
