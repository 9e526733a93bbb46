//! Secrets are compared in a time that tells nothing of where they differ.

use std::{fs, path::Path};

use hellomapper_tests::running::workspace;

/// How names of secrets, and of what is stored of them, end.
const SECRETS: [&str; 9] =
    ["token", "secret", "password", "auth_key", "mac", "auth_hash", "code_hash", "token_hash", "guest_hash"];
/// What may stand behind such a name without making it something else.
const AS_IT_IS: [&str; 6] =
    [".as_bytes()", ".as_slice()", ".as_str()", ".as_deref()", ".as_ref()", ".expose()"];

#[test]
fn no_secret_is_compared_letter_by_letter() {
    let mut found = Vec::new();
    collect(&workspace().join("backend"), &mut found);
    assert!(found.is_empty(), "compare these with kernel::chance::is_same_secret: {found:#?}");
}

#[test]
fn a_secret_that_is_compared_letter_by_letter_is_noticed() {
    for line in [
        "if given.token == kept.token {",
        "row.is_some_and(|row| Some(row.auth_hash.as_str()) == kept)",
        "if hash_secret(code) != row.code_hash.as_slice() {",
        "let right = kept != *mac;",
    ] {
        assert_eq!(compared(line).len(), 1, "{line}");
    }
    for line in [
        "if token.len() == 64 {",
        "let right = is_same_secret(&given.token, &kept.token);",
        "// a token == another",
        "if row.kind == \"token\" {",
        "if token_kind == kind {",
    ] {
        assert!(compared(line).is_empty(), "{line}");
    }
    assert!(compared("#[cfg(test)]\nmod tests {\n    assert!(token == other);\n}\n").is_empty());
}

fn collect(path: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let lines = compared(&fs::read_to_string(&path).unwrap());
            found.extend(lines.into_iter().map(|line| format!("{}: {line}", path.display())));
        }
    }
}

/// The lines outside tests that have a secret beside `==` or `!=`.
fn compared(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let compares = |line: &&str| {
        [" == ", " != "].iter().any(|operator| {
            line.split_once(operator).is_some_and(|(left, right)| {
                let right = right.split([' ', ',', ';', '{']).next().unwrap_or_default();
                is_secret(left) || is_secret(right)
            })
        })
    };
    lines.filter(compares).map(str::to_owned).collect()
}

/// Whether an operand ends in the name of a secret.
fn is_secret(operand: &str) -> bool {
    let mut operand = operand.trim_end_matches(')');
    // `Some(row.auth_hash.as_str())` has lost the brackets of its last call, too.
    let calls = AS_IT_IS.map(|call| call.trim_end_matches(')'));
    while let Some(shorter) = calls.iter().find_map(|call| operand.strip_suffix(call)) {
        operand = shorter.trim_end_matches(')');
    }
    SECRETS.iter().any(|secret| {
        operand.strip_suffix(secret).is_some_and(|before| {
            // `row.token` and `new_token`, and not `Atoken` of a longer word.
            before.chars().next_back().is_none_or(|last| !last.is_ascii_alphanumeric())
        })
    })
}
