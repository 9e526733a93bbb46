//! A service's own program, as a process of its own, which can be asked to end and can be killed.

use std::{
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
    response::IntoResponse as _,
};
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
/// The largest request that is passed on.
const LARGEST: usize = 1 << 20;

/// The program under way. Killed when dropped.
pub struct Program {
    child: Child,
    address: String,
    /// Kept open: a program whose output nobody takes fails at its next word.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts it on a free port, and waits until it says which. `home` is its folder; of what the database has, it is told the
    /// roles of its own schema.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(service: &str, program: &str, database: &Database, home: &Path) -> Self {
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
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn is_ready(&self) {
        in_time("to be ready", async {
            while self.get("/ready").await.0 != 200 {
                time::sleep(PAUSE).await;
            }
        })
        .await;
    }

    /// The status and the body of a GET.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let request = Request::get(path).body(Body::empty()).expect("a path of ours");
        let reply = in_time(path, pass_on(&self.address, request)).await.expect("what listens answers");
        let (parts, body) = reply.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("it is here already");
        (parts.status.as_u16(), String::from_utf8(body.to_vec()).expect("texts are UTF-8"))
    }

    /// Passes on what it is asked, so that a test speaks to the program as to a service in its own process. Whoever asks
    /// a program that is not there, or that ends before it has answered, is told 502.
    pub fn router(&self) -> Router {
        let address = self.address.clone();
        Router::new().fallback(move |request: Request<Body>| {
            let address = address.clone();
            async move {
                let reply = in_time("an answer", pass_on(&address, request)).await;
                reply.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
            }
        })
    }

    /// Asks it to end as an init system does, and waits for it.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn end(mut self) -> ExitStatus {
        let process = self.child.id().expect("it has not ended yet");
        // A shell sends signals by itself: no other program need be there.
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {process}")]).status().await;
        assert!(asked.expect("there is a shell").success());
        in_time("to end", self.child.wait()).await.expect("it is our child")
    }

    /// Ends it at once, whatever it is about (SIGKILL), and waits until it is gone.
    ///
    /// # Panics
    /// When it is not ours to end.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it is our child");
    }
}

/// Sends a request and reads the reply to its end. HTTP/1.0, so that the reply comes in one piece and then ends.
async fn pass_on(address: &str, request: Request<Body>) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.map_err(io::Error::other)?;
    let mut head = format!("{} {} HTTP/1.0\r\nHost: {address}\r\n", parts.method, parts.uri);
    for (name, value) in &parts.headers {
        if name != header::HOST && name != header::CONTENT_LENGTH {
            head += &format!("{name}: {}\r\n", value.to_str().map_err(io::Error::other)?);
        }
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await?;
    read(&reply).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// A reply as it came; none when it has no end.
fn read(reply: &[u8]) -> Option<Response<Body>> {
    let end = reply.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&reply[..end]).ok()?, &reply[end + 4..]);
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    response.body(Body::from(body.to_vec())).ok()
}

/// Waits for something, but not for ever.
async fn in_time<T>(what: &str, something: impl Future<Output = T>) -> T {
    let done = time::timeout(PATIENCE, something).await;
    done.unwrap_or_else(|_| panic!("waited {} s in vain for {what}", PATIENCE.as_secs()))
}
