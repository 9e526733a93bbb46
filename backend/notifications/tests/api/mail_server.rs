//! Letters through a mail server that nobody here wrote, as production sends them: encrypted, and with a login.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
};

use jiff::SignedDuration;
use kernel::Core;
use notifications::{
    Delivery,
    gateways::{self, Gateways, Smtp, bounce_address::BounceAddress, mail::Mail},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{World, bounces, confirmed, receive, run, sender};

const USER: &str = "mapper@example.org";
const PASSWORD: &str = "a secret/with+signs";
/// Both as they stand in an address.
const LOGIN: &str = "mapper%40example.org:a%20secret%2Fwith%2Bsigns";
const IMPLICIT: &str = "implicit";
const STARTTLS: &str = "starttls";

/// The program, the certificate by which it is known, and what it says.
struct MailServer {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
    tls: &'static str,
    port: u64,
    folder: TempDir,
}

impl MailServer {
    fn start(tls: &'static str, more: &[&str]) -> Self {
        let python = env::var_os("HELLOMAPPER_TEST_MAIL_PYTHON").expect(
            "HELLOMAPPER_TEST_MAIL_PYTHON is not set: run this through `cargo xtask test`, which makes the Python environment",
        );
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        fs::write(&certificate, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/mail_server.py");
        let mut child = Command::new(python)
            .args(["-B", "-W", "ignore"])
            .arg(script)
            .args(["--tls", tls, "--user", USER, "--password", PASSWORD])
            .arg("--certificate")
            .arg(certificate)
            .arg("--key")
            .arg(key)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python of HELLOMAPPER_TEST_MAIL_PYTHON runs");
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { child, said, tls, port: 0, folder };
        server.port = server.said()["port"].as_u64().unwrap();
        server
    }

    /// The next thing that it says.
    fn said(&mut self) -> Value {
        let line = self.said.next().expect("it says something").unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn url(&self, login: &str) -> String {
        let port = self.port;
        match self.tls {
            STARTTLS => format!("smtp://{login}@localhost:{port}?tls=required"),
            _ => format!("smtps://{login}@localhost:{port}"),
        }
    }

    /// The gateway that settings with its address and its certificate make.
    fn gateway(&self, login: &str) -> Arc<dyn Mail> {
        self.gateway_with(login, None)
    }

    /// The same, with that address for reports on letters.
    fn gateway_with(&self, login: &str, bounces: Option<BounceAddress>) -> Arc<dyn Mail> {
        let authorities = Some(fs::read(self.folder.path().join("cert.pem")).unwrap());
        let delivery = Delivery::Smtp { url: self.url(login).into(), authorities };
        gateways::mail(&delivery, sender().from, bounces).unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the only message stands, and what went wrong with it last.
async fn stands(core: &Core) -> (String, Option<String>) {
    sqlx::query_as("select status, last_error from notifications.message")
        .fetch_one(&core.pool)
        .await
        .unwrap()
}

fn refused(status: &str, code: u16) -> (String, Option<String>) {
    (status.to_owned(), Some(format!("the mail server refused with {code}")))
}

#[tokio::test]
async fn a_letter_arrives_whole_over_tls_and_with_a_login() {
    for tls in [IMPLICIT, STARTTLS] {
        let mut server = MailServer::start(tls, &[]);
        let (_database, core, service) = World::with(server.gateway(LOGIN)).await;
        receive(&core, &service, &confirmed(&core, 1)).await;
        assert_eq!(run(&service, "notifications.send_messages").await, 1);
        assert_eq!(stands(&core).await, ("sent".to_owned(), None), "{tls}");
        let letter = server.said();
        assert_eq!(letter["tls"], "TLSv1.3", "{tls}");
        assert_eq!(letter["login"], USER, "{tls}");
        assert_eq!(letter["sender"], "no-reply@example.org", "{tls}");
        assert_eq!(letter["recipients"], json!(["ada@example.org"]), "{tls}");
        let content = letter["content"].as_str().unwrap();
        for part in [
            "To: ada@example.org\r\n",
            "Subject: Appointment confirmed: Tuesday 24 November, 9:15 am\r\n",
            "BEGIN:VCALENDAR",
            "END:VCALENDAR",
        ] {
            assert!(content.contains(part), "{tls}: {part:?} did not arrive:\n{content}");
        }
    }
}

/// Who is named as sender on the envelope is told what becomes of the letter; who reads it sees who wrote it.
#[tokio::test]
async fn each_letter_has_a_return_address_of_its_own_by_which_it_is_known_again() {
    let mut server = MailServer::start(STARTTLS, &[]);
    let (_database, core, service) = World::with(server.gateway_with(LOGIN, Some(bounces()))).await;
    for booking in [1, 2] {
        receive(&core, &service, &confirmed(&core, booking)).await;
        assert_eq!(run(&service, "notifications.send_messages").await, 1);
        let sent: Uuid =
            sqlx::query_scalar("select message_id from notifications.message where booking_id = $1")
                .bind(Uuid::from_u128(booking))
                .fetch_one(&core.pool)
                .await
                .unwrap();
        let letter = server.said();
        let sender = letter["sender"].as_str().unwrap();
        assert!(sender.starts_with("bounce+") && sender.ends_with("@example.org"), "{sender}");
        assert_eq!(bounces().read(sender), Some((sent.into(), Some(1))), "{sender}");
        assert_eq!(letter["recipients"], json!(["ada@example.org"]));
        let content = letter["content"].as_str().unwrap();
        assert!(content.contains("From: HelloMapper <no-reply@example.org>\r\n"), "{content}");
        assert!(!content.contains("bounce"), "{content}");
    }
}

/// C-50: as it arrives, since a mail program acts on that.
#[tokio::test]
async fn a_reminder_arrives_with_its_way_out_and_its_answers() {
    let mut server = MailServer::start(STARTTLS, &[]);
    let (_database, core, service) = World::with(server.gateway(LOGIN)).await;
    receive(&core, &service, &confirmed(&core, 1)).await;
    // Only the reminder is sent here.
    sqlx::query("delete from notifications.message").execute(&core.pool).await.unwrap();
    // The evening before, 8:30 pm in Sydney.
    core.clock.advance(SignedDuration::from_mins(33 * 60 + 30));
    assert_eq!(run(&service, "notifications.write_reminders").await, 1);
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    let letter = server.said();
    let lines: Vec<_> = letter["content"].as_str().unwrap().lines().collect();
    let header = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let link = header("List-Unsubscribe: <https://hellomapper.example/api/v1/notifications/unsubscribe/");
    assert_eq!(link.len(), 33, "{lines:#?}");
    assert_eq!(header("List-Unsubscribe-Post: "), "List-Unsubscribe=One-Click");
    // Quoted-printable breaks long lines.
    let words = lines.join("\n").replace("=\n", "");
    for link in [
        "hellomapper.example/reply/yes/",
        "hellomapper.example/reply/no/",
        "hellomapper.example/unsubscribe/",
    ] {
        assert!(words.contains(link), "{link}:\n{words}");
    }
}

/// A wrong password says nothing about an address: nobody's letters are given up for it before an operator has had the time to put
/// it right.
#[tokio::test]
async fn a_wrong_password_gives_no_letter_up() {
    for tls in [IMPLICIT, STARTTLS] {
        let mut server = MailServer::start(tls, &[]);
        let (_database, core, service) = World::with(server.gateway("mapper%40example.org:wrong")).await;
        receive(&core, &service, &confirmed(&core, 1)).await;
        assert_eq!(run(&service, "notifications.send_messages").await, 1);
        assert_eq!(stands(&core).await, refused("queued", 535), "{tls}");
        // The program is started anew with the right one.
        let gateways = Gateways {
            mail: server.gateway(LOGIN),
            sms: None,
            answers: None,
            bounces: None,
            push: crate::web_push(),
        };
        let service = notifications::with_gateways(core.clone(), sender(), &gateways);
        core.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(run(&service, "notifications.send_messages").await, 1);
        assert_eq!(stands(&core).await, ("sent".to_owned(), None), "{tls}");
        assert_eq!(server.said()["recipients"], json!(["ada@example.org"]), "{tls}");
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_takes_the_letter_once() {
    let mut server = MailServer::start(IMPLICIT, &["--refuse", "451", "--times", "1"]);
    let (_database, core, service) = World::with(server.gateway(LOGIN)).await;
    receive(&core, &service, &confirmed(&core, 1)).await;
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    assert_eq!(stands(&core).await, refused("queued", 451));
    core.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    assert_eq!(stands(&core).await, ("sent".to_owned(), None));
    assert_eq!(server.said()["recipients"], json!(["ada@example.org"]));
    assert_eq!(run(&service, "notifications.send_messages").await, 0);
}

#[tokio::test]
async fn an_address_that_nobody_has_ends_it_and_is_remembered_without_whom_it_names() {
    let server = MailServer::start(STARTTLS, &["--refuse", "550", "--times", "1"]);
    let (_database, core, service) = World::with(server.gateway(LOGIN)).await;
    receive(&core, &service, &confirmed(&core, 1)).await;
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    assert_eq!(stands(&core).await, refused("dead", 550));
    core.clock.advance(SignedDuration::from_hours(12));
    assert_eq!(run(&service, "notifications.send_messages").await, 0);
}

#[tokio::test]
async fn a_server_whose_authority_is_in_no_setting_is_told_nothing() {
    for tls in [IMPLICIT, STARTTLS] {
        let server = MailServer::start(tls, &[]);
        let mail: Arc<dyn Mail> = Arc::new(Smtp::new(&server.url(LOGIN), sender().from).unwrap());
        let (_database, core, service) = World::with(mail).await;
        receive(&core, &service, &confirmed(&core, 1)).await;
        assert_eq!(run(&service, "notifications.send_messages").await, 1);
        let expected = ("queued".to_owned(), Some("the mail server could not be reached".to_owned()));
        assert_eq!(stands(&core).await, expected, "{tls}");
    }
}
