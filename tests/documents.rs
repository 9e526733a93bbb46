//! What we say of our security: every row of `docs/asvs.csv` and `docs/compliance.csv` is there once, says what it is,
//! and one that is met names tests that exist. Whether a test proves its row is for people to judge; for some rows of
//! every chapter `docs/removals.csv` says what would have to go for the test to fail.
//! And what rows ask to be written down stands in `docs/security.md`, which is compared with the code.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use hellomapper_tests::running::workspace;
use kernel::Policy;
use shared_types::users::{PlatformRole, StaffRole, Strength};

/// One row of either document; `compliance.csv` has no levels.
struct Row {
    id: String,
    level: Option<u8>,
    status: String,
    evidence: String,
}

fn rows(file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(workspace().join("docs").join(file)).unwrap();
    let columns = reader.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|column| column == name);
    let (id, status, evidence) = (at("id").unwrap(), at("status").unwrap(), at("evidence").unwrap());
    let level = at("level");
    let records = reader.records().map(Result::unwrap);
    let row = |record: csv::StringRecord| Row {
        id: record[id].to_owned(),
        level: level.map(|level| record[level].parse().unwrap()),
        status: record[status].to_owned(),
        evidence: record[evidence].to_owned(),
    };
    records.map(row).collect()
}

/// How many rows each chapter of ASVS 5.0.0 has at levels 1 and 2, and at level 3 where we go that far (its published
/// CSV, read 2026-11-23).
const CHAPTERS: [(u8, usize, usize); 17] = [
    (1, 27, 0),
    (2, 11, 0),
    (3, 19, 0),
    (4, 10, 0),
    (5, 9, 0),
    (6, 35, 0),
    (7, 18, 0),
    (8, 7, 6),
    (9, 7, 0),
    (10, 29, 0),
    (11, 14, 10),
    (12, 9, 0),
    (13, 13, 0),
    (14, 9, 4),
    (15, 13, 0),
    (16, 16, 1),
    (17, 7, 0),
];

#[test]
fn asvs_is_whole_to_level_two_and_in_four_chapters_to_level_three() {
    let rows = rows("asvs.csv");
    let ids: BTreeSet<_> = rows.iter().map(|row| &row.id).collect();
    assert_eq!(ids.len(), rows.len(), "a row is there twice");
    for (level, count) in [(1, 70), (2, 183)] {
        assert_eq!(rows.iter().filter(|row| row.level == Some(level)).count(), count, "level {level}");
    }
    let mut found: BTreeMap<u8, (usize, usize)> = BTreeMap::new();
    for row in &rows {
        let chapter = row.id.split('.').next().unwrap().parse().unwrap();
        let counted = found.entry(chapter).or_default();
        match row.level {
            Some(1 | 2) => counted.0 += 1,
            Some(3) => counted.1 += 1,
            other => panic!("{} has level {other:?}", row.id),
        }
    }
    let expected = CHAPTERS.map(|(chapter, required, beyond)| (chapter, (required, beyond)));
    assert_eq!(found, BTreeMap::from(expected));
}

#[test]
fn every_control_is_answered_for() {
    let ids: Vec<_> = rows("compliance.csv").into_iter().map(|row| row.id).collect();
    let controls = [1..=20, 30..=43, 50..=57, 60..=65].into_iter().flatten();
    assert_eq!(ids, controls.map(|number| format!("C-{number:02}")).collect::<Vec<_>>());
}

#[test]
fn what_is_met_names_tests_that_exist_and_what_is_not_says_why() {
    let tests = tests();
    for file in ["asvs.csv", "compliance.csv"] {
        let rows = rows(file);
        let mut wrong: Vec<_> = rows.iter().filter_map(|row| fault(row, &tests)).collect();
        wrong.sort_unstable();
        assert!(wrong.is_empty(), "{file}:\n{}", wrong.join("\n"));
        assert!(rows.iter().any(|row| row.status == "met"), "{file} has nothing that is met");
    }
}

#[test]
fn for_three_rows_of_every_chapter_it_is_said_what_would_have_to_go() {
    let met: BTreeMap<_, _> = ["asvs.csv", "compliance.csv"]
        .into_iter()
        .flat_map(rows)
        .filter(|row| row.status == "met")
        .map(|row| (row.id, row.evidence))
        .collect();
    let mut reader = csv::Reader::from_path(workspace().join("docs/removals.csv")).unwrap();
    let mut said: BTreeSet<String> = BTreeSet::new();
    for record in reader.records().map(Result::unwrap) {
        let (id, test, removal) = (&record[0], &record[1], &record[2]);
        let evidence = met.get(id).unwrap_or_else(|| panic!("{id} is not met"));
        assert!(evidence.split("; ").any(|name| name == test), "{id} does not name {test}");
        assert!(!removal.is_empty() && said.insert(id.to_owned()), "{id} says nothing, or says it twice");
    }
    for (chapter, ..) in CHAPTERS {
        let of_chapter = |id: &&String| id.split('.').next() == Some(chapter.to_string().as_str());
        let (wanted, found) =
            (met.keys().filter(of_chapter).count().min(3), said.iter().filter(of_chapter).count());
        assert!(found >= wanted, "chapter {chapter}: {found} of {wanted}");
    }
}

#[test]
fn a_test_that_does_not_exist_proves_nothing() {
    let tests = tests();
    let row = |status: &str, evidence: &str| Row {
        id: "1.1.1".to_owned(),
        level: Some(1),
        status: status.to_owned(),
        evidence: evidence.to_owned(),
    };
    assert!(fault(&row("met", "a_test_that_does_not_exist_proves_nothing"), &tests).is_none());
    for (status, evidence) in [
        ("met", "nobody_wrote_this_test"),
        ("met", "a_test_that_does_not_exist_proves_nothing; nobody_wrote_this_test"),
        ("met", "tests"),
        ("met", ""),
        ("open", ""),
        ("nearly", "a_test_that_does_not_exist_proves_nothing"),
    ] {
        assert!(fault(&row(status, evidence), &tests).is_some(), "{status}: {evidence}");
    }
}

/// The numbers that `docs/security.md` has to give, by the constants' names.
const LIMITS: [&str; 48] = [
    "BYTES",
    "CEREMONY",
    "CODES",
    "CODE_MINUTES",
    "FORGOTTEN_AFTER",
    "FOUR_EYES_ABOVE",
    "FREE",
    "FRESH",
    "FURTHEST",
    "GRACE",
    "GRANT_MINUTES",
    "GUEST_SECONDS",
    "HOLDS_AT_ONCE",
    "HOLD_MINUTES",
    "INVITATION_LIFETIME",
    "KEYS_BODY",
    "LINK",
    "LINK",
    "LONGEST",
    "LONGEST",
    "MAX_BODY",
    "MAX_BODY",
    "MAX_DAYS",
    "MAX_HEAD",
    "MAX_WEBHOOK",
    "MOST_DAYS",
    "MOST_PUSH_SUBSCRIPTIONS",
    "MOST_WRONG_PROOFS",
    "NOTES",
    "NOTES_PER_ADDRESS",
    "OF_AGE",
    "OWN_ACCOUNT",
    "PASSWORD_MIN",
    "PATIENCE",
    "PATIENT",
    "PLATFORM",
    "PRACTICE",
    "ROLES_PER_FILE",
    "SESSION_MINUTES",
    "STATEMENTS",
    "STATEMENT_LENGTH",
    "STEP",
    "TOKEN_LIFETIME",
    "TRIES",
    "TRIES_PER_ADDRESS",
    "TURNS",
    "UPCOMING_PER_GUEST",
    "WAITING_MAX",
];

#[test]
fn every_limit_that_is_written_down_is_the_codes() {
    let security = security();
    let mut found = Vec::new();
    for line in security.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<_> =
            line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, _, constant, file] = cells.as_slice() else { continue };
        let Some((name, value)) = constant.split_once(" = ") else { continue };
        let code = fs::read_to_string(workspace().join(file)).unwrap();
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        let declared = code.split(&format!("const {name}: ")).nth(1).and_then(|rest| rest.split(';').next());
        let in_code = declared.and_then(|declared| declared.split_once(" = ")).map(|(_, value)| value);
        assert_eq!(in_code, Some(value), "{name} in {file}");
        found.push(name);
    }
    found.sort_unstable();
    assert_eq!(found, LIMITS);
}

#[test]
fn every_name_that_security_goes_by_is_written_down() {
    let security = security();
    let deploy = fs::read_to_string(workspace().join("deploy/README.md")).unwrap();
    let keys = deploy.split("for key in ").nth(1).and_then(|rest| rest.split("; do").next()).unwrap();
    let mut names: BTreeSet<_> =
        keys.split_whitespace().filter(|word| *word != "\\").map(str::to_owned).collect();
    assert_eq!(names.len(), 12, "{names:?}");
    names.extend(StaffRole::ALL.map(|role| format!("{role:?}")));
    names.extend(PlatformRole::ALL.map(|role| format!("{role:?}")));
    let strengths = [Strength::Password, Strength::PasswordAndCode, Strength::Passkey];
    names.extend(strengths.map(|strength| format!("{strength:?}")));
    let policies =
        [Policy::Public, Policy::Holder, Policy::Account, Policy::Practice(&[]), Policy::Platform(&[])];
    names.extend(policies.map(|policy| format!("{policy:?}").replace("([])", "")));
    let columns = fs::read_to_string(workspace().join("frontend/data/what_we_see.csv")).unwrap();
    names.extend(columns.lines().skip(1).filter_map(|line| line.split(',').nth(3)).map(str::to_owned));
    let routes = fs::read_to_string(workspace().join("backend/users/src/routes/accounts.rs")).unwrap();
    let signs_in = |path: &&str| {
        let ways = ["sign-in", "refresh", "password/reset"];
        path.strip_prefix("/api/v1/users/").is_some_and(|path| ways.iter().any(|way| path.starts_with(way)))
    };
    names.extend(routes.split('"').filter(signs_in).map(str::to_owned));
    let settings = fs::read_to_string(workspace().join(".env.example")).unwrap();
    let settings = settings.lines().filter_map(|line| line.trim_start_matches('#').split_once('='));
    let settings = settings
        .map(|(name, _)| name)
        .filter(|name| !name.contains(' ') && (name.contains("_URL") || name.ends_with("_ADDR")));
    names.extend(settings.map(|name| match name.split_once("_URL_") {
        Some((database, _)) => format!("{database}_URL_…"),
        None => name.to_owned(),
    }));
    let missing: Vec<_> = names.iter().filter(|name| !security.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "docs/security.md does not say what {missing:?} are");
}

#[test]
fn every_key_has_a_life() {
    let security = security();
    let section = |name: &str| {
        let rest = security.split_once(&format!("({name})\n")).unwrap().1;
        rest.split("\n## ").next().unwrap().to_owned()
    };
    let keys_of = |section: &str| -> BTreeSet<String> {
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
        let first = rows.filter_map(|row| row.split(" | ").next()).flat_map(|cell| cell.split('`'));
        first.filter(|name| name.contains(['-', '_']) && !name.contains(' ')).map(str::to_owned).collect()
    };
    let (inventory, lives) = (keys_of(&section("11.1.2")), keys_of(&section("11.1.1")));
    assert!(inventory.len() > 11, "{inventory:?}");
    let missing: Vec<_> = inventory.difference(&lives).collect();
    assert!(missing.is_empty(), "nothing is said of the life of {missing:?}");
    let env = fs::read_to_string(workspace().join(".env.example")).unwrap();
    let settings = env.lines().filter_map(|line| line.trim_start_matches('#').split_once('='));
    let secrets = settings.map(|(name, _)| name).filter(|name| {
        !name.contains(' ') && ["_KEY", "_SECRET", "_SECRETS"].iter().any(|end| name.ends_with(end))
    });
    for name in secrets {
        assert!(lives.contains(name), "nothing is said of the life of {name}");
    }
}

#[test]
fn what_a_row_wants_written_down_has_a_section() {
    let security = security();
    let sections: Vec<_> = security
        .split("\n## ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'))
        .filter(|(_, text)| text.contains("\n| "))
        .map(|(heading, _)| heading)
        .collect();
    let headings = sections.join(" ").replace(['(', ')', ','], " ");
    let answered: BTreeSet<_> = headings.split_whitespace().collect();
    let by_this = |row: &Row| row.evidence.contains("what_a_row_wants_written_down_has_a_section");
    for row in rows("asvs.csv").into_iter().filter(by_this) {
        assert!(answered.contains(row.id.as_str()), "no section of docs/security.md answers {}", row.id);
    }
}

fn security() -> String {
    fs::read_to_string(workspace().join("docs/security.md")).unwrap()
}

/// What is wrong with a row.
fn fault(row: &Row, tests: &BTreeSet<String>) -> Option<String> {
    let evidence = row.evidence.as_str();
    match row.status.as_str() {
        "met" => {
            let missing = evidence.split("; ").find(|name| !tests.contains(*name))?;
            Some(format!("{} names {missing:?}, which is no test", row.id))
        }
        "open" | "not_applicable" if evidence.is_empty() => Some(format!("{} says no reason", row.id)),
        "open" | "not_applicable" => None,
        other => Some(format!("{} is {other:?}", row.id)),
    }
}

/// The names of all tests in the tree.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["backend", "frontend", "shared-types", "tests", "xtask"] {
        collect(&workspace().join(folder), &mut names);
    }
    names
}

fn collect(path: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(tests_in(&fs::read_to_string(path).unwrap()));
        }
    }
}

/// The functions that stand behind a test attribute, with or without other attributes and comments between.
fn tests_in(text: &str) -> Vec<String> {
    let (mut names, mut marked) = (Vec::new(), false);
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if let Some(declared) = line.trim_start_matches("async ").strip_prefix("fn ") {
            names.extend(declared.split(['(', '<']).next().filter(|_| marked).map(str::to_owned));
            marked = false;
        } else if !line.starts_with('#') && !line.starts_with("//") {
            marked = false;
        }
    }
    names
}
