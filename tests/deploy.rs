//! What an operator is given: every setting in it exists in the code and every setting of the code is in it, its data
//! stays in Australia, and its front and its units name what there is.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use hellomapper_tests::{
    Running, archive,
    running::{SERVICES, settings, workspace},
};
use kernel::config::Settings;

/// How the code asks for a setting by a name of its own: the first text after one of these.
const ASKS: [&str; 5] = ["env::var(", "env::var_os(", "parsed(", "optional(", "list("];
/// How settings' names begin.
const BEGINNINGS: [&str; 7] =
    ["HELLOMAPPER_", "DATABASE_", "SMTP_", "RUST_", "STRIPE_", "PROCESSOR_", "MEDICARE_"];
/// Where data may be: the Australian regions of AWS (Sydney, Melbourne).
const REGIONS: [&str; 2] = ["ap-southeast-2", "ap-southeast-4"];

#[test]
fn the_example_has_every_setting_of_the_code_and_no_other() {
    assert_eq!(named_in(&[workspace().join(".env.example")]), read_by_the_code());
}

#[test]
fn a_productions_settings_are_those_of_the_code() {
    assert_eq!(named_in(&files(&workspace().join("deploy"), &["env"])), read_by_the_code());
}

#[test]
fn nothing_in_deploy_speaks_of_a_setting_that_is_not_there() {
    let known = read_by_the_code();
    for (file, text) in texts() {
        for word in text.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_')) {
            // `DATABASE_URL_…` stands for all five.
            let is_there = known.contains(word)
                || word.ends_with('_') && known.iter().any(|name| name.starts_with(word));
            assert!(is_there || !is_name(word), "{}: {word} is read by nobody", file.display());
        }
    }
}

#[test]
fn data_stays_in_australia() {
    let mut named = 0;
    for (file, text) in texts() {
        for word in text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-')) {
            if is_region(word) {
                assert!(REGIONS.contains(&word), "{}: {word} is not in Australia", file.display());
                named += 1;
            }
        }
    }
    assert!(named > 0, "the examples name a region");
}

#[test]
fn the_front_leads_to_every_service_and_the_image_has_every_program() {
    let deploy = workspace().join("deploy");
    let front = fs::read_to_string(deploy.join("nginx.conf")).unwrap();
    let image = fs::read_to_string(deploy.join("Containerfile")).unwrap();
    for service in SERVICES {
        let manifest =
            fs::read_to_string(workspace().join("backend").join(service).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"hellomapper-{service}\"")), "{service} has its program");
        assert!(image.contains(&format!("/build/target/release/hellomapper-{service} ")), "{service}");
        assert!(front.contains(&format!("location /api/v1/{service}/ ")), "{service}");
        assert!(front.contains(&format!("proxy_pass http://hellomapper_{service};")), "{service}");
    }
    assert!(front.contains("location /fhir/ "), "FHIR's one base leads to bookings");
    for (file, text) in texts() {
        for command in text.lines().filter_map(|line| line.strip_prefix("ExecStart=")) {
            let known =
                ["/usr/bin/hellomapper serve", "/usr/bin/hellomapper migrate", "/usr/bin/hellomapper-%i"];
            assert!(known.contains(&command), "{}: {command}", file.display());
        }
    }
}

#[tokio::test]
async fn the_front_takes_the_largest_body_that_a_route_takes() {
    let running = Running::without_pages().await;
    let routes = running.inventory.iter().flat_map(|(_, routes)| routes);
    let largest = routes.map(|route| route.max_body).max().unwrap();
    let front = fs::read_to_string(workspace().join("deploy/nginx.conf")).unwrap();
    let taken: Vec<_> =
        front.lines().filter_map(|line| line.trim().strip_prefix("client_max_body_size ")).collect();
    assert_eq!(taken, [format!("{}m;", largest.div_ceil(1024 * 1024))]);
}

#[test]
fn the_front_logs_no_address_and_no_path() {
    let front = fs::read_to_string(workspace().join("deploy/nginx.conf")).unwrap();
    let (_, format) = front.split_once("log_format hellomapper").unwrap();
    let format = format.split(';').next().unwrap();
    for told in ["$request ", "$request\"", "$request_uri", "$uri", "$args", "$remote_addr", "$http_"] {
        assert!(!format.contains(told), "{told} in {format}");
    }
    for line in front.lines().map(str::trim).filter(|line| line.starts_with("access_log")) {
        assert!(line == "access_log off;" || line.ends_with(" hellomapper;"), "{line}");
    }
}

#[test]
fn an_archive_goes_before_a_tile_server_and_one_that_cannot_be_drawn_ends_the_start() {
    let home = tempfile::tempdir().unwrap();
    let plain = settings(&home, SocketAddr::from(([127, 0, 0, 1], 8080)));
    let words = |settings: &Settings| hellomapper::base_map(settings).map(|base_map| base_map.to_string());
    assert_eq!(words(&plain).unwrap(), "built in");
    let tiles = Settings { tile_url: Some("/tiles/{z}/{x}/{y}.png".to_owned()), ..plain };
    assert_eq!(words(&tiles).unwrap(), "a tile server, at /tiles/{z}/{x}/{y}.png");

    let file = home.path().join("map.pmtiles");
    let both = Settings { pmtiles: Some(file.clone()), ..tiles };
    let missing = format!("{:#}", words(&both).unwrap_err());
    assert!(missing.contains("HELLOMAPPER_PMTILES"), "{missing}");
    assert!(missing.contains("name a file that this process may read"), "{missing}");
    fs::write(&file, "<html>not found</html>").unwrap();
    let other = format!("{:#}", words(&both).unwrap_err());
    assert!(other.contains("is not a PMTiles archive of version 3; `pmtiles convert` makes one"), "{other}");
    archive::of_pictures(&file, "");
    assert!(words(&both).unwrap().starts_with("an archive, at /assets/map/"));
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    let short = format!("{:#}", words(&both).unwrap_err());
    assert!(short.contains("ends before its last tile; copy it again"), "{short}");
}

#[test]
fn a_tile_server_of_another_host_ends_the_start() {
    let home = tempfile::tempdir().unwrap();
    let plain = Settings {
        public_url: "https://hellomapper.example".to_owned(),
        ..settings(&home, SocketAddr::from(([127, 0, 0, 1], 8080)))
    };
    let base_map = |template: &str| {
        hellomapper::base_map(&Settings { tile_url: Some(template.to_owned()), ..plain.clone() })
    };
    for ours in ["/tiles/{z}/{x}/{y}.png", "https://hellomapper.example/tiles/{z}/{x}/{y}.png"] {
        assert!(base_map(ours).is_ok(), "{ours}");
    }
    for other in [
        "https://tiles.test/{z}/{x}/{y}.png",
        "//tiles.test/{z}/{x}/{y}.png",
        "/\\tiles.test/{z}/{x}/{y}.png",
        "https://hellomapper.example.tiles.test/{z}/{x}/{y}.png",
        "https://hellomapper.example@tiles.test/{z}/{x}/{y}.png",
        "tiles/{z}/{x}/{y}.png",
    ] {
        let why = format!("{:#}", base_map(other).unwrap_err());
        assert!(why.contains("HELLOMAPPER_TILE_URL") && why.contains("privacy page"), "{other}: {why}");
    }
}

#[test]
fn the_guide_makes_every_key_that_production_asks_for() {
    let guide = fs::read_to_string(workspace().join("deploy/README.md")).unwrap();
    let mut keys = BTreeSet::new();
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        let quoted = text.split('"').filter(|quoted| quoted.ends_with("-key"));
        for name in quoted.map(|quoted| quoted.trim_start_matches("keys/")) {
            if !name.contains(|letter: char| !(letter.is_ascii_lowercase() || "-{}".contains(letter))) {
                keys.extend(SERVICES.map(|service| name.replace("{service}", service)));
            }
        }
    }
    // A header.
    keys.remove("idempotency-key");
    assert!(keys.contains("users-signing-key") && keys.contains("payments-audit-key"), "{keys:?}");
    for key in keys {
        assert!(guide.contains(&key), "deploy/README.md makes no {key}");
    }
}

/// The names of all settings that the programs read.
fn read_by_the_code() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        for ask in ASKS {
            for (at, _) in text.match_indices(ask) {
                names.extend(asked_for(&text[at + ask.len()..]));
            }
        }
        if text.contains("EnvFilter::try_from_default_env()") {
            names.insert("RUST_LOG".to_owned());
        }
    }
    names
}

/// `"NAME"`, or `format!("NAME_{}", service)` for each service.
fn asked_for(rest: &str) -> Vec<String> {
    let each = rest.trim_start().strip_prefix("format!(");
    let text = each.unwrap_or(rest).trim_start();
    let Some(name) = text.strip_prefix('"').and_then(|text| text.split('"').next()) else {
        return Vec::new();
    };
    let names = match each {
        Some(_) => SERVICES.iter().map(|service| name.replace("{}", &service.to_uppercase())).collect(),
        None => vec![name.to_owned()],
    };
    names.into_iter().filter(|name| is_name(name)).collect()
}

fn is_name(word: &str) -> bool {
    let upper = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    upper && BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
}

/// The names set in these files, those in comments included: an example shows what one may set.
fn named_in(files: &[PathBuf]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in files {
        for line in fs::read_to_string(file).unwrap().lines() {
            let name = line.trim_start_matches('#').split('=').next().unwrap_or_default();
            if is_name(name) && line.contains('=') {
                assert!(names.insert(name.to_owned()), "{name} is there twice");
            }
        }
    }
    names
}

/// `ap-southeast-2`: letters, letters, a number.
fn is_region(word: &str) -> bool {
    let parts: Vec<_> = word.split('-').collect();
    let letters = |part: &str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    matches!(parts[..], [area, direction, number]
        if letters(area) && letters(direction) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Every file of deploy/ with its text.
fn texts() -> Vec<(PathBuf, String)> {
    let all = files(&workspace().join("deploy"), &[]);
    all.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

/// What the programs are made of.
fn sources() -> impl Iterator<Item = PathBuf> {
    let all = files(&workspace().join("backend"), &["rs"]).into_iter();
    all.filter(|file| file.components().any(|part| part.as_os_str() == "src"))
}

/// The files in a folder and below, of some extensions, or all.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if extensions.is_empty() || extensions.contains(&extension) {
            found.push(path);
        }
    }
    found
}
