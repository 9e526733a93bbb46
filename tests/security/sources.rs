//! What our own text says by itself, without running: nothing is unsafe, every component comes from where it should, and nobody
//! calls out, writes a log or uses an older algorithm but where `docs/security.md` says so.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use hellomapper_tests::running::workspace;
use serde_json::Value;

/// What would call another machine: whoever makes one of these.
const CALLERS: [&str; 5] = [
    "Client::builder(",
    "reqwest::get(",
    "stripe::ClientBuilder",
    "AsyncSmtpTransport::<",
    "TcpStream::connect",
];
/// Who does. The last answers instead of the card processor in development and refuses production.
const CALLING: [&str; 6] = [
    "backend/kernel/src/outbound.rs",
    "backend/notifications/src/gateways/http_sms.rs",
    "backend/notifications/src/gateways/smtp.rs",
    "backend/payments/src/gateways/medicare_http.rs",
    "backend/stripe-client/src/lib.rs",
    "backend/processor-sandbox/src/webhooks.rs",
];
/// What would write somewhere else than into the database.
const WRITERS: [&str; 9] = [
    "println!(",
    "print!(",
    "eprintln!(",
    "stdout()",
    "tracing_subscriber::",
    "io::stderr",
    "File::create(",
    "fs::write(",
    "OpenOptions::new()",
];
/// Who does in a service, and with what. What is no log is a key.
const WRITING: [(&str, &[&str]); 8] = [
    ("backend/kernel/src/audit/files.rs", &["OpenOptions::new()"]),
    ("backend/kernel/src/keys.rs", &["OpenOptions::new()"]),
    ("backend/kernel/src/run.rs", &["println!("]),
    ("backend/kernel/src/telemetry.rs", &["tracing_subscriber::", "io::stderr"]),
    ("backend/notifications/src/gateways/files.rs", &["stdout()"]),
    ("backend/notifications/src/gateways/private_file.rs", &["OpenOptions::new()"]),
    ("backend/providers/src/import/report.rs", &["File::create("]),
    ("backend/users/src/erasure_register.rs", &["OpenOptions::new()"]),
];
/// What services are made of.
const SERVICES: [&str; 6] = [
    "backend/kernel/src",
    "backend/users/src",
    "backend/providers/src",
    "backend/bookings/src",
    "backend/payments/src",
    "backend/notifications/src",
];
/// Algorithms that are older than the others here, or give less.
const OLDER: [&str; 3] = ["sha1", "md5", "rsa"];
/// Files where the name of one stands, each for the reason that `docs/security.md` gives.
const USING: [&str; 4] = [
    "backend/notifications/src/gateways/signed_form.rs",
    "backend/payments/src/gateways/medicare_http/token.rs",
    "backend/providers/src/import/store/resolve/outcome.rs",
    "frontend/src/breached.rs",
];

/// What makes numbers that are random, or that only look so.
const GENERATORS: [&str; 7] =
    ["rand::", "rand_chacha", "getrandom", "OsRng", "thread_rng", "SystemRandom", "Chance::seeded("];
/// Who asks one in a service: the first for everybody else, by the system's; the second for what a signature asks of the system's.
const RANDOM: [&str; 2] =
    ["backend/kernel/src/chance.rs", "backend/payments/src/gateways/medicare_http/token.rs"];

/// Who encrypts with a nonce that it makes. Each has a test of its own that counts them.
const ENCRYPTING: [&str; 2] =
    ["backend/kernel/src/column_cipher.rs", "shared-types/sealing/src/suite/aead.rs"];

#[test]
fn every_crate_of_ours_is_forbidden_unsafe_code() {
    let manifest = text("Cargo.toml");
    let (_, lints) = manifest.split_once("[workspace.lints.rust]").unwrap();
    assert!(lints.split("\n[").next().unwrap().contains("unsafe_code = \"forbid\""));
    for member in members() {
        let manifest = text(&format!("{member}/Cargo.toml"));
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"), "{member} has lints of its own");
    }
}

#[test]
fn every_component_comes_from_a_public_registry_by_its_hash() {
    let ours: BTreeSet<_> = members().iter().map(|member| name_of(member)).collect();
    let mut others = 0;
    for package in text("Cargo.lock").split("[[package]]").skip(1) {
        let field = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
            line.map(|value| value.trim_matches('"').to_owned())
        };
        let name = field("name").unwrap();
        if ours.contains(&name) && field("source").is_none() {
            continue;
        }
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        assert_eq!(field("source").as_deref(), Some(registry), "{name}");
        assert_eq!(field("checksum").unwrap().len(), 64, "{name}");
        others += 1;
    }
    assert!(others > 100, "{others}");
    let lock: Value = serde_json::from_str(&text("package-lock.json")).unwrap();
    for (path, package) in lock["packages"].as_object().unwrap() {
        let hashed = package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-"));
        // What comes within another package is hashed with it.
        let within = package["inBundle"] == true;
        assert!(path.is_empty() || hashed || within, "{path}");
        let from = package["resolved"].as_str().unwrap_or("https://registry.npmjs.org/");
        assert!(from.starts_with("https://registry.npmjs.org/"), "{path}: {from}");
    }
}

#[test]
fn nobody_calls_out_but_who_is_listed_and_none_follows_where_it_is_sent() {
    let mut calling = BTreeSet::new();
    for (file, text) in sources("backend") {
        // Figures are measured against this machine.
        let measures = file.starts_with("backend/all-in-one/src/bench");
        if !measures && CALLERS.iter().any(|caller| text.contains(caller)) {
            let is_plain = text.contains("Client::builder(") && !text.contains("stripe::ClientBuilder");
            let follows = is_plain && !text.contains(".redirect(redirect::Policy::none())");
            assert!(!follows || file.starts_with("backend/processor-sandbox/"), "{file} follows redirects");
            calling.insert(file);
        }
    }
    assert_eq!(calling, BTreeSet::from(CALLING.map(str::to_owned)));
}

#[test]
fn services_log_and_write_where_it_is_written_down_and_nowhere_else() {
    let mut writing: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (file, text) in SERVICES.into_iter().flat_map(sources) {
        let with: Vec<_> = WRITERS.into_iter().filter(|writer| text.contains(writer)).collect();
        if !with.is_empty() {
            writing.insert(file, with);
        }
    }
    let listed = WRITING.map(|(file, with)| (file.to_owned(), with.to_vec()));
    assert_eq!(writing, BTreeMap::from(listed));
    let security = text("docs/security.md");
    for (file, _) in WRITING {
        assert!(security.contains(&format!("`{file}`")), "docs/security.md does not say what {file} writes");
    }
}

#[test]
fn older_algorithms_are_where_they_are_written_down_and_nowhere_else() {
    let mut using = BTreeSet::new();
    for (file, text) in SERVICES.into_iter().chain(["frontend/src", "shared-types"]).flat_map(sources) {
        let names = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let names = names.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()));
        let names: BTreeSet<_> = names.map(str::to_lowercase).collect();
        if OLDER.iter().any(|name| names.contains(*name)) {
            using.insert(file);
        }
    }
    assert_eq!(using, BTreeSet::from(USING.map(str::to_owned)));
    let security = text("docs/security.md");
    for file in USING {
        assert!(security.contains(&format!("`{file}`")), "docs/security.md does not say why {file} does");
    }
}

#[test]
fn what_is_built_for_production_debugs_nothing() {
    let manifest = text("Cargo.toml");
    for profile in ["release", "serve", "bundle"] {
        let (_, settings) = manifest.split_once(&format!("[profile.{profile}]")).unwrap();
        let settings = settings.split("\n[").next().unwrap();
        assert!(!settings.contains("debug-assertions"), "{profile}");
    }
    for (file, text) in ["backend", "frontend/src", "shared-types"].into_iter().flat_map(sources) {
        assert!(!text.contains("debug_assertions"), "{file} is another program when it is debugged");
    }
    let settings = text("deploy/hellomapper.env");
    for line in settings.lines().filter(|line| line.contains("RUST_LOG=")) {
        assert!(!line.contains("debug") && !line.contains("trace"), "{line}");
    }
}

#[test]
fn what_nobody_may_guess_comes_from_the_systems_generator() {
    let asks = |text: &str| GENERATORS.iter().any(|generator| text.contains(generator));
    let asking = SERVICES.into_iter().flat_map(sources).filter(|(_, text)| asks(text)).map(|(file, _)| file);
    assert_eq!(asking.collect::<BTreeSet<_>>(), BTreeSet::from(RANDOM.map(str::to_owned)));
    for (file, text) in sources("backend/all-in-one/src") {
        let measures = ["bench", "chaos"].iter().any(|what| file.contains(what));
        assert!(measures || !text.contains("Chance::seeded("), "{file} would serve what can be foretold");
    }
}

#[test]
fn nothing_is_encrypted_but_where_nonces_are_counted() {
    let encrypts =
        |text: &str| ["XNonce::", ".encrypt(", ".encrypt_in_place("].iter().any(|it| text.contains(it));
    let folders = ["frontend/src", "frontend/vault", "shared-types"];
    let all = SERVICES.into_iter().chain(folders).flat_map(sources);
    let files: BTreeSet<_> = all.filter(|(_, text)| encrypts(text)).map(|(file, _)| file).collect();
    assert_eq!(files, BTreeSet::from(ENCRYPTING.map(str::to_owned)));
}

#[test]
fn no_column_and_no_field_is_for_a_patients_healthcare_identifier() {
    let names = names_of_data();
    let is_identifier = |name: &&String| {
        let parts: Vec<_> = name.split('_').collect();
        parts.contains(&"ihi") || name.contains("healthcare_identifier") || name.contains("health_identifier")
    };
    assert_eq!(names.iter().filter(is_identifier).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn no_column_and_no_field_is_for_the_number_of_a_payment_card() {
    let is_number = |name: &&String| {
        let parts: Vec<_> = name.split('_').collect();
        name.contains("card_number") || ["pan", "cvc", "cvv"].iter().any(|word| parts.contains(word))
    };
    assert_eq!(names_of_data().iter().filter(is_number).collect::<Vec<_>>(), Vec::<&String>::new());
    for (file, text) in sources("frontend/src") {
        assert!(!text.contains("\"cc-"), "{file} has a field that browsers fill with a card");
    }
}

/// The names of all columns and of all fields that requests and replies have.
fn names_of_data() -> BTreeSet<String> {
    let columns = text("frontend/data/what_we_see.csv");
    let columns = columns.lines().skip(1).filter_map(|line| line.split(',').nth(2)).map(str::to_owned);
    let mut names: BTreeSet<String> = columns.collect();
    for entry in fs::read_dir(workspace().join("docs/openapi")).unwrap() {
        let document = fs::read_to_string(entry.unwrap().path()).unwrap();
        fields(&serde_json::from_str(&document).unwrap(), &mut names);
    }
    // Both lists are read: the first name is a column's alone, the second a field's.
    assert!(names.contains("code_hash") && names.contains("auth_key"));
    names
}

/// The names of all properties in a description.
fn fields(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => {
            if let Some(properties) = entries.get("properties").and_then(Value::as_object) {
                names.extend(properties.keys().cloned());
            }
            entries.values().for_each(|value| fields(value, names));
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The folders of our crates.
fn members() -> Vec<String> {
    let manifest = text("Cargo.toml");
    let (_, list) = manifest.split_once("members = [").unwrap();
    let list = list.split(']').next().unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn name_of(member: &str) -> String {
    let manifest = text(&format!("{member}/Cargo.toml"));
    let name = manifest.lines().find_map(|line| line.strip_prefix("name = ")).unwrap();
    name.trim_matches('"').to_owned()
}

fn text(file: &str) -> String {
    fs::read_to_string(workspace().join(file)).unwrap()
}

/// Our source files below a folder by name, without what only tests run.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&workspace().join(folder), folder, &mut found);
    found
}

fn collect(path: &Path, name: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(path).unwrap() {
        let entry = entry.unwrap();
        let (path, file) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let name = format!("{name}/{file}");
        if path.is_dir() {
            if !["tests", "testing", "target"].contains(&file.as_str()) {
                collect(&path, &name, found);
            }
        } else if file.ends_with(".rs") && !["tests.rs", "testing.rs"].contains(&file.as_str()) {
            let text = fs::read_to_string(&path).unwrap();
            let ours = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            found.push((name, ours.to_owned()));
        }
    }
}
