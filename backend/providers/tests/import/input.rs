//! What can and cannot be read.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Directory, check_counts};

#[tokio::test]
async fn input_that_cannot_be_read_is_named_and_nothing_is_half_done() {
    let mut directory = Directory::new().await;
    let photographs = directory.folder.path().join("photographs");
    fs::create_dir(&photographs).unwrap();
    fs::write(photographs.join("IMG_1.jpg"), b"\xff\xd8\xff\xe0").unwrap();
    let resource = json!({"resourceType": "Organization", "id": "x", "name": "X"}).to_string();
    let bundle = |kind: &str, end: &str| {
        format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"resource":{resource}}}{end}"#)
    };
    let inputs = [
        (directory.folder.path().join("nowhere"), "does not exist"),
        (photographs, "no FHIR JSON found"),
        (directory.write("empty.json", b""), "is empty"),
        (directory.write("truncated.json", bundle("collection", ",{").as_bytes()), "cut off"),
        (directory.write("message.json", bundle("message", "]}").as_bytes()), "type \"message\""),
        // The type comes after the entries.
        (
            directory.write(
                "late.json",
                format!(
                    r#"{{"resourceType":"Bundle","entry":[{{"resource":{resource}}}],"type":"document"}}"#
                )
                .as_bytes(),
            ),
            "type \"document\"",
        ),
        (directory.write("list.json", format!("[{resource}]").as_bytes()), "jq -c"),
    ];
    let before = directory.rows().await;
    for (input, words) in inputs {
        let error = directory.try_import(&input, |_| {}).await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
        assert_eq!(directory.rows().await, before, "{words}");
    }
    let unwritable = directory.write("file", b"");
    let input = directory.write("one.json", resource.as_bytes());
    let error =
        directory.try_import(&input, |options| options.report = unwritable.join("report")).await.unwrap_err();
    assert!(error.to_string().contains("--report"), "{error}");
    assert_eq!(directory.rows().await, before);
}

#[tokio::test]
async fn one_broken_file_or_line_stops_no_other() {
    let mut directory = Directory::new().await;
    let folder = directory.folder.path().join("mixed");
    fs::create_dir(&folder).unwrap();
    let resource = |id: &str| json!({"resourceType": "Organization", "id": id, "name": id}).to_string();
    let deep = format!(
        r#"{{"resourceType":"Organization","id":"d","name":{}1{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    let half =
        format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{}}},"#, resource("half"));
    let lines = format!("\u{feff}{}\n{deep}\n{{\"resourceType\":\n{}\n", resource("n1"), resource("n2"));
    for (name, content) in [
        ("a.json", resource("a")),
        ("b.json", half),
        ("c.ndjson", lines),
        ("d.json", deep.clone()),
        ("e.json", String::new()),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
    fs::write(folder.join("f.json"), b"{\"resourceType\":\"Organization\",\"id\":\"f\",\"name\":\"\xff\"}")
        .unwrap();
    let (summary, report) = directory.import(&folder).await;
    // Refused: the half Bundle and its entry, two lines, and three files.
    check_counts(&summary, 3, 0, 0, 7);
    let said = |source: &str, words: &str| {
        let fits =
            |line: &&Value| line["source"] == source && line["reason"].as_str().unwrap().contains(words);
        assert!(report.iter().any(|line| fits(&line)), "{source}: {words} in {report:#?}");
    };
    said("b.json", "cut off");
    said("b.json entry[0]", "cannot be read to its end");
    said("c.ndjson line 2", "128 levels");
    said("c.ndjson line 3", "cut off");
    said("d.json", "128 levels");
    said("e.json", "is empty");
    said("f.json", "not UTF-8");
    let names = "select string_agg(name, ',' order by name) from providers.organization";
    assert_eq!(directory.text(names).await.as_deref(), Some("a,n1,n2"));
}
