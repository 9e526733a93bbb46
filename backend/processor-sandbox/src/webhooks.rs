//! Tells what happened, signed as the real processor signs (<https://docs.stripe.com/webhooks/signature>, read 2026-11-26):
//! late, twice, out of order or never, where that is asked for.

use std::{sync::Arc, time::Duration};

use hmac::{Hmac, Mac as _};
use reqwest::Client;
use sha2::Sha256;
use tokio::sync::Semaphore;

use crate::{Sandbox, world::Notice};

/// How many are on their way at once, of those that are late or come again.
const AT_ONCE: usize = 16;
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often one comes again before it is given up.
const TRIES: u32 = 12;
/// The longest pause between two tries. The real processor's is hours: nobody waits for that here.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Who listens.
#[derive(Clone)]
pub struct Receiver {
    /// Where.
    pub url: String,
    /// What they know the sender by: `whsec_…`.
    pub secret: String,
}

/// How one notice goes on its way: so many milliseconds late, once or twice; not at all when there is none.
pub(crate) type Fate = Vec<u64>;

/// The header `Stripe-Signature` of a body that is sent at a time.
pub fn signature(secret: &str, at: i64, body: &str) -> String {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// Hands on what happens, until dropped.
pub(crate) async fn run(sandbox: Sandbox) {
    let sender = Sender {
        client: Client::builder().no_proxy().timeout(PATIENCE).build().expect("a client without TLS"),
        places: Arc::new(Semaphore::new(AT_ONCE)),
        sandbox,
    };
    loop {
        let notices = sender.sandbox.take_notices();
        if notices.is_empty() {
            sender.sandbox.happened().await;
        }
        for (notice, fate) in notices {
            for late in fate {
                for receiver in sender.sandbox.receivers() {
                    sender.begin(receiver, notice.clone(), late).await;
                }
            }
        }
    }
}

#[derive(Clone)]
struct Sender {
    client: Client,
    places: Arc<Semaphore>,
    sandbox: Sandbox,
}

impl Sender {
    /// Sends at once, and in order; what is late or was not taken goes beside.
    async fn begin(&self, receiver: Receiver, notice: Notice, late: u64) {
        let is_done = late == 0 && self.send(&receiver, &notice).await;
        if !is_done {
            let sender = self.clone();
            tokio::spawn(async move { sender.insist(receiver, notice, Duration::from_millis(late)).await });
        }
    }

    /// Sends until it is taken, with longer and longer pauses.
    async fn insist(self, receiver: Receiver, notice: Notice, late: Duration) {
        let mut pause = if late.is_zero() { Duration::from_secs(1) } else { late };
        for _ in 0..TRIES {
            tokio::time::sleep(pause).await;
            let Ok(_place) = self.places.acquire().await else { return };
            if self.send(&receiver, &notice).await {
                return;
            }
            pause = (pause * 2).clamp(Duration::from_secs(1), LONGEST_PAUSE);
        }
        tracing::warn!(event.id = notice.event_id, url = receiver.url, "a webhook was given up");
    }

    /// Sends once and says whether it was taken.
    async fn send(&self, receiver: &Receiver, notice: &Notice) -> bool {
        let signature = signature(&receiver.secret, self.sandbox.now(), &notice.body);
        let sent = self
            .client
            .post(&receiver.url)
            .header("content-type", "application/json; charset=utf-8")
            .header("stripe-signature", signature)
            .body(notice.body.clone())
            .send()
            .await;
        let is_taken = sent.is_ok_and(|reply| reply.status().is_success());
        self.sandbox.count(|figures| {
            if is_taken {
                figures.webhooks_received += 1;
            } else {
                figures.webhooks_failed += 1;
            }
        });
        is_taken
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_signature_covers_time_and_body() {
        let signed = signature("whsec_test", 1_700_000_000, "{}");
        assert!(signed.starts_with("t=1700000000,v1="));
        assert_eq!(signed.len(), "t=1700000000,v1=".len() + 64);
        assert_ne!(signed, signature("whsec_test", 1_700_000_001, "{}"));
        assert_ne!(signed, signature("whsec_other", 1_700_000_000, "{}"));
    }
}
