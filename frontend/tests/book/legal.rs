//! Privacy, what we see, problems and addresses that lead nowhere.

use frontend::pages::problem::PROBLEMS;

use crate::support::{Canned, get, site};

#[tokio::test]
async fn the_policy_has_a_version_a_register_and_a_way_to_complain() {
    let page = get(&site(Canned::new()), "/privacy").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.count("<h1"), 1);
    for words in [
        "Version 2, 23 November 2026",
        "the patient’s date of birth",
        "We do not ask why you are coming,",
        "Register of automated decisions",
        "Nobody can pay for a place",
        "Office of the Australian Information Commissioner",
    ] {
        page.says(words);
    }
    page.has("<link rel=\"canonical\" href=\"https://hm.test/privacy\">");
}

#[tokio::test]
async fn what_we_see_lists_what_is_stored_and_what_is_not_asked() {
    let page = get(&site(Canned::new()), "/what-we-see").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    for words in
        ["Date of birth Sees it Sees it and stores it", "Why you are coming Not asked", "__Host-guest"]
    {
        page.says(words);
    }
}

#[tokio::test]
async fn every_kind_of_problem_has_a_page() {
    let site = site(Canned::new());
    for problem in PROBLEMS {
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
