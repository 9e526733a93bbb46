//! What is sealed: pages that the server sends empty, and the parts that only a browser fills, rendered by themselves.

mod intake;
mod keys;
mod notes;

use crate::support::{Canned, get, site};

const ID: &str = "00000000-0000-7000-8000-000000000009";

#[tokio::test]
async fn pages_of_what_is_sealed_are_sent_empty_and_are_neither_kept_nor_indexed() {
    let desk = format!("/practice/{ID}");
    for (path, heading) in [
        ("/account/keys".to_owned(), "Your keys"),
        (format!("/account/appointments/{ID}/notes"), "You and the practice"),
        ("/practice".to_owned(), "Your practices"),
        (desk.clone(), "Inbox"),
        (format!("{desk}/bookings/{ID}"), "Messages about a booking"),
        (format!("{desk}/claims"), "Claims"),
        (format!("{desk}/messages"), "Messages that did not arrive"),
        (format!("{desk}/messages/previews"), "What our messages say"),
        (format!("{desk}/keys?remove={ID}"), "Keys"),
        (format!("{desk}/staff"), "Staff"),
    ] {
        let page = get(&site(Canned::new()), &path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        page.is_sound();
        page.has("noindex");
        page.has(&format!("<h1>{heading}</h1>"));
        page.has("aria-busy=\"true\"");
        page.says("This page needs JavaScript");
        for private in ["<textarea", "<form", "fingerprint\""] {
            page.lacks(private);
        }
    }
}
