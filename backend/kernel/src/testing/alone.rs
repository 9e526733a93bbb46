//! A service's own program, run as an operator runs it: with a database in which only its own schema will be migrated,
//! a folder, and nothing else in its environment.

use std::{
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use cluster::SERVICES;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdout, Command},
    time,
};

use super::Database;

/// How long the program may take over one thing.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait before asking again whether it is ready.
const PAUSE: Duration = Duration::from_millis(20);

/// Starts the program twice, since the first start migrates and a later one finds that done; asks it whether it is
/// ready and what it offers; and has it end. `home` is an empty folder.
///
/// # Panics
/// When it does not start, answer or end as it should, or makes tables that are another service's.
pub async fn runs_alone(service: &str, program: &str, home: &Path) {
    let database = Database::unmigrated().await;
    for _ in 0..2 {
        let running = Program::start(service, program, &database, home).await;
        running.is_ready().await;
        let (status, body) = running.get(&format!("/api/v1/{service}/openapi.json")).await;
        assert_eq!(status, 200, "{body}");
        let description: serde_json::Value = serde_json::from_str(&body).expect("a description is JSON");
        assert_eq!(description["info"]["title"], format!("HelloMapper {service}"));
        let ended = running.end().await;
        assert!(ended.success(), "{service}, asked to end: {ended}");
    }
    let with_tables: Vec<String> =
        sqlx::query_scalar("select distinct schemaname::text from pg_tables where schemaname = any($1)")
            .bind(SERVICES.map(str::to_owned).to_vec())
            .fetch_all(&mut database.administrator().await)
            .await
            .expect("the administrator may look");
    assert_eq!(with_tables, [service]);
}

/// The program under way. Killed when dropped.
struct Program {
    child: Child,
    address: String,
    /// Kept open: a program whose output nobody takes fails at its next word.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts it on a free port, and waits until it says which.
    async fn start(service: &str, program: &str, database: &Database, home: &Path) -> Self {
        let upper = service.to_uppercase();
        let mut child = Command::new(program)
            .env_clear()
            .env(format!("DATABASE_URL_{upper}"), database.url(&format!("{service}_app")))
            .env(format!("DATABASE_MIGRATE_URL_{upper}"), database.url(&format!("{service}_migrate")))
            .env(format!("DATABASE_AUDIT_URL_{upper}"), database.url(&format!("{service}_audit")))
            .env("HELLOMAPPER_HOME", home)
            .env("HELLOMAPPER_ADDR", "127.0.0.1:0")
            .env("RUST_LOG", "warn")
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program is built with its tests");
        let mut output = BufReader::new(child.stdout.take().expect("it was piped above")).lines();
        let begins = format!("{service} listens on http://");
        let address = in_time("where it listens", async {
            while let Some(line) = output.next_line().await.expect("a program's words are UTF-8") {
                if let Some(address) = line.strip_prefix(&begins) {
                    return address.to_owned();
                }
            }
            panic!("{service} ended before it listened; it said why above");
        })
        .await;
        Self { child, address, _output: output }
    }

    /// Waits until its database is reached and migrated.
    async fn is_ready(&self) {
        in_time("to be ready", async {
            while self.get("/ready").await.0 != 200 {
                time::sleep(PAUSE).await;
            }
        })
        .await;
    }

    /// The status and the body of a GET. HTTP/1.0, so that the reply comes in one piece and then ends.
    async fn get(&self, path: &str) -> (u16, String) {
        let asking = async {
            let mut stream = TcpStream::connect(&self.address).await?;
            let request = format!("GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.address);
            stream.write_all(request.as_bytes()).await?;
            let mut reply = String::new();
            stream.read_to_string(&mut reply).await?;
            std::io::Result::Ok(reply)
        };
        let reply = in_time(path, asking).await.expect("what listens answers");
        let status = reply.split(' ').nth(1).and_then(|status| status.parse().ok());
        let (_, body) = reply.split_once("\r\n\r\n").expect("a reply has a head");
        (status.expect("a reply has a status"), body.to_owned())
    }

    /// Asks it to end as an init system does, and waits for it.
    async fn end(mut self) -> ExitStatus {
        let process = self.child.id().expect("it has not ended yet");
        // A shell sends signals by itself: no other program need be there.
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {process}")]).status().await;
        assert!(asked.expect("there is a shell").success());
        in_time("to end", self.child.wait()).await.expect("it is our child")
    }
}

/// Waits for something, but not for ever.
async fn in_time<T>(what: &str, something: impl Future<Output = T>) -> T {
    let done = time::timeout(PATIENCE, something).await;
    done.unwrap_or_else(|_| panic!("waited {} s in vain for {what}", PATIENCE.as_secs()))
}
