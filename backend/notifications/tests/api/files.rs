use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc};

use notifications::gateways::{Files, mail::Mail};

use crate::{World, confirmed, receive, run, sender};

#[tokio::test]
async fn mail_goes_into_files_for_their_owner_only() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("mail");
    let mail: Arc<dyn Mail> = Arc::new(Files::new(folder.clone(), sender().from));
    let (_database, core, service) = World::with(mail).await;
    receive(&core, &service, &confirmed(&core, 1)).await;
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    let entries: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(entries.len(), 1);
    let name = entries[0].file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("20261122T000000Z-") && name.ends_with(".eml"), "{name}");
    assert_eq!(fs::metadata(&entries[0]).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&entries[0]).unwrap();
    for part in [
        "From: HelloMapper <no-reply@example.org>\r\n",
        "To: ada@example.org\r\n",
        "Subject: Appointment confirmed: Tuesday 24 November, 9:15 am\r\n",
        "https://hellomapper.example/manage/0123456789abcdef0123456789abcdef",
        "BEGIN:VCALENDAR",
    ] {
        assert!(text.contains(part), "{part:?} is missing:\n{text}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_a_failed_try() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("mail"), "a file where the folder should be").unwrap();
    let mail: Arc<dyn Mail> = Arc::new(Files::new(home.path().join("mail"), sender().from));
    let (_database, core, service) = World::with(mail).await;
    receive(&core, &service, &confirmed(&core, 1)).await;
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    let error: String = sqlx::query_scalar("select last_error from notifications.message")
        .fetch_one(&core.pool)
        .await
        .unwrap();
    assert_eq!(error, "the file cannot be written");
}
