//! FHIR from outside: what is read, found, held and booked, the bulk feed, and whether all of it is FHIR.

mod booking;
mod bulk;
mod reading;
mod validated;

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::app::{App, Browser, PUBLIC_URL, ROLE, Reply};

/// Somebody's reply as the resource that it must be.
pub fn resource(reply: &Reply, kind: &str) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/fhir+json");
    assert_eq!(reply.body["resourceType"], kind, "{}", reply.body);
    reply.body.clone()
}

/// The resources of a bundle that were asked for.
pub fn found(reply: &Reply) -> Vec<Value> {
    let bundle = resource(reply, "Bundle");
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default().into_iter();
    entries
        .filter(|entry| entry["search"]["mode"] == "match")
        .map(|entry| entry["resource"].clone())
        .collect()
}

/// A link of a bundle, as a path.
pub fn link(reply: &Reply, relation: &str) -> Option<String> {
    let links = reply.body["link"].as_array()?;
    let url = links.iter().find(|link| link["relation"] == relation)?["url"].as_str()?;
    Some(url.strip_prefix(PUBLIC_URL).unwrap().to_owned())
}

/// The actors of an appointment by what they are called.
pub fn names(appointment: &Value) -> Vec<&str> {
    let participants = appointment["participant"].as_array().unwrap();
    participants.iter().map(|one| one["actor"]["display"].as_str().unwrap()).collect()
}

/// An instant of a resource.
pub fn instant(resource: &Value, element: &str) -> Timestamp {
    resource[element].as_str().unwrap().parse().unwrap()
}

/// Sends an operation its parameters.
pub async fn operate(browser: &mut Browser, operation: &str, parameter: Value) -> Reply {
    let body = json!({"resourceType": "Parameters", "parameter": parameter});
    let request = Request::post(format!("/fhir/Appointment/${operation}"))
        .header(header::CONTENT_TYPE, "application/fhir+json")
        .body(Body::from(body.to_string()))
        .unwrap();
    browser.send(request).await
}

/// What is proposed with [`ROLE`] of one type on a day.
pub async fn proposals(app: &App, of: impl std::fmt::Display, day: &str) -> Vec<Value> {
    let path = format!(
        "/fhir/Appointment/$find?start={day}&end={day}&practitioner=PractitionerRole/{ROLE}&visit-type={of}"
    );
    found(&app.browser().get(&path).await)
}

/// A reference parameter.
pub fn referring(name: &str, to: &str) -> Value {
    json!({"name": name, "valueReference": {"reference": to}})
}

/// Holds what was proposed, which must work.
pub async fn hold(browser: &mut Browser, proposal: &Value) -> Value {
    let to = format!("Appointment/{}", proposal["id"].as_str().unwrap());
    let reply = operate(browser, "hold", json!([referring("appointment-reference", &to)])).await;
    found(&reply).remove(0)
}

/// What `$book` needs for what is held: a patient and the consent.
pub fn details(held: &Value) -> Vec<Value> {
    let to = format!("Appointment/{}", held["id"].as_str().unwrap());
    let patient = json!({
        "resourceType": "Patient",
        "name": [{"use": "official", "family": "Rossi", "given": ["Bea"]}],
        "birthDate": "1980-02-29",
        "telecom": [
            {"system": "email", "value": "bea@example.org"},
            {"system": "phone", "value": "0491 570 156"},
        ],
    });
    let consent = json!([
        {"name": "text", "valueString": "booking-collection"},
        {"name": "version", "valueInteger": 1},
    ]);
    vec![
        referring("appointment-reference", &to),
        json!({"name": "patient-resource", "resource": patient}),
        json!({"name": "consent", "part": consent}),
    ]
}
