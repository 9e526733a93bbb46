//! A practice's mailbox: who is given its keys, who begins an epoch, and who goes with one.

use axum::http::Method;
use sealing::{
    directory::Continuity,
    mailbox::{EpochPlan, Holder, Recovery, begin_epoch},
};
use serde_json::{Value, json};
use shared_types::users::{BeginEpoch, GiveKeys, MailboxEpoch, MemberGrant, PublishedKeys};

use super::{
    Clinic, ELSEWHERE, MEMBER, OTHER, OWNER, PRACTICE, RECEPTION, STRANGER, body, directory::assert_included,
    epoch, practice, trusted,
};
use crate::{
    keys::{decoded, encoded, leaf},
    people::account,
};

const STAFF: [u128; 2] = [OWNER, RECEPTION];

async fn begin(clinic: &Clinic, number: u128, epoch: &BeginEpoch) -> crate::people::Reply {
    clinic.post(number, &practice("/mailbox/epochs"), json!(epoch)).await
}

/// Each of an owner's acts with the place where it says what is wrong.
async fn assert_refused(clinic: &Clinic, epoch: &BeginEpoch, pointer: &str) {
    let problem = begin(clinic, OWNER, epoch).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
}

fn last(epochs: &[MailboxEpoch]) -> &MailboxEpoch {
    epochs.last().unwrap()
}

#[tokio::test]
async fn an_owner_begins_an_epoch_and_everybody_who_reads_opens_its_key() {
    let mut clinic = Clinic::new().await;
    for number in STAFF {
        clinic.make_keys(number).await;
    }
    clinic.employ(OTHER, PRACTICE, &["billing"]).await;
    clinic.make_keys(OTHER).await;
    assert!(clinic.mailbox(OWNER).await.epochs.is_empty());
    let new = clinic.begin(OWNER, &STAFF).await;
    for number in STAFF {
        let mailbox = clinic.mailbox(number).await;
        let shown = last(&mailbox.epochs);
        assert_included(&mailbox.head, &shown.entry);
        let key = clinic.mailbox_key(number, shown.grant.as_ref().unwrap(), &leaf(&shown.entry.leaf));
        assert_eq!(key.key_id(), new.mailbox.key_id());
        assert_eq!(shown.recovery_grant.is_some(), number == OWNER, "owners answer for the recovery");
        let members: Vec<_> = mailbox.members.iter().map(|member| member.account_id.0).collect();
        assert_eq!(members, STAFF.map(account));
        assert!(mailbox.members.iter().all(|member| member.holds == [1] && member.keys.is_some()));
    }
    // Billing settles money, not care.
    clinic.get(OTHER, &practice("/mailbox")).await.problem(403, "not-allowed");
    clinic.get(STRANGER, &practice("/mailbox")).await.problem(404, "not-found");
    let again = body(&new, &STAFF, &[]);
    begin(&clinic, RECEPTION, &again).await.problem(403, "not-allowed");
    let path = format!("/directory/practices/{PRACTICE}");
    let published: PublishedKeys = serde_json::from_value(clinic.get(MEMBER, &path).await.ok(200)).unwrap();
    assert_included(&published.head, &published.entry);
    assert_eq!(epoch(&leaf(&published.entry.leaf)).mailbox_key_id(), new.mailbox.key_id());
    // The reception's try is on record too.
    let acts = [("practice", "allowed"), ("account", "denied")];
    let acts = acts.map(|(purpose, outcome)| (purpose.to_owned(), outcome.to_owned()));
    assert_eq!(clinic.audited("begin_epoch").await, acts);
}

#[tokio::test]
async fn an_epoch_is_the_next_and_follows_the_former() {
    let mut clinic = Clinic::new().await;
    for number in STAFF {
        clinic.make_keys(number).await;
    }
    // Two tabs make the first epoch: one is quicker, and what follows the other's follows nothing.
    let slower = clinic.plan(OWNER, &[OWNER], &STAFF).await;
    let first = clinic.begin(OWNER, &STAFF).await;
    begin(&clinic, OWNER, &body(&slower, &STAFF, &[])).await.problem(409, "old-epoch");
    begin(&clinic, OWNER, &body(&first, &STAFF, &[])).await.problem(409, "old-epoch");
    let (owners, members) =
        ([clinic.keys[&OWNER].trusted()], STAFF.map(|number| clinic.keys[&number].trusted()));
    let plan =
        EpochPlan { organization: PRACTICE, owners: &owners, members: &members, recovery: Recovery::Keep };
    let (lost, now) = (trusted(&slower.leaf.verify().unwrap()), clinic.people.world.core.now());
    let identity = &clinic.keys[&OWNER].identity;
    let fork = begin_epoch(&plan, Some(&lost), identity, now, &mut clinic.rng).unwrap();
    assert_refused(&clinic, &body(&fork, &STAFF, &[]), "/leaf").await;
    let before = clinic.leaf().await;
    clinic.begin(OWNER, &STAFF).await;
    assert_eq!(clinic.leaf().await.follows(&before), Ok(Continuity::Vouched));
}

#[tokio::test]
async fn the_key_goes_to_everybody_who_reads_and_to_nobody_else() {
    let mut clinic = Clinic::new().await;
    for number in [OWNER, RECEPTION, MEMBER] {
        clinic.make_keys(number).await;
    }
    let new = clinic.plan(OWNER, &[OWNER], &STAFF).await;
    let good = body(&new, &STAFF, &[]);
    let changed = |change: &dyn Fn(&mut BeginEpoch)| {
        let mut body = good.clone();
        change(&mut body);
        body
    };
    let drop_recovery = changed(&|body| drop(body.grants.remove(0)));
    let drop_member = changed(&|body| drop(body.grants.pop()));
    let twice = changed(&|body| body.grants.push(body.grants[1].clone()));
    for wrong in [drop_recovery, drop_member, twice] {
        assert_refused(&clinic, &wrong, "/grants").await;
    }
    let swapped = changed(&|body| {
        body.grants[1].account_id = Some(account(RECEPTION).into());
        body.grants[2].account_id = Some(account(OWNER).into());
    });
    assert_refused(&clinic, &swapped, "/grants/1").await;
    let stranger = changed(&|body| body.grants[2].account_id = Some(account(MEMBER).into()));
    assert_refused(&clinic, &stranger, "/grants/2").await;
    let nonsense = changed(&|body| body.grants[0].grant = "AAAA".to_owned());
    assert_refused(&clinic, &nonsense, "/grants/0").await;
    let uncertified = changed(&|body| drop(body.certificates.pop()));
    let certified_twice = changed(&|body| body.certificates[1] = body.certificates[0].clone());
    for wrong in [uncertified, certified_twice] {
        assert_refused(&clinic, &wrong, "/certificates").await;
    }
    // Somebody who does not work there is not made a reader by an owner's word.
    let outsider = [OWNER, RECEPTION, MEMBER];
    let open_to_outsider = clinic.plan(OWNER, &[OWNER], &outsider).await;
    assert_refused(&clinic, &body(&open_to_outsider, &outsider, &[]), "/grants/3").await;
    let elsewhere = changed(&|body| body.leaf = encoded(&[7; 80]));
    assert_refused(&clinic, &elsewhere, "/leaf").await;
    assert_eq!(clinic.count("select count(*) from users.mailbox_epoch").await, 0);
    begin(&clinic, OWNER, &good).await.ok(201);
}

#[tokio::test]
async fn the_owners_it_names_are_the_owners_there_are() {
    let mut clinic = Clinic::open().await;
    clinic.employ(OTHER, PRACTICE, &["owner"]).await;
    let all = [OWNER, RECEPTION, OTHER];
    let without = clinic.plan(OWNER, &[OWNER], &all).await;
    assert_refused(&clinic, &body(&without, &all, &[]), "/leaf").await;
    let with = clinic.plan(OWNER, &[OWNER, OTHER], &all).await;
    begin(&clinic, OWNER, &body(&with, &all, &[])).await.ok(201);
    // Former keys are nobody's any more.
    let old = clinic.plan(OWNER, &[OWNER, OTHER], &all).await;
    clinic.make_other_keys(OWNER).await;
    assert_refused(&clinic, &body(&old, &all, &[]), "/leaf").await;
    let anew = clinic.plan(OWNER, &[OWNER, OTHER], &all).await;
    begin(&clinic, OWNER, &body(&anew, &all, &[])).await.ok(201);
}

#[tokio::test]
async fn a_practice_of_others_is_not_ones_own() {
    let mut clinic = Clinic::open().await;
    let new = clinic.plan(OWNER, &[OWNER], &STAFF).await;
    let path = format!("/practices/{ELSEWHERE}/mailbox/epochs");
    let problem = clinic.post(STRANGER, &path, json!(body(&new, &STAFF, &[]))).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/leaf");
    clinic.post(STRANGER, &practice("/mailbox/epochs"), json!({})).await.problem(404, "not-found");
}

#[tokio::test]
async fn whoever_reads_goes_with_the_next_epoch_and_in_one_step() {
    let mut clinic = Clinic::open().await;
    clinic.employ(OTHER, PRACTICE, &["billing"]).await;
    let member = |number: u128| practice(&format!("/staff/{}", account(number)));
    let people = &clinic.people;
    people.send(OWNER, Method::DELETE, &member(RECEPTION), Value::Null).await.problem(409, "epoch-needed");
    assert!(!people.tokens_ended(RECEPTION).await, "nothing was changed");
    let billing = json!({"roles": ["billing"], "version": 1});
    people.send(OWNER, Method::PUT, &member(RECEPTION), billing).await.problem(409, "epoch-needed");
    let reading = json!({"roles": ["manager", "billing"], "version": 1});
    people.send(OWNER, Method::PUT, &member(RECEPTION), reading).await.ok(204);
    people.send(OWNER, Method::DELETE, &member(OTHER), Value::Null).await.ok(204);
    people.send(OWNER, Method::DELETE, &member(OWNER), Value::Null).await.problem(409, "last-owner");

    let new = clinic.plan(OWNER, &[OWNER], &[OWNER]).await;
    let goes = body(&new, &[OWNER], &[RECEPTION]);
    let mut incomplete = goes.clone();
    incomplete.grants.clear();
    assert_refused(&clinic, &incomplete, "/grants").await;
    clinic.get(RECEPTION, &practice("/mailbox")).await.ok(200);
    // Who stays is given the key, so it cannot be begun as if somebody had gone.
    assert_refused(&clinic, &body(&new, &[OWNER], &[]), "/certificates").await;
    begin(&clinic, OWNER, &goes).await.ok(201);
    assert!(clinic.people.tokens_ended(RECEPTION).await);
    clinic.get(RECEPTION, &practice("/mailbox")).await.problem(404, "not-found");
    let mailbox = clinic.mailbox(OWNER).await;
    assert_eq!((mailbox.epochs.len(), mailbox.members.len()), (2, 1));
    assert_eq!(mailbox.members[0].holds, [1, 2]);
    let again = clinic.plan(OWNER, &[OWNER], &[OWNER]).await;
    begin(&clinic, OWNER, &body(&again, &[OWNER], &[RECEPTION])).await.problem(404, "not-found");
}

#[tokio::test]
async fn whoever_reads_closes_their_account_once_an_owner_has_let_them_go() {
    let mut clinic = Clinic::open().await;
    clinic.employ(OTHER, PRACTICE, &["billing"]).await;
    let (path, own) = ("/me/erasure", |number: u128| json!({"email": format!("p{number}@example.org")}));
    clinic.post(OWNER, path, own(OWNER)).await.problem(409, "last-owner");
    let plan = clinic.get(RECEPTION, path).await.ok(200);
    assert_eq!(plan["mailboxes"], json!([{"organization_id": PRACTICE, "name": null}]));
    let refused = clinic.post(RECEPTION, path, own(RECEPTION)).await.problem(409, "epoch-needed");
    assert!(refused["detail"].as_str().unwrap().contains("somebody else who owns it"), "{refused}");
    // Who reads nothing goes just so.
    assert_eq!(clinic.get(OTHER, path).await.ok(200)["mailboxes"], json!([]));
    clinic.post(OTHER, path, own(OTHER)).await.ok(202);

    let new = clinic.plan(OWNER, &[OWNER], &[OWNER]).await;
    begin(&clinic, OWNER, &body(&new, &[OWNER], &[RECEPTION])).await.ok(201);
    clinic.post(RECEPTION, path, own(RECEPTION)).await.ok(202);
}

#[tokio::test]
async fn two_owners_may_change_places_and_the_last_one_stays() {
    let mut clinic = Clinic::open().await;
    clinic.employ(OTHER, PRACTICE, &["owner"]).await;
    let roles = json!({"roles": ["manager"], "version": 1});
    let member = practice(&format!("/staff/{}", account(OTHER)));
    clinic.people.send(OWNER, Method::PUT, &member, roles).await.problem(409, "epoch-needed");
    let new = clinic.plan(OTHER, &[OTHER], &[OTHER, RECEPTION]).await;
    begin(&clinic, OTHER, &body(&new, &[OTHER, RECEPTION], &[OWNER])).await.ok(201);
    clinic.get(OWNER, &practice("/mailbox")).await.problem(404, "not-found");
    let new = clinic.plan(OTHER, &[OTHER], &[OTHER, RECEPTION]).await;
    let nobody = body(&new, &[OTHER, RECEPTION], &[OTHER]);
    begin(&clinic, OTHER, &nobody).await.problem(409, "last-owner");
}

#[tokio::test]
async fn somebody_new_and_somebody_with_new_keys_are_given_the_keys_of_all_epochs() {
    let mut clinic = Clinic::open().await;
    let (first, second) = (clinic.mailbox(OWNER).await, clinic.begin(OWNER, &STAFF).await);
    let shown = last(&first.epochs);
    let first_key = clinic.mailbox_key(OWNER, shown.grant.as_ref().unwrap(), &leaf(&shown.entry.leaf));
    clinic.employ(OTHER, PRACTICE, &["practitioner"]).await;
    clinic.make_other_keys(RECEPTION).await;
    let mailbox = clinic.mailbox(OTHER).await;
    assert!(mailbox.epochs.iter().all(|epoch| epoch.grant.is_none()));
    let holds: Vec<_> = mailbox.members.iter().map(|member| member.holds.clone()).collect();
    assert_eq!(holds, [vec![1, 2], vec![], vec![]]);

    let owner = clinic.keys[&OWNER].identity.clone();
    let mut given = GiveKeys { grants: Vec::new(), certificates: Vec::new() };
    for number in [OTHER, RECEPTION] {
        let member = clinic.keys[&number].trusted();
        for key in [&first_key, &second.mailbox] {
            let grant = encoded(&key.grant(&member, &owner, &mut clinic.rng).unwrap().to_bytes());
            given.grants.push(MemberGrant { account_id: Some(account(number).into()), grant });
        }
        let epoch = second.mailbox.epoch();
        let certificate = sealing::mailbox::StaffCertificate::issue(PRACTICE, epoch, &member, &owner);
        given.certificates.push(encoded(&certificate.to_bytes()));
    }
    let path = practice("/mailbox/grants");
    clinic.post(RECEPTION, &path, json!(given)).await.problem(403, "not-allowed");
    let mut for_recovery = given.clone();
    for_recovery.grants[0].account_id = None;
    let mut for_another = given.clone();
    for_another.grants[0].account_id = Some(account(RECEPTION).into());
    for wrong in [for_recovery, for_another] {
        let problem = clinic.post(OWNER, &path, json!(wrong)).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/grants/0");
    }
    clinic.post(OWNER, &path, json!(given)).await.ok(204);
    for number in [OTHER, RECEPTION] {
        let mailbox = clinic.mailbox(number).await;
        for (epoch, key) in mailbox.epochs.iter().zip([&first_key, &second.mailbox]) {
            let own = clinic.mailbox_key(number, epoch.grant.as_ref().unwrap(), &leaf(&epoch.entry.leaf));
            assert_eq!(own.key_id(), key.key_id());
        }
    }
    // What somebody holds is not replaced.
    let kept = clinic.mailbox(OTHER).await.epochs;
    let member = clinic.keys[&OTHER].trusted();
    let other = second.mailbox.grant(&member, &owner, &mut clinic.rng).unwrap();
    assert_eq!(other.holder(), Holder::Member(member.keys().key_id()));
    let grants =
        vec![MemberGrant { account_id: Some(account(OTHER).into()), grant: encoded(&other.to_bytes()) }];
    clinic.post(OWNER, &path, json!(GiveKeys { grants, certificates: Vec::new() })).await.ok(204);
    assert_eq!(clinic.mailbox(OTHER).await.epochs[1].grant, kept[1].grant);
    assert_ne!(decoded(kept[1].grant.as_ref().unwrap()), other.to_bytes());
    clinic.employ(MEMBER, PRACTICE, &["billing"]).await;
    let grants = vec![MemberGrant {
        account_id: Some(account(MEMBER).into()),
        grant: encoded(
            &second
                .mailbox
                .grant(&clinic.keys[&MEMBER].trusted(), &owner, &mut clinic.rng)
                .unwrap()
                .to_bytes(),
        ),
    }];
    let billing = GiveKeys { grants, certificates: Vec::new() };
    clinic.post(OWNER, &path, json!(billing)).await.problem(422, "invalid");
}
