//! Where a sandbox has no business, and what it keeps.

use kernel::{Chance, Clock, config::Mode};
use processor_sandbox::{ADDRESS, Sandbox};

#[test]
fn production_has_no_sandbox() {
    let made =
        Sandbox::new(Mode::Production, Clock::System, Chance::system(), format!("http://{ADDRESS}"), None);
    assert!(made.is_err());
}

#[test]
fn a_file_that_is_no_sandboxs_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("processor-sandbox.json");
    std::fs::write(&file, "not a book").unwrap();
    let made = Sandbox::new(
        Mode::Development,
        Clock::System,
        Chance::system(),
        format!("http://{ADDRESS}"),
        Some(file),
    );
    assert!(made.is_err());
}
