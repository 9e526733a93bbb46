//! The two of them, asked the same.

use std::{collections::BTreeMap, env, net::SocketAddr, time::Duration};

use kernel::{Chance, Clock, config::Mode};
use processor_sandbox::{KEY, Receiver, Sandbox, serve};
use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Map, Value};
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpSocket},
    process::{Child, Command},
    time::{Instant, sleep},
};

/// How long localstripe may take to start.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is compared of an object, where localstripe says it.
const COMPARED: [&str; 21] = [
    "amount",
    "amount_refunded",
    "brand",
    "capture_method",
    "captured",
    "currency",
    "deleted",
    "email",
    "exp_month",
    "exp_year",
    "failure_code",
    "funding",
    "has_more",
    "last4",
    "metadata",
    "name",
    "object",
    "paid",
    "refunded",
    "status",
    "usage",
];
/// Objects within an object that are compared too.
const WITHIN: [&str; 2] = ["card", "latest_charge"];

/// One of the two.
struct Side {
    address: String,
    /// What its objects are called, by our names for them.
    ids: BTreeMap<String, String>,
}

/// localstripe and our sandbox, each begun anew.
pub struct Both {
    theirs: Side,
    ours: Side,
    client: Client,
    sandbox: Sandbox,
    _localstripe: Child,
    _folder: TempDir,
}

impl Both {
    /// Starts both.
    pub async fn start() -> Self {
        let python = env::var_os("HELLOMAPPER_TEST_LOCALSTRIPE_PYTHON").expect(
            "HELLOMAPPER_TEST_LOCALSTRIPE_PYTHON is not set: run this through `cargo xtask test`, which installs it",
        );
        let client = Client::builder().no_proxy().build().unwrap();
        // It takes a port by number only. This one is given to nobody else until it listens there: who names the number may have it
        // beside us, since we do not listen (Linux, socket(7), SO_REUSEADDR).
        let kept = TcpSocket::new_v4().unwrap();
        kept.set_reuseaddr(true).unwrap();
        kept.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let theirs = kept.local_addr().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let localstripe = Command::new(python)
            .args(["-m", "localstripe", "--from-scratch", "--port", &theirs.port().to_string()])
            .current_dir(folder.path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let theirs = format!("http://{theirs}");
        let until = Instant::now() + PATIENCE;
        while client.get(&theirs).send().await.is_err() {
            assert!(Instant::now() < until, "localstripe did not start");
            sleep(Duration::from_millis(50)).await;
        }
        let (sandbox, ours) = sandbox().await;
        let side = |address| Side { address, ids: BTreeMap::new() };
        Self {
            theirs: side(theirs),
            ours: side(format!("http://{ours}")),
            client,
            sandbox,
            _localstripe: localstripe,
            _folder: folder,
        }
    }

    /// Has both tell the same listener.
    pub async fn tell(&self, theirs: &str, ours: &str, secret: &str) {
        let path = format!("{}/_config/webhooks/test", self.theirs.address);
        let form = format!("url={theirs}&secret={secret}");
        let told = self.request(Method::POST, &path).body(form).send().await.unwrap();
        assert!(told.status().is_success());
        self.sandbox.tell(Receiver { url: ours.to_owned(), secret: secret.to_owned() });
    }

    /// A customer, called `customer` from then on.
    pub async fn customer(&mut self) {
        self.post("customer", "/v1/customers", "email=a@example.org").await;
    }

    /// A card, called `card` from then on.
    pub async fn card(&mut self, number: &str) {
        let form =
            format!("type=card&card[number]={number}&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123");
        self.post("card", "/v1/payment_methods", &form).await;
    }

    /// A card of a customer.
    pub async fn kept_card(&mut self, number: &str) {
        self.customer().await;
        self.card(number).await;
        self.post("", "/v1/payment_methods/{card}/attach", "customer={customer}").await;
    }

    /// Asks both the same; what is answered has a name from then on, unless that is empty.
    pub async fn post(&mut self, name: &str, path: &str, form: &str) {
        self.ask(name, Method::POST, path, form).await;
    }

    /// Asks both for the same.
    pub async fn get(&mut self, path: &str) {
        self.ask("", Method::GET, path, "").await;
    }

    /// Has both forget the same.
    pub async fn delete(&mut self, path: &str) {
        self.ask("", Method::DELETE, path, "").await;
    }

    async fn ask(&mut self, name: &str, method: Method, path: &str, form: &str) {
        let what = format!("{method} {path} {form}");
        let (theirs, said) = self.send(&self.theirs, method.clone(), path, form).await;
        let (ours, says) = self.send(&self.ours, method, path, form).await;
        assert_eq!(ours, theirs, "{what}: {says} where localstripe says {said}");
        same(&what, &said, &says);
        if !name.is_empty() {
            for (side, reply) in [(&mut self.theirs, &said), (&mut self.ours, &says)] {
                side.ids.insert(name.to_owned(), reply["id"].as_str().unwrap().to_owned());
            }
        }
    }

    async fn send(&self, side: &Side, method: Method, path: &str, form: &str) -> (StatusCode, Value) {
        let address = format!("{}{}", side.address, named(side, path));
        let reply = self.request(method, &address).body(named(side, form)).send().await.unwrap();
        let status = reply.status();
        (status, serde_json::from_str(&reply.text().await.unwrap()).unwrap_or(Value::Null))
    }

    fn request(&self, method: Method, address: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, address)
            .bearer_auth(KEY)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    }
}

/// Our sandbox on a free port, until the test ends.
async fn sandbox() -> (Sandbox, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (clock, chance) = (Clock::System, Chance::system());
    let sandbox = Sandbox::new(Mode::Development, clock, chance, format!("http://{address}"), None).unwrap();
    tokio::spawn(serve(sandbox.clone(), listener, std::future::pending()));
    (sandbox, address)
}

/// With the side's own ids in the place of our names for them.
fn named(side: &Side, text: &str) -> String {
    side.ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
}

/// Whatever localstripe says is what we say.
fn same(what: &str, theirs: &Value, ours: &Value) {
    if let Some(code) = theirs["error"]["code"].as_str() {
        assert_eq!(ours["error"]["code"], code, "{what}: {ours}");
    }
    let nothing = Map::new();
    for (name, said) in theirs.as_object().unwrap_or(&nothing) {
        if COMPARED.contains(&name.as_str()) && !is_its_own(theirs, name) {
            assert_eq!(&ours[name], said, "{what}: {name} of {ours} where localstripe says {theirs}");
        }
        // localstripe shows the charge whole even where nobody asked for it.
        if WITHIN.contains(&name.as_str()) && said.is_object() && ours[name].is_object() {
            same(what, said, &ours[name]);
        }
    }
}

/// Where localstripe is known to say something of its own: it gives each new customer euros, and has charges that failed captured.
fn is_its_own(theirs: &Value, name: &str) -> bool {
    theirs["object"] == "customer" && name == "currency" || theirs["status"] == "failed" && name == "captured"
}
