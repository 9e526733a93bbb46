//! Who comes without an e-mail address: the tick for text messages, and whom the desk calls when somebody runs late.

use std::rc::Rc;

use frontend::pages::calendar::{
    create::texts_tick::{TextsTick, TextsTickProps},
    to_call::{ToCall, ToCallProps},
};
use shared_types::BookingId;
use uuid::Uuid;
use yew::Callback;

use super::calendar;
use crate::parts::{html, in_order};

async fn tick(mobile: &'static str, agreed: bool) -> String {
    html::<TextsTick>(move || TextsTickProps { mobile: mobile.into(), agreed, on_agreed: Callback::noop() })
        .await
}

#[tokio::test]
async fn whether_texts_are_agreed_to_is_asked_once_there_is_a_number() {
    let page = tick("0491 570 006", false).await;
    in_order(&page, &["id=\"text_me\"", "They agree to be sent text messages", "id=\"text_me-hint\""]);
    assert!(!page.contains(" checked"), "{page}");
    assert_eq!(tick("0491 570 006", true).await.matches(" checked").count(), 1);
    assert!(!tick(" ", true).await.contains("text_me"));
}

#[tokio::test]
async fn whom_nothing_reaches_is_named_with_when_they_come_and_their_number() {
    let page = html::<ToCall>(|| {
        let mut calendar = calendar();
        calendar.roles[0].appointments[1].patient.mobile = String::new().into();
        let bookings = [1, 2, 9].map(|nth| BookingId(Uuid::from_u128(nth))).to_vec();
        ToCallProps { calendar: Rc::new(calendar), bookings }
    })
    .await;
    in_order(
        &page,
        &[
            "Ada Nguyen, 9:15 am",
            "href=\"tel:+61491570006\"",
            "Call 0491 570 006",
            "Bo Lee, 9:30 am",
            "gave no number either",
        ],
    );
    assert_eq!(page.matches("<li").count(), 2, "{page}");
}
