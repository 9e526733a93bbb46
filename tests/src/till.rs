//! A practice that takes money, as its owner sets it up through the API: its account with the card processor, its prices, and the
//! numbers by which it claims.

use std::io::Cursor;

use hellomapper::mbs::{Wish, load};
use kernel::{Chance, Clock, Core};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{
    AppointmentTypeId, BookingId, OrganizationId, PractitionerRoleId, Zone, bookings::AppointmentTypes,
};

use crate::{Person, Running, acts, member, until};

/// Who sets it up.
const OWNER: &str = "tilda.till@example.org";
/// Under which number the practitioner claims.
pub const PROVIDER_NUMBER: &str = "2447781L";
/// Of the schedule that is in force: a usual attendance and a long one.
const SCHEDULE: [(&str, &str); 2] = [("23", "43.90"), ("36", "84.90")];

/// The practice of [`acts::somebody_bookable`].
pub struct Till {
    owner: Person,
    practice: OrganizationId,
    role: PractitionerRoleId,
    zone: Zone,
}

impl Till {
    /// Somebody owns the practice. Nothing is set up yet.
    pub async fn open(running: &Running) -> Self {
        let (provider, practice) = acts::somebody_bookable(running).await;
        member::open(running, OWNER).await;
        acts::employ(running, OWNER, practice, "owner").await;
        let owner = member::sign_in_with_app(running, OWNER).await;
        let zone = provider.location.expect("whoever was found near Sydney has a place").time_zone;
        Self { owner, practice, role: provider.practitioner_role_id, zone }
    }

    /// Patients can pay by card: the processor knows the practice.
    pub async fn takes_cards(&self, running: &Running) {
        let account = self.path("/account");
        let on_invoices = json!({
            "legal_name": "Harbour Health Pty Ltd", "abn": "51824753556", "gst_registered": true, "version": 0,
        });
        self.put(&account, &on_invoices).await;
        let path = self.path("/account/onboarding");
        let opened = self.owner.send(Method::POST, &path, None::<&Value>).await.expect::<Value>(201);
        let page = opened["address"].as_str().expect("the processor's page");
        submit(page).await;
        until("the practice to be ready", || async {
            let standing: Value = self.owner.get(&account).await;
            (standing["status"] == "ready").then_some(())
        })
        .await;
        running.quiet().await;
    }

    /// These rules are for all that the practitioner offers.
    pub async fn prices(&self, running: &Running, rules: &[Value]) {
        for of in self.types().await.items {
            let path = self.path(&format!("/funding/{}", of.appointment_type_id));
            let before: Value = self.owner.get(&path).await;
            self.put(&path, &json!({"rules": rules, "version": before["version"]})).await;
        }
        running.quiet().await;
    }

    /// A schedule is in force, and the practice and its practitioner have their numbers.
    pub async fn claims(&self, running: &Running) {
        let core = Core::new(running.pools.payments.clone(), Clock::System, Chance::system());
        let schedule = schedule();
        let loaded = load(&core, "MBS-XML.xml", Wish::Apply, || Ok(Cursor::new(schedule.clone()))).await;
        assert_eq!(loaded.expect("the schedule can be read").refused, None);
        for (rest, wanted) in [
            ("/medicare".to_owned(), json!({"location_id": "AAA00000"})),
            (
                format!("/roles/{}/medicare", self.role),
                json!({"provider_number": PROVIDER_NUMBER, "modified_monash": 1}),
            ),
        ] {
            let (path, mut wanted) = (self.path(&rest), wanted);
            let before: Value = self.owner.get(&path).await;
            wanted["version"] = before["version"].clone();
            self.put(&path, &wanted).await;
        }
        running.quiet().await;
    }

    /// The practitioner offers something that Medicare pays all of.
    pub async fn offers_bulk_billed(&self, name: &str) -> AppointmentTypeId {
        let path =
            format!("/api/v1/bookings/practices/{}/roles/{}/appointment-types", self.practice, self.role);
        let draft = json!({
            "name": name, "position": 90, "duration_minutes": 15, "buffer_before_minutes": 0, "buffer_after_minutes": 0,
            "price_cents": 0, "bulk_billed": true, "telehealth": false, "audience": "all",
        });
        let made = member::post(&self.owner, &path, &draft, 201).await;
        let id = made["appointment_type_id"].as_str().expect("an id");
        id.parse().expect("an id of ours")
    }

    /// The page that takes the last free time of the coming four weeks.
    pub async fn far_time(&self) -> String {
        let (of, starts) = acts::free_times(&self.owner, self.role, self.zone).await;
        acts::time_page(self.role, of, *starts.last().expect("a free time in four weeks"))
    }

    async fn types(&self) -> AppointmentTypes {
        self.owner.get(&format!("/api/v1/bookings/roles/{}/appointment-types", self.role)).await
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/payments/practices/{}{rest}", self.practice)
    }

    async fn put(&self, path: &str, body: &Value) {
        let reply = self.owner.send(Method::PUT, path, Some(body)).await;
        assert_eq!(reply.status.as_u16(), 200, "{path}: {}", reply.body);
    }
}

/// A rule for everybody: what it costs, how it is collected, what not coming costs.
pub fn private(collection: &str, no_show_fee_cents: i64) -> Value {
    json!({
        "cohort": "anyone", "mode": "private", "item_numbers": [], "fee_cents": 8_500, "collection": collection,
        "deposit_cents": 0, "no_show_fee_cents": no_show_fee_cents, "tax_code": "free_health",
    })
}

/// A rule for who has a Medicare card.
pub fn bulk_billed() -> Value {
    json!({
        "cohort": "medicare", "mode": "bulk_billed", "item_numbers": ["23"], "fee_cents": 0, "collection": "at_practice",
        "deposit_cents": 0, "no_show_fee_cents": 0, "tax_code": "free_medical",
    })
}

/// A booking's visit was to begin so many minutes ago, or begins in so many where that is less than nought: what a test does not
/// wait for.
pub async fn was_to_begin(running: &Running, booking: BookingId, minutes_ago: i32) {
    let moved = sqlx::query(
        "update bookings.appointment set starts_at = now() - make_interval(mins => $2), \
         ends_at = greatest(now() + interval '5 minutes', now() - make_interval(mins => $2) + interval '20 minutes') \
         where booking_id = $1",
    )
    .bind(booking.0)
    .bind(minutes_ago)
    .execute(&mut running.database.administrator().await)
    .await
    .expect("an administrator may move a visit");
    assert_eq!(moved.rows_affected(), 1);
}

/// Says everything that the processor's page for a practice asks for.
async fn submit(page: &str) {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    let sent = http
        .expect("a client without TLS")
        .post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("answer=yes")
        .send()
        .await
        .expect("the processor answers");
    assert_eq!(sent.status().as_u16(), 303, "the practice is sent back");
}

/// The official layout (MBS XML files, read 2026-11-22), with two items.
fn schedule() -> Vec<u8> {
    let record = |(item, fee): (&str, &str)| {
        format!(
            "<Data><ItemNum>{item}</ItemNum><SubItemNum></SubItemNum><ItemStartDate>01.12.1989</ItemStartDate>\
             <ItemEndDate></ItemEndDate><Category>1</Category><Group>A1</Group><BenefitType>C</BenefitType>\
             <FeeType>N</FeeType><FeeStartDate>01.07.2026</FeeStartDate><ScheduleFee>{fee}</ScheduleFee>\
             <Benefit100>{fee}</Benefit100><DescriptionStartDate>01.11.2023</DescriptionStartDate>\
             <Description>Attendance, item {item}</Description></Data>\n"
        )
    };
    let records: String = SCHEDULE.into_iter().map(record).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MBS_XML>\n{records}</MBS_XML>\n").into_bytes()
}
