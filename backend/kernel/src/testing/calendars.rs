//! Calendars as programs read them that share no code with ours.

use std::{
    env,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

/// The environment variable that names a Python with the packages of `tests/python/requirements.txt`.
const PYTHON_VARIABLE: &str = "HELLOMAPPER_TEST_CALENDAR_PYTHON";

/// What the two libraries `icalendar` and `vobject` understand of a calendar, by their names: its `name`, if it has one, `method` and
/// `zones`, and of each of its `events` uid, sequence, status, summary, location, and stamp, start and end as instants. Both go by the
/// zones' names first and by the rules in the file alone after that.
///
/// # Panics
/// When one of them refuses the calendar or a part of it, or goes by the rules in the file to other instants than by the zone's name.
pub fn read_by_others(calendar: &str) -> Value {
    ask(&json!({"file": calendar}))
}

/// The same of the only calendar file of a mail in the form that it travels in; under `attachment` is what the mail says that file is:
/// its `name`, and the `method` that is beside its type.
///
/// # Panics
/// As [`read_by_others`], and when the mail has no calendar file or several.
pub fn read_mailed_by_others(mail: &str) -> Value {
    ask(&json!({"mail": mail}))
}

fn ask(question: &Value) -> Value {
    let python = env::var_os(PYTHON_VARIABLE).expect(
        "HELLOMAPPER_TEST_CALENDAR_PYTHON is not set: run this through `cargo xtask test`, which makes the Python environment",
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_calendar.py");
    let mut child = Command::new(python)
        .args(["-B".as_ref(), script.as_os_str()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Python of HELLOMAPPER_TEST_CALENDAR_PYTHON runs");
    let mut asked = child.stdin.take().expect("it is asked through a pipe");
    asked.write_all(question.to_string().as_bytes()).expect("it listens");
    drop(asked);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "read_calendar.py failed on {question:#}");
    serde_json::from_slice(&output.stdout).expect("it answers in JSON")
}
