use kernel::Service;

use crate::{
    World,
    browser::{ADA, Browser, Reply},
};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn each_refresh_gives_a_new_token_of_both_kinds() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let (token, refresh) = (browser.cookie("__Host-session"), browser.cookie("__Secure-refresh"));
    world.pass(601);
    assert!(!browser.is_signed_in().await);
    let reply = browser.refresh().await;
    assert_eq!((reply.status, reply.json()["next"].as_str()), (200, Some("done")));
    assert_ne!(browser.cookie("__Host-session"), token);
    assert_ne!(browser.cookie("__Secure-refresh"), refresh);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn two_tabs_may_use_the_one_before_for_twenty_seconds() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let before = browser.cookie("__Secure-refresh").unwrap();
    browser.refresh().await;
    let newest = browser.cookie("__Secure-refresh").unwrap();
    world.pass(20);
    let tab = Browser::new(&world, &service);
    tab.set_cookie("__Secure-refresh", &before);
    assert_eq!(tab.refresh().await.status, 200);
    assert!(tab.is_signed_in().await);
    // The browser has the newest already; the tab is given none of its own.
    assert_eq!(tab.cookie("__Secure-refresh"), Some(before));
    browser.set_cookie("__Secure-refresh", &newest);
    assert_eq!(browser.refresh().await.status, 200);
}

#[tokio::test]
async fn one_used_later_than_its_successor_ends_the_session_and_its_owner_is_told() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let stolen = browser.cookie("__Secure-refresh").unwrap();
    browser.refresh().await;
    browser.refresh().await;
    world.pass(21);
    let thief = holding(&world, &service, &stolen);
    let reply = thief.refresh().await;
    assert_eq!((reply.status, reply.problem().as_str()), (401, "signed-out"));
    assert_eq!(thief.cookie("__Secure-refresh"), None);
    assert!(!browser.is_signed_in().await);
    assert_eq!(browser.refresh().await.status, 401);
    assert_eq!(world.last_mail(ADA).await, "session_ended");
    assert_eq!(world.told().await.iter().filter(|name| *name == "tokens_revoked").count(), 1);
    assert_eq!(world.audited("refresh_session").await, [("anonymous".to_owned(), "denied".to_owned())]);
    // Other sessions of the account are others' families.
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.status, 200);
}

#[tokio::test]
async fn a_thief_who_went_on_before_the_owner_comes_back_is_noticed_then() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let owner = world.account(&service, ADA).await;
    let thief = holding(&world, &service, &owner.cookie("__Secure-refresh").unwrap());
    for _ in 0..2 {
        assert_eq!(thief.refresh().await.status, 200);
        world.pass(300);
    }
    assert_eq!(owner.refresh().await.status, 401);
    assert_eq!(world.last_mail(ADA).await, "session_ended");
    assert_eq!(thief.refresh().await.status, 401);
    assert!(!thief.is_signed_in().await);
}

#[tokio::test]
async fn a_thief_who_came_once_before_the_owner_is_noticed_at_the_next_use() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let owner = world.account(&service, ADA).await;
    let thief = holding(&world, &service, &owner.cookie("__Secure-refresh").unwrap());
    assert_eq!(thief.refresh().await.status, 200);
    world.pass(300);
    // It may as well be that the owner's own answer was lost.
    assert_eq!(owner.refresh().await.status, 200);
    assert_eq!(world.last_mail(ADA).await, "verify_email");
    // There are no twenty seconds for what the thief has.
    let reply = thief.refresh().await;
    assert_eq!((reply.status, reply.problem().as_str()), (401, "signed-out"));
    assert_eq!(world.last_mail(ADA).await, "session_ended");
    assert_eq!(world.told().await.iter().filter(|name| *name == "tokens_revoked").count(), 1);
    assert_eq!(world.audited("refresh_session").await, [("anonymous".to_owned(), "denied".to_owned())]);
    assert!(!owner.is_signed_in().await && !thief.is_signed_in().await);
    assert_eq!(owner.refresh().await.status, 401);
}

#[tokio::test]
async fn a_thief_who_comes_after_the_owner_is_noticed_at_the_owners_next_use() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let owner = world.account(&service, ADA).await;
    let thief = holding(&world, &service, &owner.cookie("__Secure-refresh").unwrap());
    assert_eq!(owner.refresh().await.status, 200);
    world.pass(300);
    assert_eq!(thief.refresh().await.status, 200);
    world.pass(300);
    assert_eq!(owner.refresh().await.status, 401);
    assert_eq!(world.last_mail(ADA).await, "session_ended");
    assert_eq!(thief.refresh().await.status, 401);
}

#[tokio::test]
async fn who_never_got_the_answer_goes_on_without_a_letter() {
    for seconds in [21, 5 * 60, 13 * DAY] {
        let world = World::new().await;
        let service = world.start().await.unwrap();
        let browser = world.account(&service, ADA).await;
        let held = browser.cookie("__Secure-refresh").unwrap();
        let lost = refresh_in_vain(&browser).await;
        world.pass(seconds);
        let reply = browser.refresh().await;
        assert_eq!((reply.status, reply.json()["next"].as_str()), (200, Some("done")), "{seconds}");
        let given = browser.cookie("__Secure-refresh").unwrap();
        assert!(given != held && given != lost);
        assert!(browser.is_signed_in().await);
        world.pass(600);
        assert_eq!(browser.refresh().await.status, 200);
        assert_eq!(world.last_mail(ADA).await, "verify_email");
        assert!(world.audited("refresh_session").await.is_empty());
    }
}

#[tokio::test]
async fn who_never_got_the_answer_and_asks_again_at_once_goes_on_later_too() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let held = browser.cookie("__Secure-refresh");
    refresh_in_vain(&browser).await;
    world.pass(1);
    assert_eq!(browser.refresh().await.status, 200);
    assert!(browser.is_signed_in().await);
    assert_eq!(browser.cookie("__Secure-refresh"), held);
    world.pass(600);
    assert_eq!(browser.refresh().await.status, 200);
    assert_ne!(browser.cookie("__Secure-refresh"), held);
    assert_eq!(world.last_mail(ADA).await, "verify_email");
}

#[tokio::test]
async fn of_answers_lost_in_a_row_only_the_last_is_worth_something() {
    for unused in 0..3 {
        let world = World::new().await;
        let service = world.start().await.unwrap();
        let browser = world.account(&service, ADA).await;
        let held = browser.cookie("__Secure-refresh").unwrap();
        let mut lost = Vec::new();
        for _ in 0..3 {
            lost.push(refresh_in_vain(&browser).await);
            world.pass(300);
        }
        let one = holding(&world, &service, &lost[unused]);
        if unused == 2 {
            assert_eq!(one.refresh().await.status, 200);
            assert_eq!(world.last_mail(ADA).await, "verify_email");
            // What was good as long as that one was unused is good no longer.
            assert_eq!(holding(&world, &service, &held).refresh().await.status, 401);
        } else {
            assert_eq!(one.refresh().await.status, 401, "{unused}");
        }
        assert_eq!(world.last_mail(ADA).await, "session_ended");
        assert_eq!(browser.refresh().await.status, 401);
    }
}

#[tokio::test]
async fn two_tabs_that_never_got_the_answer_are_one_first_and_one_again() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let tab = holding(&world, &service, &browser.cookie("__Secure-refresh").unwrap());
    refresh_in_vain(&browser).await;
    world.pass(300);
    let (one, other) = tokio::join!(browser.refresh(), tab.refresh());
    assert_eq!((one.status, other.status), (200, 200));
    let given = [&one, &other].map(|reply| reply.headers.get_all("set-cookie").iter().count());
    assert_eq!(given.iter().sum::<usize>(), 3);
}

#[tokio::test]
async fn answers_that_are_lost_make_neither_a_token_nor_a_session_last_longer() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    for _ in 0..8 {
        world.pass(10 * DAY);
        assert_eq!(browser.refresh().await.status, 200);
    }
    let held = browser.cookie("__Secure-refresh").unwrap();
    refresh_in_vain(&browser).await;
    world.pass(6 * DAY);
    assert_eq!(refreshable_for(&browser.refresh().await), 4 * DAY);
    let patient = Browser::new(&world, &service);
    patient.sign_in(ADA, 1).await;
    let first = patient.cookie("__Secure-refresh").unwrap();
    for _ in 0..2 {
        refresh_in_vain(&patient).await;
        world.pass(2 * DAY);
    }
    // Ninety days after the first sign-in.
    assert_eq!(holding(&world, &service, &held).refresh().await.status, 401);
    assert_eq!(browser.refresh().await.status, 401);
    world.pass(9 * DAY);
    let last = refresh_in_vain(&patient).await;
    world.pass(DAY);
    // Fourteen days after the token was given, however often it was used; what it gave last is good still.
    assert_eq!(holding(&world, &service, &first).refresh().await.status, 401);
    assert_eq!(holding(&world, &service, &last).refresh().await.status, 200);
    assert_eq!(world.last_mail(ADA).await, "verify_email");
}

#[tokio::test]
async fn one_that_a_program_of_before_replaced_is_worth_nothing_later() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    refresh_in_vain(&browser).await;
    let before = "update users.refresh_token set replaced_by = null";
    assert_eq!(sqlx::query(before).execute(&world.core.pool).await.unwrap().rows_affected(), 2);
    world.pass(20);
    assert_eq!(browser.refresh().await.status, 200);
    world.pass(1);
    assert_eq!(browser.refresh().await.status, 401);
    assert_eq!(world.last_mail(ADA).await, "session_ended");
}

#[tokio::test]
async fn tokens_are_forgotten_when_they_end_whichever_took_whose_place() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    // The successor ends first: staff's are shorter.
    becomes(&world, "practice").await;
    browser.refresh().await;
    for (seconds, left) in [(30 * 60, 1), (14 * DAY, 0)] {
        world.pass(seconds);
        let job = service.jobs.iter().find(|job| job.name == "users.forget_ended").unwrap();
        job.run_once().await.unwrap();
        let tokens: i64 = sqlx::query_scalar("select count(*) from users.refresh_token")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
        assert_eq!(tokens, left);
    }
}

/// A browser that has that refresh token and nothing else.
fn holding(world: &World, service: &Service, token: &str) -> Browser {
    let browser = Browser::new(world, service);
    browser.set_cookie("__Secure-refresh", token);
    browser
}

/// The server refreshes, and the browser never hears of it. Gives the refresh token that was lost.
async fn refresh_in_vain(browser: &Browser) -> String {
    let names = ["__Host-session", "__Secure-refresh"];
    let held = names.map(|name| (name, browser.cookie(name).unwrap()));
    assert_eq!(browser.refresh().await.status, 200);
    let lost = browser.cookie("__Secure-refresh").unwrap();
    for (name, value) in &held {
        browser.set_cookie(name, value);
    }
    assert_ne!(lost, held[1].1);
    lost
}

#[tokio::test]
async fn two_refreshes_at_once_are_one_first_and_one_again() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let tab = Browser::new(&world, &service);
    tab.set_cookie("__Secure-refresh", &browser.cookie("__Secure-refresh").unwrap());
    let (one, other) = tokio::join!(browser.refresh(), tab.refresh());
    assert_eq!((one.status, other.status), (200, 200));
    let given = [&one, &other].map(|reply| reply.headers.get_all("set-cookie").iter().count());
    assert_eq!(given.iter().sum::<usize>(), 3);
}

#[tokio::test]
async fn nobody_stays_signed_in_for_ever() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let idle = world.account(&service, ADA).await;
    world.pass(14 * 24 * 60 * 60);
    assert_eq!(idle.refresh().await.status, 401);
    let busy = Browser::new(&world, &service);
    busy.sign_in(ADA, 1).await;
    let mut days = 0;
    while busy.refresh().await.status == 200 {
        world.pass(10 * 24 * 60 * 60);
        days += 10;
    }
    assert_eq!(days, 90);
}

/// Lets Ada's account work at a practice, or for the platform.
async fn becomes(world: &World, staff: &str) {
    let statement = match staff {
        "practice" => {
            "insert into users.membership (organization_id, account_id, email, roles, created_at, updated_at) \
             select gen_random_uuid(), account_id, email, '{reception}', now(), now() from users.account"
        }
        _ => {
            "insert into users.platform_staff (account_id, roles, created_at, updated_at) \
             select account_id, '{support}', now(), now() from users.account"
        }
    };
    sqlx::query(statement).execute(&world.core.pool).await.unwrap();
}

/// For how many seconds the browser may keep the refresh token it was given.
fn refreshable_for(reply: &Reply) -> i64 {
    let mut lines = reply.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let refresh = lines.find(|line| line.starts_with("__Secure-refresh=")).unwrap();
    refresh.split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn staff_stay_signed_in_for_a_shift_and_half_an_hour_without_use() {
    for (staff, idle, longest) in [("practice", 30 * 60, 12 * 3600), ("platform", 15 * 60, 4 * 3600)] {
        let world = World::new().await;
        let service = world.start().await.unwrap();
        world.account(&service, ADA).await;
        becomes(&world, staff).await;
        let left = Browser::new(&world, &service);
        assert_eq!(refreshable_for(&left.sign_in(ADA, 1).await), idle, "{staff}");
        world.pass(idle);
        assert_eq!(left.refresh().await.status, 401, "{staff} left idle");
        let busy = Browser::new(&world, &service);
        busy.sign_in(ADA, 1).await;
        let mut seconds = 0;
        while busy.refresh().await.status == 200 {
            world.pass(600);
            seconds += 600;
        }
        assert_eq!(seconds, longest, "{staff} at work");
    }
}

#[tokio::test]
async fn who_becomes_staff_gets_the_shorter_limits_at_the_next_refresh() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.pass(600);
    becomes(&world, "practice").await;
    assert_eq!(refreshable_for(&browser.refresh().await), 30 * 60);
    // A patient's session that is older than a shift, or was left for longer than staff may leave one, ends.
    for seconds in [13 * 3600, 31 * 60] {
        let world = World::new().await;
        let service = world.start().await.unwrap();
        let browser = world.account(&service, ADA).await;
        world.pass(seconds);
        becomes(&world, "practice").await;
        let reply = browser.refresh().await;
        assert_eq!((reply.status, reply.problem().as_str()), (401, "signed-out"));
        assert_eq!(world.told().await.iter().filter(|name| *name == "tokens_revoked").count(), 1);
        assert_eq!(browser.refresh().await.status, 401);
    }
}

#[tokio::test]
async fn without_a_token_or_with_another_nobody_is_signed_in() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    for token in [None, Some("0".repeat(64)), Some("short".to_owned())] {
        let browser = Browser::new(&world, &service);
        if let Some(token) = token {
            browser.set_cookie("__Secure-refresh", &token);
        }
        assert_eq!(browser.refresh().await.problem(), "signed-out");
    }
}
