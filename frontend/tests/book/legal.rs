//! Privacy, what we see, problems and addresses that lead nowhere.

use frontend::pages::problem::problems;

use crate::support::{Canned, get, site};

#[tokio::test]
async fn the_policy_has_a_version_a_register_and_a_way_to_complain() {
    let page = get(&site(Canned::new()), "/privacy").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.count("<h1"), 1);
    for words in [
        "Version 5, 27 November 2026",
        "the patient’s date of birth",
        "That is sealed in your browser: we store it for the practice and cannot open it.",
        "Your browser talks to it by itself; no page of ours does.",
        "Register of automated decisions",
        "Nobody can pay for a place",
        "Office of the Australian Information Commissioner",
    ] {
        page.says(words);
    }
    for decision in shared_types::decisions::Decision::ALL {
        page.says(decision.row().name);
    }
    page.has("<link rel=\"canonical\" href=\"https://hm.test/privacy\">");
}

#[tokio::test]
async fn what_we_see_lists_what_is_stored_and_what_is_sealed() {
    let page = get(&site(Canned::new()), "/what-we-see").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    for words in [
        "Who comes",
        "The date of birth We can read it date_of_birth",
        "only you and the practice can open it Sealed envelope",
        "Only you and the practice can open them.",
        "Its size, padded so that it tells little",
        "__Host-guest",
    ] {
        page.says(words);
    }
    let details = frontend::seen::tables().len() + 1;
    assert_eq!(page.count("<details"), details, "each table, and the outside of a note");
}

#[tokio::test]
async fn every_kind_of_problem_has_a_page() {
    let site = site(Canned::new());
    for problem in problems() {
        let page = get(&site, &format!("/problems/{}", problem.kind)).await;
        assert_eq!(page.status, 200, "{}", problem.kind);
        page.is_sound();
        page.says("What was kept");
        page.says(&format!("/problems/{}", problem.kind));
    }
}

#[tokio::test]
async fn unknown_kinds_and_addresses_are_404() {
    let site = site(Canned::new());
    for path in ["/problems/bad-hair-day", "/a/b/c/d"] {
        let page = get(&site, path).await;
        assert_eq!(page.status, 404, "{path}");
        page.is_sound();
        page.says("We cannot find that page");
        page.has("noindex");
    }
}
