//! What is booked outside of somebody's hours, before they are saved and afterwards, who keeps them, and whom patients cannot book.

use std::rc::Rc;

use frontend::pages::calendar::{
    hours_keeper::{KeeperForm, KeeperFormProps},
    hours_preview::{Preview, PreviewProps},
    not_bookable::{NotBookable, NotBookableProps},
    outside_hours::{OutsideNow, OutsideNowProps, WouldLie, WouldLieProps},
};
use shared_types::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, BookingId, OrganizationId, PractitionerRoleId,
    Problem, Zone,
    bookings::{
        AppointmentStatus, Audience, CancellationPolicy,
        schedule::{
            OutsideAppointment, OutsideHours, OutsideVisit, PutSchedule, RoleSchedule, RoleType, RoleTypes,
            ScheduleSettings, TypeDraft,
        },
    },
    page::Page,
    users::{StaffMember, StaffRole},
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

fn practice() -> OrganizationId {
    OrganizationId(Uuid::from_u128(9))
}

/// The nth booking, on the afternoon of the suite's today.
fn visit(nth: u128, name: &str, preferred_name: Option<&str>, start: &str) -> OutsideVisit {
    OutsideVisit {
        booking_id: BookingId(Uuid::from_u128(nth)),
        appointment: OutsideAppointment {
            appointment_id: AppointmentId(Uuid::from_u128(1_000 + nth)),
            status: AppointmentStatus::Confirmed,
            appointment_type_name: "First visit".to_owned(),
            start: at(start),
            end: at(start),
        },
        name: name.to_owned().into(),
        preferred_name: preferred_name.map(|name| name.to_owned().into()),
    }
}

/// Ada's and Bo's, of so many.
fn outside(count: u32) -> Rc<OutsideHours> {
    let items = vec![
        visit(1, "Ada Nguyen", None, "2026-11-23T04:00:00Z"),
        visit(2, "Robert Lee", Some("Bo"), "2026-11-24T05:30:00Z"),
    ];
    Rc::new(OutsideHours { items, count })
}

async fn now(outside: impl FnOnce() -> Option<Result<Rc<OutsideHours>, Problem>> + Send + 'static) -> String {
    html::<OutsideNow>(move || OutsideNowProps {
        outside: outside(),
        organization_id: practice(),
        zone: Zone::SYDNEY,
        here: "/calendar".into(),
        on_again: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn what_lies_outside_of_the_hours_is_named_and_leads_to_where_it_can_be_moved() {
    let page = now(|| Some(Ok(outside(5)))).await;
    in_order(
        &page,
        &[
            "5 appointments lie outside of these hours",
            "Nothing was moved or cancelled.",
            "/calendar/00000000-0000-0000-0000-000000000009?view=day",
            "day=2026-11-23",
            "booking=00000000-0000-0000-0000-000000000001",
            "Monday 23 November, 3:00 pm, Ada Nguyen",
            ", First visit, Confirmed",
            "booking=00000000-0000-0000-0000-000000000002",
            "Tuesday 24 November, 4:30 pm, Robert Lee (“Bo”)",
            "And 3 more after these.",
        ],
    );
    assert!(!page.contains("_blank"), "{page}");
    let page = now(|| Some(Ok(outside(2)))).await;
    assert!(!page.contains("more after these"), "{page}");
}

#[tokio::test]
async fn that_nothing_lies_outside_or_is_not_known_is_said() {
    let none = || Some(Ok(Rc::new(OutsideHours { items: Vec::new(), count: 0 })));
    assert!(now(none).await.contains("Everything that is booked lies within these hours."));
    assert!(now(|| None).await.contains("Looking for what is booked outside of these hours"));
    let failed = now(|| Some(Err(Problem::new("unavailable", 503, "Not at the moment")))).await;
    in_order(&failed, &["Not at the moment", "Try again"]);
}

#[tokio::test]
async fn before_hours_are_saved_it_is_said_what_would_lie_outside_and_they_can_be_saved_all_the_same() {
    let page = html::<WouldLie>(|| WouldLieProps {
        outside: outside(2),
        organization_id: practice(),
        zone: Zone::SYDNEY,
        busy: false,
        on_save: Callback::noop(),
        on_leave: Callback::noop(),
    })
    .await;
    in_order(
        &page,
        &[
            "Not saved yet: 2 appointments would lie outside of these hours",
            "Saving moves and cancels nothing.",
            "_blank",
            "Monday 23 November, 3:00 pm, Ada Nguyen",
            "opens in a new tab",
            "Save all the same",
            "Go on editing",
        ],
    );
}

#[tokio::test]
async fn whom_patients_cannot_book_is_named_and_nothing_is_where_they_can_book_everybody() {
    let notice = |names: &'static [&'static str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        html::<NotBookable>(move || NotBookableProps { names })
    };
    let page = notice(&["Priya Nairwood", "Sam Cole"]).await;
    in_order(
        &page,
        &["Patients cannot book Priya Nairwood, Sam Cole", "suspended", "What is booked stands."],
    );
    let page = notice(&[]).await;
    assert!(!page.contains("Patients cannot book"), "{page}");
}

/// A first visit, with a daily limit or none.
fn first_visit(daily_cap: Option<u16>) -> RoleType {
    RoleType {
        appointment_type_id: AppointmentTypeId(Uuid::from_u128(51)),
        version: 1,
        active: true,
        draft: TypeDraft {
            name: "First visit".to_owned(),
            position: 1,
            duration_minutes: 60,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            price_cents: AudCents(12_000),
            bulk_billed: false,
            telehealth: false,
            audience: Audience::All,
            needs_acceptance: false,
            notice_minutes: None,
            horizon_days: None,
            daily_cap,
            questions: Vec::new(),
            seats: None,
            resources: Vec::new(),
            home_visit: None,
        },
    }
}

/// What patients would see of it, before what is booked is read.
async fn preview(bookable: bool, daily_cap: Option<u16>) -> String {
    html::<Preview>(move || {
        let schedule = PutSchedule {
            version: 1,
            settings: ScheduleSettings {
                step_minutes: 15,
                notice_minutes: 0,
                horizon_days: 30,
                opens_on_holidays: false,
                policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents::ZERO },
            },
            rules: Vec::new(),
            leave: Vec::new(),
            extra_hours: Vec::new(),
        };
        let role_id = PractitionerRoleId(Uuid::from_u128(1));
        PreviewProps {
            organization_id: practice(),
            role_id,
            bookable,
            schedule: Rc::new(RoleSchedule {
                practitioner_role_id: role_id,
                time_zone: Zone::SYDNEY,
                schedule: schedule.clone(),
                holidays: Vec::new(),
                keeper: None,
                as_of: as_of(),
            }),
            types: Rc::new(RoleTypes { items: vec![first_visit(daily_cap)] }),
            edited: Some(Rc::new(schedule)),
        }
    })
    .await
}

#[tokio::test]
async fn of_whom_patients_cannot_book_they_would_see_nothing() {
    let nothing = "Nothing, as long as patients cannot book them.";
    let page = preview(false, None).await;
    in_order(&page, &["What patients would see", "First visit", nothing]);
    assert!(!page.contains("Working it out"), "{page}");
    let page = preview(true, None).await;
    assert!(page.contains("Working it out") && !page.contains(nothing), "{page}");
    assert!(!page.contains("daily limit"), "{page}");
    assert!(preview(true, Some(3)).await.contains("as many of it as its daily limit says"));
}

fn member(nth: u128, email: &str, role: StaffRole) -> StaffMember {
    StaffMember {
        account_id: AccountId(Uuid::from_u128(nth)),
        email: email.to_owned().into(),
        roles: vec![role],
        version: 1,
        created_at: as_of(),
    }
}

/// The choice among these, where the nth account keeps the hours.
async fn keeper(keeper: Option<u128>, staff: Vec<StaffMember>) -> String {
    html::<KeeperForm>(move || KeeperFormProps {
        organization_id: practice(),
        role_id: PractitionerRoleId(Uuid::from_u128(1)),
        keeper: keeper.map(|nth| AccountId(Uuid::from_u128(nth))),
        staff: Rc::new(Page { items: staff, next: None }),
    })
    .await
}

#[tokio::test]
async fn hours_are_given_to_a_practitioner_of_the_practice_or_to_nobody() {
    let staff = || {
        vec![
            member(1, "ada@example.org", StaffRole::Practitioner),
            member(2, "kim@example.org", StaffRole::Reception),
            member(3, "bo@example.org", StaffRole::Practitioner),
        ]
    };
    let page = keeper(Some(3), staff()).await;
    in_order(
        &page,
        &[
            "Besides managers and owners",
            ">Nobody<",
            "ada@example.org",
            "bo@example.org",
            "Save who keeps them",
        ],
    );
    assert!(!page.contains("kim@example.org"), "the desk changes no hours: {page}");
    let chosen = page.split("<option").find(|option| option.contains("selected")).unwrap();
    assert!(chosen.contains("bo@example.org"), "{chosen}");
    // Whoever keeps them and is no practitioner any more is not passed over in silence.
    assert!(keeper(Some(2), staff()).await.contains("Somebody who is no practitioner here any more"));
    assert!(!keeper(None, staff()).await.contains("Somebody who is no practitioner here any more"));
}

#[tokio::test]
async fn where_no_practitioner_has_an_account_the_page_says_how_one_gets_one() {
    let page = keeper(None, vec![member(2, "kim@example.org", StaffRole::Reception)]).await;
    in_order(&page, &["Managers and owners do.", "/practice/00000000-0000-0000-0000-000000000009/staff"]);
    assert!(!page.contains("<select"), "{page}");
}
