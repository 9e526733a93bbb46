//! What strangers, other sites and broken programs meet, over real sockets; and what the logs never hold.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod account_logs;
mod canary;
mod comparing;
mod doors;
mod fresh;
mod headers;
mod integrity;
mod logs;
mod printing;
mod requests;
mod sources;

/// A client that follows nothing and keeps no cookies.
fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    client.expect("a client without TLS")
}
