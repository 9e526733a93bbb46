//! Text messages over HTTP and into files.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use notifications::gateways::{
    HttpSms, SmsFiles,
    sms::{Sms, SmsError, Text},
};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::nobody_listens;

/// What a gateway was told: the authorization and the form.
type Heard = Arc<Mutex<Vec<(String, String)>>>;

/// A gateway that answers with that status.
async fn gateway(status: u16) -> (String, Heard) {
    let heard = Heard::default();
    let told = heard.clone();
    let answer = move |headers: HeaderMap, form: String| async move {
        let authorization = headers["authorization"].to_str().unwrap().to_owned();
        told.lock().unwrap().push((authorization, form));
        StatusCode::from_u16(status).unwrap()
    };
    let router = Router::new().route("/Accounts/AC1/Messages.json", post(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://AC1:sec%2Fret@{address}/Accounts/AC1/Messages.json"), heard)
}

fn text(number: &str) -> Text {
    Text {
        message_id: Uuid::from_u128(7).into(),
        recipient: number.to_owned().into(),
        text: "HelloMapper: appointment on Tue 24 Nov".to_owned().into(),
        attempt: 2,
    }
}

#[tokio::test]
async fn a_text_message_reaches_the_gateway_as_a_form_under_its_password() {
    let (url, heard) = gateway(201).await;
    HttpSms::new(&url, "HelloMapper").unwrap().send(&text("+61491570006")).await.unwrap();
    let heard = heard.lock().unwrap();
    let (authorization, form) = &heard[0];
    // `AC1:sec/ret`
    assert_eq!(authorization, "Basic QUMxOnNlYy9yZXQ=");
    assert_eq!(form, "To=%2B61491570006&From=HelloMapper&Body=HelloMapper%3A+appointment+on+Tue+24+Nov");
}

#[tokio::test]
async fn a_gateway_that_signs_is_told_where_to_report() {
    let (url, heard) = gateway(201).await;
    let sms = HttpSms::new(&url, "+61491570156").unwrap().reporting_to("https://hellomapper.example");
    sms.send(&text("+61491570006")).await.unwrap();
    let heard = heard.lock().unwrap();
    let form: Vec<_> = form_urlencoded::parse(heard[0].1.as_bytes()).into_owned().collect();
    let address = form.iter().find(|(name, _)| name == "StatusCallback").map(|(_, value)| value.as_str());
    let expected = "https://hellomapper.example/api/v1/notifications/texts/00000000-0000-0000-0000-000000000007/status?try=2";
    assert_eq!(address, Some(expected));
}

#[tokio::test]
async fn a_refusal_is_told_by_its_status_and_nothing_is_followed() {
    for (status, is_final) in [(400, true), (429, false), (503, false), (307, false)] {
        let (url, _heard) = gateway(status).await;
        let error = HttpSms::new(&url, "HelloMapper").unwrap().send(&text("+61491570006")).await.unwrap_err();
        assert_eq!(error.to_string(), format!("the gateway refused with {status}"));
        assert_eq!(error.is_final(), is_final, "{status}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_a_failed_try() {
    let nobody = nobody_listens();
    let url = format!("http://AC1:secret@{}/", nobody.local_addr().unwrap());
    let error = HttpSms::new(&url, "HelloMapper").unwrap().send(&text("+61491570006")).await.unwrap_err();
    assert!(matches!(error, SmsError::Unreachable), "{error:?}");
}

#[tokio::test]
async fn nobody_else_is_written_to() {
    let (url, heard) = gateway(201).await;
    let sms = HttpSms::new(&url, "HelloMapper").unwrap();
    for number in ["+6421123456", "+611900123456", "+61491570006, +61491570156"] {
        assert!(matches!(sms.send(&text(number)).await, Err(SmsError::Number)), "{number}");
    }
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_wrong_address_is_refused_without_repeating_it() {
    for url in ["secret", "ftp://user:secret@host/", "https://host/secret", "https://:secret@host/"] {
        let error = HttpSms::new(url, "HelloMapper").err().unwrap();
        assert!(!format!("{error:#?}").contains("secret"), "{error:#?}");
    }
}

#[tokio::test]
async fn text_messages_go_into_files_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("sms");
    SmsFiles::new(folder.clone(), "HelloMapper").send(&text("+61491570006")).await.unwrap();
    let path = folder.join("00000000-0000-0000-0000-000000000007.txt");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "To: +61491570006\nFrom: HelloMapper\n\nHelloMapper: appointment on Tue 24 Nov\n"
    );
}
