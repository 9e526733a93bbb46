//! Keys: those that changed, those that are opened, and the code that brings them back.

use frontend::{
    components::{
        key_changed::{KeyChanged, KeyChangedProps},
        party_check::{PartyCheck, PartyCheckProps},
        recovery_code::{RecoveryCode, RecoveryCodeProps},
        unlock::{Unlock, UnlockProps},
    },
    hooks::use_vault::Ways,
    intake::Progress,
};
use serde_json::json;
use shared_types::{Problem, vault::SeenKeys};
use yew::{Callback, Html};

use super::ID;
use crate::parts::{check_props, html, in_order};

fn changed_keys() -> SeenKeys {
    serde_json::from_value(json!({
        "subject": { "kind": "practice", "id": ID },
        "fingerprint": "11111 22222 33333 44444 55555 66666 77777 88888 99999 00000 12345 67890",
        "before": "00001 00002 00003 00004 00005 00006 00007 00008 00009 00010 00011 00012",
        "epoch": 2,
    }))
    .unwrap()
}

#[tokio::test]
async fn changed_keys_stop_everything_until_somebody_has_compared_them() {
    let props = || KeyChangedProps {
        keys: changed_keys(),
        whose: "Wattle Lane Physio".into(),
        phone: Some("(02) 5550 1234".into()),
        busy: false,
        on_same: Callback::noop(),
        on_leave: Callback::noop(),
        leave: "Book without what I wrote".into(),
    };
    let html = html::<KeyChanged>(props).await;
    in_order(
        &html,
        &[
            "role=\"alert\"",
            "The keys of Wattle Lane Physio have changed",
            "nothing was sent",
            "(02) 5550 1234",
            "11111",
            "67890",
            "The one this browser knows",
            "00012",
            "Book without what I wrote",
            "We compared them: they are the same",
        ],
    );
}

#[tokio::test]
async fn the_last_look_says_what_goes_along_sealed_and_what_is_under_way() {
    let props = || {
        let mut props: PartyCheckProps = check_props(None);
        props.sealed = "your reason and 2 files".into();
        props.confirm.progress = Some(Progress::Sending(2, 3));
        props
    };
    let html = html::<PartyCheck>(props).await;
    in_order(
        &html,
        &["For the practice", "Your reason and 2 files", "Sealed in your browser when you confirm"],
    );
    in_order(&html, &["aria-busy=\"true\"", "Sending 2 of 3…", "role=\"status\"", "Sending 2 of 3…"]);
    let changed = || {
        let mut props = check_props(None);
        props.confirm.changed = Some(changed_keys());
        props
    };
    let html = self::html::<PartyCheck>(changed).await;
    in_order(&html, &["have changed", "Book without what I wrote", "Confirm booking"]);
}

#[tokio::test]
async fn keys_open_with_what_there_is() {
    let props = |password, passkey| UnlockProps {
        ways: Ways { password, passkey },
        busy: false,
        problem: Some(Problem::new("vault", 0, "Your keys could not be used").detail("That does not open.")),
        on_open: Callback::noop(),
        children: Html::default(),
    };
    let html = html::<Unlock>(move || props(true, true)).await;
    in_order(&html, &["That does not open.", "current-password", "Use a passkey", "Use the recovery code"]);
    let html = self::html::<Unlock>(move || props(false, false)).await;
    in_order(&html, &["You chose a new password", "Recovery code"]);
    assert!(!html.contains("type=\"password\"") && !html.contains("Use a passkey"), "{html}");
}

#[tokio::test]
async fn a_recovery_code_is_shown_for_paper_and_its_last_group_is_asked_for() {
    let props = || RecoveryCodeProps {
        code: "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ".into(),
        email: "ada@example.org".into(),
        on_done: Callback::noop(),
    };
    let html = html::<RecoveryCode>(props).await;
    in_order(&html, &["0123", "WXYZ", "Print", "Copy", "the only time", "Type the last group of four"]);
}
