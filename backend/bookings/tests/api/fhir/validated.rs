//! Whether it is FHIR R4: an independent validator (the npm package `fhir`), with the structure definitions that come with it,
//! reads everything we send.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::{bulk, details, found, hold, operate, proposals, referring};
use crate::app::{App, IMPORTED, LONG, MONDAY, ROLE, monday};

/// What the validator finds wrong.
fn wrong_with(resources: &[Value]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node/validate.cjs");
    let mut node = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`cargo xtask test` has installed Node.js and the npm packages");
    let mut input = node.stdin.take().unwrap();
    let lines: String = resources.iter().map(|resource| format!("{resource}\n")).collect();
    // It reads all of its input before it writes anything.
    input.write_all(lines.as_bytes()).unwrap();
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "validate.cjs failed; its words are above");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_validator_finds_mistakes() {
    let slot = json!({
        "resourceType": "Slot", "id": "1", "schedule": {"reference": "Patient/1"}, "status": "taken",
        "start": "2026-11-23", "price": 1, "serviceType": [],
    });
    let wrong = wrong_with(&[slot]);
    for element in ["schedule", "status", "start", "end", "price", "serviceType"] {
        assert!(wrong.iter().any(|line| line.contains(&format!("Slot.{element}:"))), "{element}: {wrong:?}");
    }
}

#[tokio::test]
async fn everything_that_is_sent_is_fhir_r4() {
    let app = App::new().await;
    app.change("update bookings.schedule set horizon_days = 2").await;
    app.change("update bookings.appointment_type set telehealth = true where name = 'Short review'").await;
    let mut browser = app.browser();
    let mut sent = Vec::new();
    for path in [
        "/fhir/metadata".to_owned(),
        format!("/fhir/Schedule/{ROLE}"),
        format!("/fhir/Schedule/{IMPORTED}"),
        "/fhir/Schedule?_count=1".to_owned(),
        format!("/fhir/PractitionerRole/{ROLE}"),
        format!("/fhir/PractitionerRole/{IMPORTED}"),
        format!("/fhir/Location/{ROLE}"),
        format!("/fhir/HealthcareService/{ROLE}"),
        format!("/fhir/HealthcareService/{IMPORTED}"),
        format!("/fhir/Slot?schedule=Schedule/{ROLE}&start={MONDAY}&_count=5"),
        format!("/fhir/Slot?schedule=Schedule/{IMPORTED}"),
        format!("/fhir/Appointment/$find?start={MONDAY}&practitioner=PractitionerRole/{ROLE}"),
        // Refusals, with and without fields.
        "/fhir/Slot".to_owned(),
        "/fhir/Slot/none".to_owned(),
        "/fhir/Nothing".to_owned(),
        format!("/fhir/Appointment/{ROLE}"),
    ] {
        sent.push(browser.get(&path).await.body);
    }
    let proposals = proposals(&app, LONG, "2026-11-23").await;
    let slot = format!("/fhir/Slot/{}", proposals[0]["id"].as_str().unwrap());
    sent.push(browser.get(&slot).await.body);
    for (proposal, booked) in [(&proposals[0], true), (&proposals[4], false)] {
        let held = hold(&mut browser, proposal).await;
        let path = format!("/fhir/Appointment/{}", held["id"].as_str().unwrap());
        sent.push(browser.get(&path).await.body);
        let again =
            referring("appointment-reference", &format!("Appointment/{}", proposal["id"].as_str().unwrap()));
        sent.push(operate(&mut browser, "hold", json!([again.clone()])).await.body);
        sent.push(operate(&mut app.browser(), "hold", json!([again])).await.body);
        if booked {
            let reply = operate(&mut browser, "book", json!(details(&held))).await;
            let path = format!("/fhir/Appointment/{}", found(&reply)[0]["id"].as_str().unwrap());
            sent.push(reply.body);
            sent.push(browser.get(&path).await.body);
        }
    }
    let cancelled = app.book(&mut browser, monday(15, 0)).await;
    browser.cancel(cancelled.appointment_id, cancelled.version).await;
    sent.push(browser.get(&format!("/fhir/Appointment/{}", cancelled.appointment_id)).await.body);
    for kind in ["Location", "Schedule", "Slot"] {
        sent.extend(bulk::all(&app, kind).await);
    }
    assert!(sent.iter().all(|resource| resource["resourceType"].is_string()), "{sent:?}");
    assert_eq!(wrong_with(&sent), Vec::<String>::new());
}
