//! What only a browser can find: how long a full week's view stands still. A test of its own measures that and leaves it beside
//! our files; what was found last is shown here beside its aim.

use std::{fs, io::ErrorKind, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The part of it that has an aim.
#[derive(Deserialize)]
struct Found {
    longest_frame_slowed_four_times: Frames,
}

/// The longest frame of each thing that is done, in milliseconds.
#[derive(Deserialize)]
struct Frames {
    scrolled_ms: f64,
    walked_ms: f64,
    carried_ms: f64,
    opened_ms: f64,
}

/// The longest of all frames, in milliseconds; `None` where the test has not run.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn longest_frame_ms(folder: &Path) -> Result<Option<f64>> {
    let path = folder.join("calendar_browser.json");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    longest(&text).map(Some).with_context(|| format!("understanding {}", path.display()))
}

fn longest(text: &str) -> Result<f64> {
    let Frames { scrolled_ms, walked_ms, carried_ms, opened_ms } =
        serde_json::from_str::<Found>(text)?.longest_frame_slowed_four_times;
    Ok(scrolled_ms.max(walked_ms).max(carried_ms).max(opened_ms))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::json;

    use super::{longest, longest_frame_ms};

    #[test]
    fn the_longest_frame_counts_whatever_was_done_and_only_slowed_down() {
        let plain = json!({"scrolled_ms": 900.0, "walked_ms": 1, "carried_ms": 1, "opened_ms": 1});
        for slow in ["scrolled_ms", "walked_ms", "carried_ms", "opened_ms"] {
            let mut slowed = json!({"scrolled_ms": 16.7, "walked_ms": 16, "carried_ms": 16, "opened_ms": 16});
            slowed[slow] = json!(61.5);
            let found = json!({"longest_frame": plain, "longest_frame_slowed_four_times": slowed});
            assert_eq!(longest(&found.to_string()).unwrap(), 61.5, "{slow}");
        }
        assert!(longest("{}").is_err());
    }

    #[test]
    fn where_the_test_has_not_run_there_is_nothing() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(longest_frame_ms(&folder).unwrap(), None);
    }

    #[test]
    fn the_names_are_those_that_the_browser_test_writes() {
        let test = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser/fluid.rs");
        let test = fs::read_to_string(test).unwrap();
        for name in [
            "\"calendar_browser.json\"",
            "\"longest_frame_slowed_four_times\": slowed",
            "scrolled_ms: ",
            "walked_ms: ",
            "carried_ms: ",
            "opened_ms: ",
        ] {
            assert!(test.contains(name), "{name}");
        }
    }
}
