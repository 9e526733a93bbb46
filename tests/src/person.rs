//! Somebody with an HTTP client and its cookies.

use std::{collections::BTreeMap, sync::Mutex};

use kernel::{Chance, Clock};
use reqwest::{Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

/// A guest's browser without a window. It keeps cookies by hand: ours are `Secure`, which browsers take over plain HTTP
/// on this machine and HTTP clients do not.
pub struct Person {
    origin: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub body: String,
}

impl Reply {
    /// The body as its type.
    ///
    /// # Panics
    /// When the status is not `status` or the body is another shape.
    pub fn expect<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// A header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Person {
    /// A stranger.
    pub fn new(origin: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without TLS");
        Self { origin: origin.to_owned(), http, cookies: Mutex::default() }
    }

    /// Puts a cookie in by hand.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar().insert(name.to_owned(), value.to_owned());
    }

    /// The names of the cookies held.
    pub fn cookie_names(&self) -> Vec<String> {
        self.jar().keys().cloned().collect()
    }

    /// What a cookie holds.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name).cloned()
    }

    /// Reads something that is there.
    ///
    /// # Panics
    /// When the reply is not 200 or the body is another shape.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        self.send(Method::GET, path, None::<&Value>).await.expect(200)
    }

    /// Any request; unsafe ones carry a new idempotency key.
    pub async fn send(&self, method: Method, path: &str, body: Option<&impl Serialize>) -> Reply {
        self.send_with_key(method, path, body, Chance::system().id(&Clock::System)).await
    }

    /// Any request with that idempotency key.
    pub async fn send_with_key(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
        key: Uuid,
    ) -> Reply {
        let cookies: Vec<_> = self.jar().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.origin));
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if method != Method::GET {
            request = request.header("Idempotency-Key", key.to_string()).header(header::ORIGIN, &self.origin);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().ok().and_then(|line| line.split(';').next()?.split_once('='));
            if let Some((name, value)) = pair {
                self.set_cookie(name, value);
            }
        }
        Reply { status, headers, body: response.text().await.expect("a text") }
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().expect("nobody panics with the cookies in hand")
    }
}
