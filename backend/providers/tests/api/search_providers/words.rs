//! What is looked for: professions by slug and in sentences, names, practices and services in words.

use crate::app::{App, Listing, query};

async fn parramatta() -> App {
    let app = App::new().await;
    let physio = Listing { services: "dry needling".to_owned(), ..Listing::new("Ada Nguyen-O'Neil") };
    app.list(&physio.practice("Wattle Grove Physiotherapy")).await;
    app.list(&Listing::new("Bruce Example").profession("dentist").practice("Wattle Dental").north(1.0)).await;
    app
}

#[tokio::test]
async fn a_profession_is_found_by_slug_and_in_a_sentence() {
    let app = parramatta().await;
    for (words, who) in [
        ("profession=physiotherapist&near=Parramatta", "Ada Nguyen-O'Neil"),
        ("profession=Physio&near=Parramatta", "Ada Nguyen-O'Neil"),
        ("q=physio+near+Parramatta", "Ada Nguyen-O'Neil"),
        ("q=Physiotherapists+in+2150", "Ada Nguyen-O'Neil"),
        ("q=dentist+around+parramata", "Bruce Example"),
        ("q=dentist&near=Parramatta", "Bruce Example"),
    ] {
        let reply = app.search(words).await;
        assert_eq!(reply.items.len(), 1, "{words}");
        assert_eq!(reply.items[0].name, who, "{words}");
        assert_eq!(reply.items[0].profession, reply.profession.map(|profession| profession.slug), "{words}");
        assert_eq!(reply.place.unwrap().label, "Parramatta NSW 2150", "{words}");
    }
}

#[tokio::test]
async fn words_find_people_practices_and_services() {
    let app = parramatta().await;
    for (words, who) in [
        ("ada", &["Ada Nguyen-O'Neil"][..]),
        ("NGUYEN", &["Ada Nguyen-O'Neil"][..]),
        ("o'neil ada", &["Ada Nguyen-O'Neil"][..]),
        ("dry needling", &["Ada Nguyen-O'Neil"][..]),
        ("wattle", &["Ada Nguyen-O'Neil", "Bruce Example"][..]),
        ("wattle dental", &["Bruce Example"][..]),
        ("ada dental", &[][..]),
        ("xqzzy", &[][..]),
    ] {
        for place in [&[("near", "Parramatta")][..], &[]] {
            let mut parameters = vec![("q", words)];
            parameters.extend(place);
            let mut found = app.found(&query(&parameters)).await;
            found.sort();
            assert_eq!(found, who, "{words} {place:?}");
        }
    }
}

#[tokio::test]
async fn hostile_input_is_words_like_any_other() {
    let app = parramatta().await;
    for text in [
        "'; drop table practitioner_role; --",
        "' or '1'='1",
        "\" or 1=1",
        "ada%' --",
        "ada\\",
        "$1",
        "ada\0wattle",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "\u{202e}ada",
        "🦘🦘🦘",
        "%%%%",
    ] {
        for name in
            ["q", "near", "profession", "language", "cursor", "bbox", "before", "order", "limit", "zoom"]
        {
            let reply = app.get(&format!("/api/v1/providers/search?{}", query(&[(name, text)]))).await;
            assert!([200, 422].contains(&reply.status), "{name}={text:?}: {} {}", reply.status, reply.body);
        }
    }
    assert_eq!(app.found("").await.len(), 2);
    assert_eq!(app.found("near=Parramatta").await.len(), 2);
}

#[tokio::test]
async fn strange_numbers_and_dates_are_answered_or_refused() {
    let app = parramatta().await;
    let id = "00000000-0000-0000-0000-000000000000";
    for (name, value) in [
        ("before", "-009999-01-01"),
        ("before", "0000-01-01"),
        ("before", "9999-12-31"),
        ("cursor", format!("s~-377705023201000000~{id}").as_str()),
        ("cursor", format!("s~253402207200000000~{id}").as_str()),
        ("cursor", format!("s~9223372036854775807~{id}").as_str()),
        ("cursor", format!("s~-1~{id}").as_str()),
        ("cursor", "s~never~x"),
        ("cursor", "~~~"),
        ("cursor", ""),
        ("zoom", "0"),
    ] {
        let reply = app.get(&format!("/api/v1/providers/search?{}", query(&[(name, value)]))).await;
        assert!([200, 422].contains(&reply.status), "{name}={value}: {} {}", reply.status, reply.body);
    }
    for value in ["inf", "-inf", "nan", "-1", "1e308"] {
        let cursor = format!("d~{value}~{id}");
        let path =
            format!("/api/v1/providers/search?{}", query(&[("near", "Parramatta"), ("cursor", &cursor)]));
        assert!([200, 422].contains(&app.get(&path).await.status), "{cursor}");
    }
}
