//! Why a time could not be kept, as the reader sees it.

use frontend::{
    components::{
        hold_refused::{HoldRefused, HoldRefusedProps},
        time_button::Chosen,
    },
    held_here::HeldHere,
    hooks::TakeHold,
};
use shared_types::Problem;
use yew::Callback;

use crate::{
    canned::{hold, type_id},
    parts::{html, in_order},
};

fn refused(held: Vec<HeldHere>) -> HoldRefusedProps {
    let hold = hold();
    let problem = Problem::new("too-many-holds", 409, "You are holding two times already")
        .detail("Confirm or let go of one of them, then choose this time again.");
    HoldRefusedProps {
        role: hold.role,
        hold: TakeHold {
            wanted: Some(Chosen { type_id: type_id(51), start: hold.start }),
            busy: false,
            problem: Some(problem),
            held,
            take: Callback::noop(),
        },
    }
}

#[tokio::test]
async fn who_holds_two_times_is_led_back_to_those_of_this_tab_and_told_when_they_lapse() {
    let page = html::<HoldRefused>(|| {
        let hold = hold();
        refused(vec![HeldHere {
            hold_id: hold.hold_id,
            start: hold.start,
            time_zone: hold.role.time_zone,
            expires_at: hold.expires_at,
        }])
    })
    .await;
    in_order(
        &page,
        &[
            "You are holding two times already",
            "href=\"/book/hold/00000000-0000-0000-0000-000000000046\"",
            "Go on with Tuesday 24 November, 9:15 am",
            "lets it go",
            "in at most ten minutes",
            "Try again",
        ],
    );
}

#[tokio::test]
async fn who_holds_them_elsewhere_is_told_when_they_lapse() {
    let page = html::<HoldRefused>(|| refused(Vec::new())).await;
    in_order(&page, &["You are holding two times already", "in at most ten minutes", "Try again"]);
    assert!(!page.contains("/book/hold/"), "{page}");
}
