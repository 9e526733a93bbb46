//! What a browser remembers over time: its book.

use shared_types::vault::{VaultRefusal, VaultReply, VaultRequest};
use vault::Vault;

use crate::world::{NOTE, Person, World, at, context, message, opened, passkey, reason};

#[test]
fn a_browser_remembers_after_the_page_was_loaded_anew() {
    let mut world = World::with_note();
    world.patient.read(&world.server, false);
    let old = world.server.clone();
    world.patient.write(&mut world.server, context(NOTE, 2), message("and it itches"), false);
    world.patient.read(&world.server, false);
    let since = world.patient.since();
    world.patient.reload();
    assert_eq!(world.patient.since(), since);
    // The server shows the first version again.
    let notes = opened(world.patient.open(&old, false));
    assert_eq!(notes[0].content, Err(VaultRefusal::OldVersion));
}

#[test]
fn a_book_comes_only_when_it_has_changed() {
    let mut world = World::with_note();
    let VaultReply::Opened { book: Some(_), .. } = world.patient.open(&world.server, false) else {
        panic!("a version was read")
    };
    let reply = world.patient.open(&world.server, false);
    assert!(matches!(reply, VaultReply::Opened { book: None, .. }), "{reply:?}");
    let reply = world.patient.look_at_practice(&world.server);
    assert!(matches!(reply, VaultReply::Seen { book: None, .. }), "{reply:?}");
}

#[test]
fn a_book_that_does_not_open_is_begun_afresh_and_replaced() {
    let World { server, mut patient, mut owner, .. } = World::with_note();
    patient.read(&server, false);
    owner.look_at_practice(&server);
    let good = patient.book.clone().unwrap();
    let unlock = |patient: &mut Person, book: Option<String>| {
        patient.vault = Vault::default();
        let (account_id, keys) = (patient.account, patient.keys.clone());
        patient.vault.answer(VaultRequest::Unlock { account_id, with: passkey(), keys, book }, at(0))
    };
    for book in [owner.book.clone().unwrap(), good[..good.len() - 4].to_owned(), "no book!".to_owned()] {
        let reply = unlock(&mut patient, Some(book));
        assert!(matches!(reply, VaultReply::Unlocked { book: Some(_) }), "{reply:?}");
        assert_eq!(patient.since(), None);
    }
    assert_eq!(unlock(&mut patient, Some(good)), VaultReply::Unlocked { book: None });
    assert!(patient.since().is_some());
    assert_eq!(unlock(&mut patient, None), VaultReply::Unlocked { book: None });
    assert_eq!(patient.since(), None);
}

#[test]
fn opening_the_same_keys_once_more_forgets_nothing() {
    let World { server, mut patient, .. } = World::with_note();
    patient.read(&server, false);
    let since = patient.since();
    let (account_id, keys) = (patient.account, patient.keys.clone());
    patient.ask(VaultRequest::Unlock { account_id, with: passkey(), keys, book: None });
    assert_eq!(patient.since(), since);
}

#[test]
fn what_is_sealed_is_not_yet_seen() {
    let mut world = World::with_note();
    world.patient.read(&world.server, false);
    // Sealed, and lost on its way.
    world.patient.seal(&world.server, context(NOTE, 2), message("lost"), false);
    assert_eq!(world.patient.read(&world.server, false), [Ok(reason())]);
    // What was read is not sealed over.
    let to = world.patient.seal_to(&world.server, false);
    let request = VaultRequest::Seal { context: context(NOTE, 1), note: reason(), to, guest: false };
    world.patient.is_refused(request, VaultRefusal::OldVersion);
}
