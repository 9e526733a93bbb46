//! What opens an account or a booking cannot be printed, so no log, panic or error shows it by accident.

use std::{fs, path::Path};

use hellomapper_tests::running::workspace;
use shared_types::bookings::{ManageProof, OpenManageLink, PartyDetails, SendManageCode};

#[test]
fn requests_that_carry_secrets_print_none() {
    let token = "feedfacecafebeef0123456789abcdef".to_owned();
    let party = PartyDetails {
        name: "Zebulon Quarkwright".to_owned().into(),
        preferred_name: Some("Zeb".to_owned().into()),
        date_of_birth: "1971-02-13".parse::<jiff::civil::Date>().unwrap().into(),
        email: "zebulon@example.org".to_owned().into(),
        mobile: "0491 570 006".to_owned().into(),
    };
    let proofs =
        [ManageProof::DateOfBirth("1971-02-13".parse().unwrap()), ManageProof::Code("271828".to_owned())];
    let links = proofs.clone().map(|proof| OpenManageLink { token: token.clone(), proof });
    let printed = format!("{party:?} {proofs:?} {links:?} {:?}", SendManageCode { token });
    for planted in ["feedface", "Zeb", "1971", "271828", "zebulon", "0491"] {
        assert!(!printed.contains(planted), "{planted} in {printed}");
    }
}

#[test]
fn no_type_that_can_be_printed_holds_a_bare_secret() {
    let mut bare = Vec::new();
    for folder in ["shared-types", "backend"] {
        collect(&workspace().join(folder), &mut bare);
    }
    assert!(bare.is_empty(), "wrap these in Personal or SecretString: {bare:#?}");
}

#[test]
fn a_bare_secret_is_noticed() {
    let fields = |text: &str| bare_secrets(text).len();
    assert_eq!(fields("#[derive(Clone, Debug)]\npub struct A {\n    pub token: String,\n}\n"), 1);
    assert_eq!(fields("#[derive(Debug)]\nstruct A {\n    new_password: Option<String>,\n}\n"), 1);
    assert_eq!(fields("#[derive(Clone, Debug)]\npub struct A {\n    pub token: Personal<String>,\n}\n"), 0);
    assert_eq!(fields("#[derive(Clone)]\npub struct A {\n    pub token: String,\n}\n"), 0);
    assert_eq!(
        fields("#[derive(Debug)]\npub struct A {\n    pub name: String,\n}\nfn f(token: String) {}\n"),
        0
    );
}

fn collect(path: &Path, bare: &mut Vec<String>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, bare);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let found = bare_secrets(&fs::read_to_string(&path).unwrap());
            bare.extend(found.into_iter().map(|field| format!("{}: {field}", path.display())));
        }
    }
}

/// Fields with the name of a secret and the type of a text, in types that derive `Debug`.
fn bare_secrets(text: &str) -> Vec<String> {
    const SECRETS: [&str; 7] =
        ["token", "password", "passphrase", "auth_key", "secret", "recovery_code", "smtp_url"];
    let (mut found, mut printable) = (Vec::new(), false);
    for line in text.lines() {
        if line.starts_with("#[derive(") {
            printable = line.contains("Debug");
        } else if line.starts_with('}') {
            printable = false;
        } else if let Some((name, of)) = line.trim().trim_start_matches("pub ").split_once(": ")
            && printable
            && SECRETS.iter().any(|secret| name.ends_with(secret))
            && ["String,", "Option<String>,", "Vec<String>,"].contains(&of)
        {
            found.push(line.trim().to_owned());
        }
    }
    found
}
