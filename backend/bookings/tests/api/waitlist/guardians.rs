//! Two who wait for the same child: one person, whom one time is kept for.

use serde_json::json;
use shared_types::{
    bookings::waitlist::WaitlistEntry,
    page::Page,
    users::{ActsFor, Claims, DelegationScope},
};

use super::{WAITLIST, entry, full, join, member, wanted};
use crate::{
    app::{App, Browser, minutes, monday},
    members::{CHILD, ada, claims, signed_in},
};

/// In how many places the child is asked.
const KEPT_FOR_CHILD: &str = "select count(*) from bookings.waitlist_entry where status = 'offered' \
     and patient_id = '00000000-0000-0000-0000-00000000000c'";

/// Both parents wait for their child, each with an account of their own, and somebody who joined after them.
async fn both_and_another(app: &App) -> ([Browser; 2], Browser) {
    let acts_for = vec![ActsFor { patient_id: CHILD, scopes: vec![DelegationScope::Appointments] }];
    let father = Claims { acts_for, ..claims(app, 7) };
    let mut parents = [signed_in(app, &ada(app)).await, signed_in(app, &father).await];
    for parent in &mut parents {
        let mut wanted = wanted();
        wanted["patient_id"] = json!(CHILD);
        let reply = parent.post(WAITLIST, Some(app.key()), &wanted).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        app.advance(minutes(1));
    }
    let mut another = member(app, 2).await;
    join(app, &mut another).await;
    (parents, another)
}

#[tokio::test]
async fn a_child_is_one_before_others_and_nobody_before_itself() {
    let app = App::new().await;
    let (parents, mut another) = both_and_another(&app).await;
    for mut parent in parents {
        let own: Page<WaitlistEntry> = parent.get(WAITLIST).await.read();
        assert_eq!(own.items.iter().map(|place| place.ahead).collect::<Vec<_>>(), [0, 0]);
    }
    assert_eq!(entry(&mut another).await.ahead, 1);
}

#[tokio::test]
async fn a_child_has_one_time_kept_for_it_whether_two_free_up_at_once_or_not() {
    for at_once in [true, false] {
        let app = App::new().await;
        let mut booked = full(&app).await;
        let (_, mut another) = both_and_another(&app).await;
        let mut offered = 0;
        for (browser, appointment) in &mut booked {
            browser.cancel(appointment.appointment_id, 1).await;
            if !at_once {
                offered += app.run("bookings.offer_times").await;
            }
        }
        if at_once {
            offered += app.run("bookings.offer_times").await;
        }
        assert_eq!((offered, app.count(KEPT_FOR_CHILD).await), (2, 1), "at once: {at_once}");
        assert_eq!(entry(&mut another).await.offer.map(|offer| offer.start), Some(monday(10, 30)));
    }
}
