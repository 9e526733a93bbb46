use std::io::{BufReader, Read};

use super::{Failure, Report, verify};
use crate::{
    Checkpoint, CompactRange, NoteSigner, SignedCheckpoint,
    entry::{AUDIT_RANGE, DESTROY_DETAILS, Leaf, Logged, tests::logged},
    export::{FORMAT, Header, Line},
    note::Algorithm,
};

const ORIGIN: &str = "example.org/audit/bookings";

fn key() -> NoteSigner {
    NoteSigner::new(ORIGIN, Algorithm::Log, &[1; 32]).unwrap()
}

fn checkpoint(lines: &[Logged]) -> SignedCheckpoint {
    let mut range = CompactRange::new();
    lines.iter().for_each(|line| range.push(line.hash(), |_, _| {}));
    let origin = ORIGIN.to_owned();
    SignedCheckpoint::sign(Checkpoint { origin, size: range.size(), root: range.root() }, &[key()], 0)
}

fn log(size: u64) -> Vec<Logged> {
    (0..size).map(logged).collect()
}

fn export(lines: &[Logged], landmarks: &[&SignedCheckpoint]) -> Vec<u8> {
    let header = Header {
        format: FORMAT.to_owned(),
        origin: ORIGIN.to_owned(),
        service: "bookings".to_owned(),
        size: lines.len() as u64,
    };
    let mut written = vec![Line::Header(header)];
    for (number, line) in lines.iter().enumerate() {
        written.push(Line::Logged(line.clone()));
        let after = landmarks.iter().filter(|mark| mark.unverified().size == number as u64 + 1);
        written.extend(after.map(|mark| Line::Checkpoint(mark.to_string())));
    }
    written
        .iter()
        .flat_map(|line| serde_json::to_string(line).unwrap().into_bytes().into_iter().chain([b'\n']))
        .collect()
}

/// What somebody does to a log.
type Act = fn(&mut Vec<Logged>);

/// The verdict in a form that a table can hold.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Clean,
    Tampered(u64, u64),
    Unreadable,
    Inconsistent,
}

fn verdict(result: Result<Report, Failure>) -> Verdict {
    match result {
        Ok(_) => Verdict::Clean,
        Err(Failure::Tampered { first, last, .. }) => Verdict::Tampered(first, last),
        Err(Failure::Unreadable(_)) => Verdict::Unreadable,
        Err(Failure::Inconsistent { .. }) => Verdict::Inconsistent,
    }
}

fn checked(lines: &[Logged], against: &SignedCheckpoint, since: Option<&SignedCheckpoint>) -> Verdict {
    verdict(verify(export(lines, &[]).as_slice(), against, key().public(), since))
}

#[test]
fn a_whole_log_is_clean_at_every_checkpoint() {
    let log = log(20);
    for size in 0..=20 {
        let now = checkpoint(&log[..size]);
        let report = verify(export(&log, &[]).as_slice(), &now, key().public(), None).unwrap();
        assert_eq!((report.vouched, report.after), (size as u64, 20 - size as u64));
        for old in 0..=size {
            assert_eq!(
                checked(&log, &now, Some(&checkpoint(&log[..old]))),
                Verdict::Clean,
                "{old} of {size}"
            );
        }
    }
}

#[test]
fn what_a_superuser_does_is_found_where_it_was_done() {
    let good = log(20);
    let now = checkpoint(&good);
    let cases: [(&str, Act, Verdict); 8] = [
        (
            "edits an entry",
            |log| log[7].entry.as_mut().unwrap().details.whose = None,
            Verdict::Tampered(7, 7),
        ),
        (
            "edits a leaf",
            |log| log[7].leaf = log[7].leaf.replace("allowed", "denied"),
            Verdict::Tampered(7, 7),
        ),
        ("deletes the last row", |log| drop(log.pop()), Verdict::Tampered(19, 19)),
        ("removes a middle row", |log| drop(log.remove(7)), Verdict::Tampered(7, 7)),
        (
            "removes one and renumbers",
            |log| {
                log.remove(7);
                log[7..].iter_mut().for_each(|line| line.index -= 1);
            },
            Verdict::Tampered(7, 7),
        ),
        ("swaps two rows", |log| log.swap(7, 9), Verdict::Tampered(7, 7)),
        ("deletes an entry", |log| log[7].entry = None, Verdict::Tampered(7, 7)),
        (
            "edits an entry and makes its leaf anew",
            |log| {
                let entry = log[7].entry.as_mut().unwrap();
                entry.details.whose = None;
                log[7].leaf = String::from_utf8(Leaf::of(entry, 7, false).data()).unwrap();
            },
            Verdict::Tampered(0, 19),
        ),
    ];
    for (what, act, expected) in cases {
        let mut log = good.clone();
        act(&mut log);
        assert_eq!(checked(&log, &now, None), expected, "{what}");
    }
}

#[test]
fn checkpoints_inside_the_export_narrow_down_where_a_leaf_was_made_anew() {
    let mut log = log(20);
    let (early, middle, now) = (checkpoint(&log[..5]), checkpoint(&log[..10]), checkpoint(&log));
    let entry = log[12].entry.as_mut().unwrap();
    entry.details.purpose = "care".to_owned();
    log[12].leaf = String::from_utf8(Leaf::of(entry, 12, false).data()).unwrap();
    let result = verify(export(&log, &[&early, &middle]).as_slice(), &now, key().public(), None);
    assert_eq!(verdict(result), Verdict::Tampered(10, 19));
}

#[test]
fn a_log_written_anew_contradicts_the_older_checkpoint() {
    let old = checkpoint(&log(10));
    let mut anew: Vec<_> = (0..20_u64).map(|index| logged(index + 1_000)).collect();
    for (index, line) in anew.iter_mut().enumerate() {
        line.index = index as u64;
        let leaf = Leaf::of(line.entry.as_ref().unwrap(), index as u64, false);
        line.leaf = String::from_utf8(leaf.data()).unwrap();
    }
    let now = checkpoint(&anew);
    assert_eq!(checked(&anew, &now, None), Verdict::Clean);
    assert_eq!(checked(&anew, &now, Some(&old)), Verdict::Inconsistent);
    // Forgetting what came after is rewriting, too.
    assert_eq!(checked(&log(5), &checkpoint(&log(5)), Some(&old)), Verdict::Inconsistent);
}

#[test]
fn details_may_be_gone_where_the_register_says_so() {
    let mut log = log(12);
    let entry = log[10].entry.as_mut().unwrap();
    entry.action = DESTROY_DETAILS.to_owned();
    entry.details.resource_kind = AUDIT_RANGE.to_owned();
    entry.details.resource_id = "2-4".to_owned();
    log[10].leaf = String::from_utf8(Leaf::of(entry, 10, false).data()).unwrap();
    let now = checkpoint(&log);
    log[2..=4].iter_mut().for_each(|line| line.entry = None);
    let report = verify(export(&log, &[]).as_slice(), &now, key().public(), None).unwrap();
    assert_eq!(report.destroyed, 3);
    log[5].entry = None;
    assert_eq!(checked(&log, &now, None), Verdict::Tampered(5, 5));
}

#[test]
fn what_cannot_be_read_is_not_called_tampered() {
    let log = log(3);
    let (now, good) = (checkpoint(&log), export(&log, &[]));
    let text = String::from_utf8(good.clone()).unwrap();
    let header_only_once = format!("{}\n{text}", text.lines().next().unwrap());
    for wrong in ["", "{}\n", "\n", &text[..text.len() - 1], &text[1..], &header_only_once, "not json\n"] {
        let result = verify(wrong.as_bytes(), &now, key().public(), None);
        assert_eq!(verdict(result), Verdict::Unreadable, "{wrong}");
    }
    let stranger = NoteSigner::new(ORIGIN, Algorithm::Log, &[2; 32]).unwrap();
    assert_eq!(verdict(verify(good.as_slice(), &now, stranger.public(), None)), Verdict::Unreadable);
    let shorter_than_it_says = text.replace("\"size\":3", "\"size\":4");
    let result = verify(shorter_than_it_says.as_bytes(), &now, key().public(), None);
    assert_eq!(verdict(result), Verdict::Unreadable);
    let endless = std::io::repeat(b'x').take(1 << 30);
    assert_eq!(verdict(verify(BufReader::new(endless), &now, key().public(), None)), Verdict::Unreadable);
}
