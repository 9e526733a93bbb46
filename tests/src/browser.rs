//! A real browser: headless Chromium through its driver.

mod driver;
mod keyboard;
mod log;
mod mouse;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    process::Child,
    sync::{RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use self::driver::{capabilities, on_path, start_driver};
pub use self::log::Sent;
use crate::{Running, in_time, until, until_true};

/// The WebDriver codes of keys (W3C WebDriver, 17.4.2, read 2026-11-22).
pub mod key {
    pub const TAB: char = '\u{e004}';
    pub const ESCAPE: char = '\u{e00c}';
    pub const ENTER: char = '\u{e007}';
    pub const ARROW_DOWN: char = '\u{e015}';
    pub const ARROW_RIGHT: char = '\u{e014}';
    pub const SHIFT: char = '\u{e008}';
    pub const SPACE: char = ' ';
}

/// Browsers run beside each other, for they mostly wait; but no other runs beside one that measures.
static MACHINE: RwLock<()> = RwLock::const_new(());

/// What the hydrated page keeps of the server's markup while Yew has not taken it over.
const HYDRATED: &str = "
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
    while (walker.nextNode()) { if (walker.currentNode.data.startsWith('<[')) { return false; } }
    return document.readyState === 'complete' && !document.querySelector('[aria-busy=true]');";

/// A browser with one window, a profile of its own, and an address to begin with.
pub struct Browser {
    page: Client,
    origin: String,
    /// The driver's port and the session's path, for commands that WebDriver has no name for.
    port: u16,
    session: String,
    http: reqwest::Client,
    _driver: Child,
    _profile: TempDir,
    _share: Share,
}

/// A browser's part of the machine.
enum Share {
    Some { _guard: RwLockReadGuard<'static, ()> },
    All { _guard: RwLockWriteGuard<'static, ()> },
}

impl Browser {
    /// Opens it. A test has one at a time.
    ///
    /// # Panics
    /// When Chromium or its driver is not installed.
    pub async fn open(running: &Running) -> Self {
        Self::with(Share::Some { _guard: MACHINE.read().await }, running).await
    }

    /// The same while no other browser runs, to measure.
    pub async fn alone(running: &Running) -> Self {
        Self::with(Share::All { _guard: MACHINE.write().await }, running).await
    }

    async fn with(share: Share, running: &Running) -> Self {
        let driver = on_path(&["chromedriver"]);
        let chromium = on_path(&["chromium", "chromium-browser", "google-chrome"]);
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let (driver, port) = start_driver(&driver).await;
        let origin = format!("http://127.0.0.1:{port}");
        let capabilities = capabilities(&chromium, profile.path());
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().expect("an object").clone())
            .connect(&origin)
            .await
            .expect("Chromium starts");
        let id = page.session_id().await.expect("a session").expect("an open session");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client without TLS");
        let browser = Self {
            page,
            origin: running.settings.public_url.clone(),
            port,
            session: format!("/session/{id}"),
            http,
            _driver: driver,
            _profile: profile,
            _share: share,
        };
        browser.width(1280).await;
        // Chromium's own first page asks for things of its own.
        browser.page.goto("about:blank").await.expect("an empty page");
        browser.requests().await;
        browser
    }

    /// Ends the session. A test that fails on the way ends it by dropping the browser.
    pub async fn close(self) {
        self.page.clone().close().await.expect("the session ends");
    }

    /// Sets the width of the window in CSS pixels.
    pub async fn width(&self, width: u32) {
        let size = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Prefers a colour scheme, `light` or `dark`, and no motion: a fade half way through has half its contrast.
    pub async fn scheme(&self, scheme: &str) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Loads a page and waits until Yew has taken it over and nothing is on its way.
    pub async fn visit(&self, path: &str) {
        self.load(path).await;
        self.settled().await;
    }

    /// Loads a page as far as the browser does by itself. What was pressed before is answered first: whoever leaves earlier takes
    /// it back.
    pub async fn load(&self, path: &str) {
        let pressed = "return !!document.querySelector('button[aria-busy=true]')";
        let answered = || async {
            let waits = matches!(self.page.execute(pressed, Vec::new()).await, Ok(Value::Bool(true)));
            (!waits).then_some(())
        };
        // An answer that never comes is missed by what comes next.
        let _ = in_time(answered).await;
        self.page.goto(&format!("{}{path}", self.origin)).await.expect("the page loads");
    }

    /// Waits until Yew has taken the page over and nothing is on its way.
    pub async fn settled(&self) {
        self.is_true(HYDRATED).await;
    }

    /// The path and query of the address.
    pub async fn here(&self) -> String {
        let url = self.page.current_url().await.expect("an address");
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    /// Waits until the address contains some text.
    pub async fn arrives_at(&self, part: &str) {
        let look = || async { self.here().await.contains(part).then_some(()) };
        if in_time(look).await.is_none() {
            let (here, text) = (self.here().await, self.text().await);
            panic!("waited in vain for an address with {part:?} on {here}, which says: {text}");
        }
    }

    /// The result of a script: the body of a function.
    pub async fn eval(&self, script: &str) -> Value {
        self.page.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{error}: {script}"))
    }

    /// Waits until a script gives `true`. While a page is being replaced, what a script asks of it may not be there.
    pub async fn is_true(&self, script: &str) {
        let look = || async {
            let given = self.page.execute(script, Vec::new()).await.ok()?;
            (given == Value::Bool(true)).then_some(())
        };
        if in_time(look).await.is_none() {
            let (here, given) = (self.here().await, self.eval(script).await);
            panic!("waited in vain for true, not {given}, of {script} on {here}");
        }
    }

    /// Waits until the address is exactly this path and query.
    pub async fn is_at(&self, path: &str) {
        until_true(&format!("the address {path:?}"), || async { self.here().await == path }).await;
    }

    /// Waits for an element on the screen.
    pub async fn sees(&self, css: &str) -> Element {
        let what = format!("{css} on {}", self.here().await);
        until(&what, || self.shown(Locator::Css(css))).await
    }

    /// Whether no such element is on the screen now.
    pub async fn sees_nothing(&self, css: &str) -> bool {
        self.shown(Locator::Css(css)).await.is_none()
    }

    /// The first such element that is on the screen now.
    async fn shown(&self, locator: Locator<'_>) -> Option<Element> {
        for element in self.page.find_all(locator).await.unwrap_or_default() {
            if element.is_displayed().await.unwrap_or_default() {
                return Some(element);
            }
        }
        None
    }

    /// The driver's own handle, for what has no name here.
    pub fn page(&self) -> &Client {
        &self.page
    }

    /// Waits until the page says something.
    pub async fn reads(&self, words: &str) {
        let look = || async { self.said().await?.contains(words).then_some(()) };
        if in_time(look).await.is_none() {
            panic!(
                "waited in vain for the words {words:?} on {}, which says: {}",
                self.here().await,
                self.text().await
            );
        }
    }

    /// What the page says, with single spaces.
    pub async fn text(&self) -> String {
        until("a page that says something", || self.said()).await
    }

    /// The same; nothing while a page is being replaced.
    async fn said(&self) -> Option<String> {
        let text = self.page.execute("return document.body.innerText", Vec::new()).await.ok()?;
        Some(text.as_str()?.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Clicks with the mouse on the first such element on the screen.
    pub async fn click(&self, css: &str) {
        self.click_at(Locator::Css(css), css).await;
    }

    /// Clicks on the first button, link, label or summary in the page's body that begins with these words.
    pub async fn click_on(&self, words: &str) {
        let kinds = "self::button or self::a or self::label or self::summary";
        let path = format!("//main//*[{kinds}][starts-with(normalize-space(), \"{words}\")]");
        self.click_at(Locator::XPath(&path), words).await;
    }

    async fn click_at(&self, locator: Locator<'_>, what: &str) {
        let scroll = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        let click = || async {
            let element = self.shown(locator).await?;
            let shown = serde_json::to_value(&element).expect("an element is a reference");
            // A page that is being replaced takes the element away; the next look finds the new one.
            self.page.execute(scroll, vec![shown]).await.ok()?;
            element.click().await.ok()
        };
        if in_time(click).await.is_none() {
            panic!(
                "waited in vain to click on {what} on {}, which says: {}",
                self.here().await,
                self.text().await
            );
        }
    }

    /// Types into a field.
    pub async fn fill(&self, css: &str, text: &str) {
        // One that was replaced after it was found has taken nothing; the next look finds the new one.
        let what = format!("{css} to take text on {}", self.here().await);
        until(&what, || async { self.shown(Locator::Css(css)).await?.send_keys(text).await.ok() }).await;
    }

    /// Puts a value into a field that is set rather than typed into, a day, a time or a choice, in place of what it holds.
    pub async fn set(&self, css: &str, value: &str) {
        self.sees(css).await;
        let script = format!(
            "const field = document.querySelector({css:?});
             if (!field) {{ return false; }}
             field.value = {value:?};
             field.dispatchEvent(new InputEvent('input', {{bubbles: true}}));
             field.dispatchEvent(new Event('change', {{bubbles: true}}));
             return field.value === {value:?};"
        );
        self.is_true(&script).await;
    }

    /// Chooses a file in a field for files, which need not be on the screen: what one clicks on is its label.
    pub async fn attach(&self, css: &str, file: &Path) {
        let what = format!("{css} on {}", self.here().await);
        let field = until(&what, || async { self.page.find(Locator::Css(css)).await.ok() }).await;
        field.send_keys(file.to_str().expect("a path in UTF-8")).await.expect("a file is chosen");
    }

    /// What an element says, without spaces at its ends.
    pub async fn words_of(&self, css: &str) -> String {
        let what = format!("what {css} says on {}", self.here().await);
        let words = until(&what, || async { self.shown(Locator::Css(css)).await?.text().await.ok() }).await;
        words.trim().to_owned()
    }

    /// Gives the window an authenticator that is built into the device and knows its owner. Passkeys are made and used
    /// without a question, and each has a secret (the extension `prf`, which Chromium's has from CTAP 2.1 on).
    pub async fn authenticator(&self) {
        self.devtools("WebAuthn.enable", json!({})).await;
        let options = json!({
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true, "hasPrf": true,
        });
        self.devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
    }

    /// Lets pages save files into a folder, without a question.
    pub async fn saves_into(&self, folder: &Path) {
        let allowed = json!({"behavior": "allow", "downloadPath": folder});
        self.devtools("Browser.setDownloadBehavior", allowed).await;
    }

    /// Every cookie by its name, those too that no script reads.
    pub async fn cookies(&self) -> Vec<(String, String)> {
        let kept = self.devtools("Network.getAllCookies", json!({})).await;
        let kept = kept["cookies"].as_array().cloned().unwrap_or_default();
        let pair = |cookie: &Value| {
            let part = |name: &str| cookie[name].as_str().unwrap_or_default().to_owned();
            (part("name"), part("value"))
        };
        kept.iter().map(pair).collect()
    }

    /// A command of the Chrome DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.chromium("goog/cdp/execute", &json!({"cmd": command, "params": parameters})).await
    }

    /// Keeps a picture of the whole page in the folder that `HELLOMAPPER_TEST_PICTURES` names, for people to look at; none where
    /// it names none. Pictures are called after the width and the address, and the later one of an address stays.
    pub async fn picture(&self, width: &str) {
        let Some(folder) = std::env::var_os("HELLOMAPPER_TEST_PICTURES") else { return };
        self.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true})).await;
        let taken = self
            .devtools("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}))
            .await;
        self.devtools("Emulation.setScrollbarsHidden", json!({"hidden": false})).await;
        let png = BASE64_STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("base64");
        let here = self.here().await.replace(|of: char| !of.is_ascii_alphanumeric(), "-");
        let name: String = format!("{width}{here}").chars().take(120).collect();
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), png).expect("a picture");
    }

    /// Runs a script, the body of a function that gets a callback as its only argument, and waits for that.
    pub async fn eval_async(&self, script: &str) -> Value {
        let script = format!("const done = arguments[0];\n{script}");
        self.page.execute_async(&script, Vec::new()).await.unwrap_or_else(|error| panic!("{error}"))
    }

    async fn chromium(&self, command: &str, body: &Value) -> Value {
        let url = format!("http://127.0.0.1:{}{}/{command}", self.port, self.session);
        let reply = self.http.post(url).json(body).send().await.expect("the driver answers");
        let reply: Value = reply.json().await.expect("the driver answers in JSON");
        assert!(reply["value"]["error"].is_null(), "{command} {body}: {reply}");
        reply["value"].clone()
    }
}

impl Drop for Browser {
    /// Chromium outlives a driver that is killed, so the driver is asked to end it first.
    fn drop(&mut self) {
        let ask = || {
            let mut driver = TcpStream::connect(("127.0.0.1", self.port))?;
            driver.set_read_timeout(Some(Duration::from_secs(10)))?;
            let (session, port) = (&self.session, self.port);
            write!(
                driver,
                "DELETE {session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
            )?;
            // It answers when Chromium has ended, and keeps the connection open all the same.
            driver.read(&mut [0; 64])
        };
        // It may be gone already, and then there is nothing to end.
        let _ = ask();
    }
}
