//! Whoever does not mind with whom: one of those who are free is booked, and nobody where none is.

use serde_json::{Value, json};
use shared_types::{
    AppointmentTypeId, PoolId,
    bookings::{AppointmentStatus::Confirmed, Confirmation, Hold, pools::PracticePool},
    users::StaffRole,
};
use uuid::Uuid;

use super::{World, link::link};
use crate::{
    app::{App, COLLEAGUE, LONG, ROLE, minutes},
    practice::{at_practice, staff},
};

/// What the colleague does as anybody else would, without being asked first.
const ALIKE: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x25));

/// Both people of the practice, by turns.
pub async fn make(app: &App) -> PoolId {
    app.change(
        "insert into bookings.appointment_type (appointment_type_id, practitioner_role_id, position, name, \
             duration_minutes, price_cents, bulk_billed) \
         select '00000000-0000-0000-0000-000000000025', '00000000-0000-0000-0000-000000000014', 2, name, \
             duration_minutes, price_cents, bulk_billed \
         from bookings.appointment_type where appointment_type_id = '00000000-0000-0000-0000-000000000021'",
    )
    .await;
    let body: Value = json!({"name": "Any psychologist", "rotation": "fair", "members": [LONG, ALIKE]});
    let mut manager = staff(app, StaffRole::Manager).await;
    let reply = manager.post(&at_practice("pools"), Some(app.key()), &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read::<PracticePool>().pool_id
}

impl World {
    pub async fn book_any(&mut self) -> String {
        let (start, mut browser) = (self.slot(), self.app.browser());
        let end = start + minutes(30);
        let mut free = vec![ROLE, COLLEAGUE];
        free.retain(|role| self.is_offered(false, start, end) && self.is_clear(*role, start, end, None));
        let path = format!("/api/v1/bookings/pools/{}/holds", self.pool);
        let reply = browser.post(&path, Some(self.app.key()), &json!({"start": start})).await;
        assert_eq!(reply.status == 201, !free.is_empty(), "{free:?} are free: {}", reply.body);
        if !free.is_empty() {
            let hold: Hold = reply.read();
            let role = hold.role.practitioner_role_id;
            assert!(free.contains(&role), "{role} is not one of {free:?}");
            let made: Confirmation = self.app.confirm(&mut browser, &hold).await;
            assert_eq!(made.status, Confirmed);
            self.let_off(role, start, end);
            self.links.push(link(made.appointment_id, role, Confirmed, (start, end), Some(browser)));
        }
        format!("book any of {free:?} at {start}")
    }
}
