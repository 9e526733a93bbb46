//! What the browser's logs say: what went wrong, and what was asked for.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// Errors that the console has had since the last call.
    pub async fn console_errors(&self) -> Vec<String> {
        let entries = self.log("browser").await;
        let grave = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
        let words = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        entries.iter().filter(grave).map(words).collect()
    }

    /// The addresses asked for since the last call, `data:` apart.
    pub async fn requests(&self) -> Vec<String> {
        self.sent().await.into_iter().map(|sent| sent.url).collect()
    }

    /// The same requests with what they carried.
    pub async fn sent(&self) -> Vec<Sent> {
        let entries = self.log("performance").await;
        entries.iter().filter_map(Sent::read).filter(|sent| !sent.url.starts_with("data:")).collect()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.chromium("se/log", &json!({"type": kind})).await;
        entries.as_array().cloned().unwrap_or_default()
    }
}

/// A request that the browser has sent.
pub struct Sent {
    /// Where to.
    pub url: String,
    /// Which page asked; where a page was asked for, that page.
    pub page: String,
    /// Address, headers and body.
    text: String,
}

impl Sent {
    /// Reads an entry of the log; `None` for what is no request.
    fn read(entry: &Value) -> Option<Self> {
        let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
        if event["message"]["method"] != "Network.requestWillBeSent" {
            return None;
        }
        let asked = &event["message"]["params"];
        let request = &asked["request"];
        let mut text = request.to_string();
        for part in request["postDataEntries"].as_array().into_iter().flatten() {
            let bytes =
                BASE64_STANDARD.decode(part["bytes"].as_str().unwrap_or_default()).unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
        let page = asked["documentURL"].as_str().unwrap_or_default().to_owned();
        Some(Self { url: request["url"].as_str()?.to_owned(), page, text })
    }

    /// Whether some text is anywhere in it.
    pub fn carries(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}
