//! `/book/any/{pool_id}` and the way to it: what several people of a practice offer as one.

use shared_types::{
    OrganizationId, PoolId, PractitionerRoleId, Problem,
    bookings::{
        RoleAvailability,
        pools::{Pool, PoolAvailability, PoolMember, Pools, Rotation},
    },
};
use uuid::Uuid;

use crate::{
    canned::{PRACTICE, TOMORROW, availability, practice, types},
    support::{Canned, get, site},
};

fn pool_id() -> PoolId {
    PoolId(Uuid::from_u128(71))
}

fn path() -> String {
    format!("/book/any/{}", pool_id())
}

fn availability_path() -> String {
    format!("/api/v1/bookings/pools/{}/availability", pool_id())
}

fn role(nth: u128) -> PractitionerRoleId {
    PractitionerRoleId(Uuid::from_u128(nth))
}

fn pool(rotation: Rotation) -> Pool {
    let types = types();
    let of = types.items[0].clone();
    let member = |nth, name: &str| PoolMember {
        practitioner_role_id: role(nth),
        appointment_type_id: of.appointment_type_id,
        name: name.to_owned(),
    };
    Pool {
        pool_id: pool_id(),
        name: "Any physiotherapist".to_owned(),
        rotation,
        organization_id: OrganizationId(Uuid::from_u128(41)),
        organization_name: types.role.organization_name,
        phone: types.role.phone,
        address: types.role.address,
        time_zone: types.role.time_zone,
        members: vec![member(1, "Priya Nairwood"), member(2, "Tom Banksiafield")],
        appointment_type: of,
    }
}

/// Each has one of tomorrow's times, and the first of them both.
fn there(rotation: Rotation) -> PoolAvailability {
    let first = availability(51, &TOMORROW);
    let second = RoleAvailability { practitioner_role_id: role(2), ..availability(51, &TOMORROW[..1]) };
    let (as_of, from, to) = (first.as_of, first.from, first.to);
    PoolAvailability { pool: pool(rotation), as_of, from, to, members: vec![first, second] }
}

fn serving(rotation: Rotation) -> Canned {
    Canned::new().with(&availability_path(), 200, &there(rotation))
}

#[tokio::test]
async fn times_of_everybody_are_one_list_and_the_practice_says_with_whom() {
    let page = get(&site(serving(Rotation::Fair)), &path()).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.has("<h1>Any physiotherapist</h1>");
    page.says("The practice books you with one of Priya Nairwood, Tom Banksiafield.");
    page.says("Wattle Lane Physio 12 Church Street, Parramatta NSW 2150");
    page.says("Booking here needs JavaScript");
    assert_eq!(page.count("class=\"time js-only\""), TOMORROW.len());
    page.lacks("<select");
}

#[tokio::test]
async fn it_says_on_whose_clocks_the_times_are() {
    let mut there = there(Rotation::Fair);
    there.pool.time_zone = "Australia/Broken_Hill".parse().unwrap();
    there.pool.appointment_type.telehealth = true;
    let page = get(&site(Canned::new().with(&availability_path(), 200, &there)), &path()).await;
    page.is_sound();
    page.says("Times in Broken Hill (ACDT).");
    // The reader's own clock is the browser's to know.
    page.has("class=\"reader-zone\"");
    // Where there are no times, there is nothing to say it of.
    for member in &mut there.members {
        member.availability.rules.clear();
        member.availability.extra_hours.clear();
    }
    let page = get(&site(Canned::new().with(&availability_path(), 200, &there)), &path()).await;
    page.is_sound();
    page.says("Nothing is free in the next four weeks");
    page.lacks("Times in");
}

#[tokio::test]
async fn where_one_chooses_the_first_is_chosen_to_begin_with() {
    let page = get(&site(serving(Rotation::Choose)), &path()).await;
    page.is_sound();
    page.has("<select");
    page.says("Tom Banksiafield");
    page.lacks("The practice books you with one of");
}

#[tokio::test]
async fn a_pool_that_is_not_offered_has_its_status() {
    let gone = Canned::new().with(&availability_path(), 404, &Problem::not_found("This pool"));
    let page = get(&site(gone), &path()).await;
    assert_eq!(page.status, 404);
    page.is_sound();
}

#[tokio::test]
async fn a_practices_page_leads_to_it() {
    let of = practice().organization.organization_id;
    let pools = Pools { items: vec![pool(Rotation::Fair)] };
    let list = format!("/api/v1/bookings/pools?organization={of}");
    let services = Canned::new().with(PRACTICE, 200, &practice()).with(&list, 200, &pools);
    let page = get(&site(services), "/practices/wattle-lane-physio").await;
    page.is_sound();
    page.says("Book with whoever is free Any physiotherapist 45 minutes, $120");
    page.has(&format!("href=\"{}\"", path()));
}
