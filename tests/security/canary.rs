//! What a patient and a practice seal for each other is looked for in everything that we keep: a dump of the whole
//! database, its write-ahead log, every log line, every mail and the audit logs. None of it is there in any form; what is
//! public, the same search finds.

use std::{collections::BTreeSet, fs, iter, path::Path, process::Command};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    mail,
    running::SERVICES,
};
use kernel::{
    audit::{export, log::origin},
    testing::Database,
};
use serde_json::json;
use shared_types::{OrganizationId, providers::ProviderSummary};
use sqlx::{AssertSqlSafe, PgConnection};

use super::logs::Lines;

const OWNER: &str = "olga.canary@example.org";
const PATIENT: &str = "ada.canary@example.org";

/// Words that are nowhere else. Small letters and digits: neither JSON nor an address writes them in another way unless it
/// means to.
const REASON: &str = "q7reasonwombatzk";
const FILE_NAME: &str = "q7filenamequollzk";
const FILE: &str = "q7contentnumbatzk";
const ANSWER: &str = "q7answerdingozk";
const MESSAGE: &str = "q7messagekoalazk";
/// What the practice's booking record holds in the clear: who comes.
const NAME: &str = "q7nameechidnazk";
/// What a practice asks is public; what is answered is not.
const QUESTION: &str = "q7questionbilbyzk";

const SEALED: [&str; 5] = [REASON, FILE_NAME, FILE, ANSWER, MESSAGE];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_sealed_is_anywhere_in_what_we_keep() {
    let log = Lines::kept();
    let running = Running::start().await;
    stores_without_compression(&running.database).await;
    let mut written = WriteAheadLog::kept_from_now(&running.database).await;
    let browser = Browser::open(&running).await;
    browser.authenticator().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("{FILE_NAME}.txt"));
    fs::write(&file, format!("{FILE}\n").repeat(400)).unwrap();
    let (provider, practice) = acts::somebody_bookable(&running).await;
    acts::open_practice(&running, &browser, OWNER, practice).await;
    let question = json!([{"id": 1, "words": format!("Since when {QUESTION}?"), "kind": "short_text"}]);
    acts::ask(&running, &provider, &question).await;
    patient_tells(&running, &browser, &provider, &file).await;
    guest_answers(&running, &browser, &provider).await;
    practice_reads(&browser, practice).await;
    browser.close().await;
    running.quiet().await;
    running.sign_audit_logs().await;

    let (dump, written) = (dump(&running.database).await, written.read().await);
    let (controls, there) = (Words::new(&[NAME, QUESTION]), BTreeSet::from([NAME, QUESTION]));
    assert_eq!(controls.found_in(&dump), there, "the search does not find in a dump what is there");
    assert_eq!(controls.found_in(&written), there, "nor in the write-ahead log");
    tracing::info!(practice.id = %practice, "the search for sealed words begins");
    let text = log.text();
    assert!(text.contains("the search for sealed words begins"), "nor is the log heard");

    let mut places = vec![("the dump".to_owned(), dump), ("the write-ahead log".to_owned(), written)];
    places.push(("the log".to_owned(), text.into_bytes()));
    places.extend(audit_logs(&running).await);
    places.extend(mails(&running));
    let sealed = Words::new(&SEALED);
    for (place, bytes) in &places {
        assert!(!bytes.is_empty(), "{place} is empty");
        assert_eq!(sealed.found_in(bytes), BTreeSet::new(), "in {place}");
    }
}

/// A member tells why they come, with a file.
async fn patient_tells(running: &Running, browser: &Browser, provider: &ProviderSummary, file: &Path) {
    acts::open_account(running, browser, PATIENT).await;
    acts::sign_in(browser, PATIENT, PASSWORD, "/account/keys").await;
    acts::make_keys(browser).await;
    acts::hold_time(browser, provider).await;
    acts::fill_details(browser, &format!("Ada {NAME}"), PATIENT).await;
    acts::open_keys(browser, PASSWORD).await;
    acts::tell_practice(browser, &format!("{REASON} and again {REASON}"), &[file]).await;
    acts::confirm(running, browser).await;
    acts::sign_out(browser).await;
}

/// A guest answers what the practice asks.
async fn guest_answers(running: &Running, browser: &Browser, provider: &ProviderSummary) {
    acts::hold_time(browser, provider).await;
    acts::fill_details(browser, "Grace Okafor", "grace.canary@example.org").await;
    browser.fill("#question-1", ANSWER).await;
    browser.click("label.check:has(#intake-consent)").await;
    acts::confirm(running, browser).await;
    running.quiet().await;
}

/// The practice reads all of it, and answers: what was looked for was really there to be found.
async fn practice_reads(browser: &Browser, practice: OrganizationId) {
    acts::sign_in_with_passkey(browser, &format!("/practice/{practice}")).await;
    browser.click_on(&format!("Ada {NAME}")).await;
    browser.reads(REASON).await;
    browser.reads(FILE_NAME).await;
    acts::write(browser, MESSAGE).await;
    browser.click(".desk__nav a[href^='/practice/']").await;
    browser.click_on("Grace Okafor").await;
    browser.reads(QUESTION).await;
    browser.reads(ANSWER).await;
}

/// Long values lie in the tables and in the write-ahead log as they are: what is compressed cannot be searched.
async fn stores_without_compression(database: &Database) {
    let mut admin = database.administrator().await;
    let columns: Vec<String> = sqlx::query_scalar(
        "select format('alter table %I.%I alter column %I set storage external', nspname, relname, attname) \
         from pg_attribute join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace \
         where nspname = any($1) and relkind in ('r', 'p') and attnum > 0 and not attisdropped and attstorage = 'x'",
    )
    .bind(SERVICES.map(str::to_owned).to_vec())
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert!(columns.len() > 50, "{columns:?}");
    for column in columns {
        sqlx::raw_sql(AssertSqlSafe(column)).execute(&mut admin).await.unwrap();
    }
    let compression: String =
        sqlx::query_scalar("select current_setting('wal_compression')").fetch_one(&mut admin).await.unwrap();
    assert_eq!(compression, "off");
}

/// What the server has written ahead since some moment. A slot of this connection keeps it from being removed.
struct WriteAheadLog {
    admin: PgConnection,
    /// The first file.
    from: String,
}

impl WriteAheadLog {
    async fn kept_from_now(database: &Database) -> Self {
        let mut admin = database.administrator().await;
        let slot =
            "select pg_create_physical_replication_slot(('canary_' || pg_backend_pid())::name, true, true)";
        sqlx::query(slot).execute(&mut admin).await.unwrap();
        let from = newest_file(&mut admin).await;
        Self { admin, from }
    }

    /// All of it, records in one piece: each page begins with a header, the first of a file with a longer one (PostgreSQL's
    /// `access/xlog_internal.h`: `XLogPageHeaderData`, `XLogLongPageHeaderData`; read 2026-11-26).
    async fn read(&mut self) -> Vec<u8> {
        const PAGE: usize = 8192;
        let (short, long) = (24, 40);
        let to = newest_file(&mut self.admin).await;
        let folder: String = sqlx::query_scalar("select current_setting('data_directory')")
            .fetch_one(&mut self.admin)
            .await
            .unwrap();
        let names = fs::read_dir(Path::new(&folder).join("pg_wal")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let written: BTreeSet<String> =
            names.filter(|name| name.len() == 24 && (&self.from..=&to).contains(&name)).collect();
        let mut records = Vec::new();
        for name in written {
            let bytes = fs::read(Path::new(&folder).join("pg_wal").join(name)).unwrap();
            for (at, page) in bytes.chunks(PAGE).enumerate() {
                records.extend_from_slice(&page[if at == 0 { long } else { short }..]);
            }
        }
        records
    }
}

async fn newest_file(admin: &mut PgConnection) -> String {
    sqlx::query_scalar("select pg_walfile_name(pg_current_wal_insert_lsn())").fetch_one(admin).await.unwrap()
}

/// The whole database as SQL, by PostgreSQL's own program.
async fn dump(database: &Database) -> Vec<u8> {
    let mut admin = database.administrator().await;
    let programs: String = sqlx::query_scalar("select setting from pg_config where name = 'BINDIR'")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    let mut program = Command::new(Path::new(&programs).join("pg_dump"));
    let dumped = program.arg("--dbname").arg(database.url("postgres")).output().unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    dumped.stdout
}

/// Each service's audit log as it is exported.
async fn audit_logs(running: &Running) -> Vec<(String, Vec<u8>)> {
    let mut logs = Vec::new();
    for service in SERVICES {
        let mut conn = running.database.connect(&format!("{service}_audit")).await;
        let mut file = Vec::new();
        export::export(&mut conn, service, &origin(&running.settings, service), &mut file).await.unwrap();
        logs.push((format!("the audit log of {service}"), file));
    }
    logs
}

/// Every mail, as it lies there and with its encoding undone.
fn mails(running: &Running) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(running.mail_folder()).unwrap().map(|entry| entry.unwrap().path());
    let raw = files.map(|path| (path.display().to_string(), fs::read(path).unwrap()));
    let read = mail::all(&running.mail_folder()).into_iter();
    raw.chain(read.map(|mail| ("a mail".to_owned(), mail.text().as_bytes().to_vec()))).collect()
}

/// Words in every form in which they may lie somewhere, ready to be looked for.
struct Words {
    forms: Vec<(&'static str, Vec<u8>)>,
    /// Which forms begin with these two bytes.
    beginning: Vec<Vec<usize>>,
}

impl Words {
    fn new(words: &[&'static str]) -> Self {
        let forms: Vec<_> =
            words.iter().flat_map(|word| forms(word).into_iter().map(move |form| (*word, form))).collect();
        let mut beginning = vec![Vec::new(); 1 << 16];
        for (at, (_, form)) in forms.iter().enumerate() {
            beginning[first_two(form)].push(at);
        }
        Self { forms, beginning }
    }

    /// Those that are in there.
    fn found_in(&self, bytes: &[u8]) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        for (at, pair) in bytes.windows(2).enumerate() {
            for form in &self.beginning[first_two(pair)] {
                let (word, form) = &self.forms[*form];
                if bytes[at..].starts_with(form) {
                    found.insert(*word);
                }
            }
        }
        found
    }
}

fn first_two(bytes: &[u8]) -> usize {
    (usize::from(bytes[0]) << 8) | usize::from(bytes[1])
}

/// As it is and in capitals; in base64 of both alphabets; every letter escaped as in an address or in JSON; in UTF-16; and
/// all of these as hexadecimal digits, as a dump shows bytes.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![word.as_bytes().to_vec(), word.to_uppercase().into_bytes()];
    for text in in_base64(word.as_bytes()) {
        forms.push(text.replace('+', "-").replace('/', "_").into_bytes());
        forms.push(text.into_bytes());
    }
    forms.push(word.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>().into_bytes());
    forms.push(word.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>().into_bytes());
    forms.push(word.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<String>().into_bytes());
    forms.push(word.encode_utf16().flat_map(u16::to_le_bytes).collect());
    forms.push(word.encode_utf16().flat_map(u16::to_be_bytes).collect());
    let digits: Vec<_> =
        forms.iter().flat_map(|form| [hexadecimal(form), hexadecimal(form).to_uppercase()]).collect();
    forms.extend(digits.into_iter().map(String::into_bytes));
    forms
}

/// The middle of any base64 text that has the bytes in it: what stands before shifts its letters by no, one or two bytes.
fn in_base64(bytes: &[u8]) -> impl Iterator<Item = String> {
    (0..3_usize).map(move |before| {
        let shifted: Vec<u8> = iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
        // The first letters hold bits of what stands before, the last one may hold bits of what comes after.
        let (from, whole) = ((before * 8).div_ceil(6), shifted.len() * 8 / 6);
        STANDARD_NO_PAD.encode(shifted)[from..whole].to_owned()
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_word_is_found_in_whatever_form_it_lies() {
    let words = Words::new(&[REASON]);
    let told = |text: &str| format!("xyz {text} and so on").into_bytes();
    let mut lying = vec![told(REASON), told(&REASON.to_uppercase()), told(&hexadecimal(REASON.as_bytes()))];
    for before in ["", "a", "ab", "abc"] {
        lying.push(told(&STANDARD_NO_PAD.encode(format!("{before}{REASON} afterwards"))));
    }
    lying.push(told(&hexadecimal(STANDARD_NO_PAD.encode(REASON).as_bytes())));
    lying.push(told(&REASON.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>()));
    lying.push(told(&REASON.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<String>()));
    lying.push(REASON.encode_utf16().flat_map(u16::to_le_bytes).collect());
    for bytes in lying {
        assert_eq!(words.found_in(&bytes), BTreeSet::from([REASON]), "{}", String::from_utf8_lossy(&bytes));
    }
    assert_eq!(words.found_in(&told(&REASON[1..])), BTreeSet::new());
}
