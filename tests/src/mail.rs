//! Mail as it lies in files.

use std::{fs, path::Path};

use crate::{Running, until};

/// One message: its headers and parts with their transfer encoding undone.
#[derive(Clone, Debug)]
pub struct Mail(String);

impl Mail {
    /// Everything, with lines ended by `\n`.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The value of a header of the message.
    pub fn header(&self, name: &str) -> &str {
        let headers = self.0.split("\n\n").next().unwrap_or_default();
        let line = headers.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| *key == name));
        line.map_or("", |(_, value)| value)
    }

    /// The calendar file's lines, long ones joined again (RFC 5545, 3.1).
    pub fn calendar(&self) -> Vec<String> {
        let file = self.0.split_once("BEGIN:VCALENDAR").map_or("", |(_, file)| file);
        let file = file.split("END:VCALENDAR").next().unwrap_or_default();
        file.replace("\n ", "").lines().map(str::to_owned).collect()
    }

    /// The path of the link to see, move or cancel: `/manage/…`.
    ///
    /// # Panics
    /// When there is none to that origin.
    pub fn manage_path(&self, origin: &str) -> String {
        self.path_after(origin, "/manage/")
    }

    /// The paths of all such links, each once, in their order: the letter about a series has one for each visit.
    pub fn manage_paths(&self, origin: &str) -> Vec<String> {
        // In the calendar file lines are folded, so links are broken there.
        let letter = self.0.split("BEGIN:VCALENDAR").next().unwrap_or_default();
        let mut paths = Vec::new();
        for rest in letter.split(&format!("{origin}/manage/")).skip(1) {
            let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            let path = format!("/manage/{token}");
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    /// The path of a link whose secret stands behind `#`, such as `/account/verify#…`.
    ///
    /// # Panics
    /// When there is none to that origin and path.
    pub fn path_with_secret(&self, origin: &str, path: &str) -> String {
        self.path_after(origin, &format!("{path}#"))
    }

    fn path_after(&self, origin: &str, start: &str) -> String {
        let link = format!("{origin}{start}");
        let (_, rest) = self.0.split_once(&link).unwrap_or_else(|| panic!("no {link} in {}", self.0));
        let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        format!("{start}{token}")
    }
}

/// Waits for a message whose subject begins like that.
pub async fn arrives(running: &Running, subject: &str) -> Mail {
    let folder = running.mail_folder();
    until(&format!("mail with the subject {subject:?}"), || async {
        all(&folder).into_iter().find(|mail| mail.header("Subject").starts_with(subject))
    })
    .await
}

/// Waits for a message to that address whose subject begins like that.
pub async fn arrives_for(running: &Running, address: &str, subject: &str) -> Mail {
    let folder = running.mail_folder();
    let theirs =
        |mail: &Mail| mail.header("To").contains(address) && mail.header("Subject").starts_with(subject);
    until(&format!("mail to {address} with the subject {subject:?}"), || async {
        all(&folder).into_iter().find(theirs)
    })
    .await
}

/// Every message in the folder.
pub fn all(folder: &Path) -> Vec<Mail> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    files.filter_map(|path| fs::read(path).ok()).map(|bytes| Mail(readable(&bytes))).collect()
}

/// Undoes quoted-printable (RFC 2045, 6.7): every part of ours has it.
fn readable(bytes: &[u8]) -> String {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'\r', _) => {}
            (b'=', [b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) => rest = after,
            (b'=', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or_default();
                plain.push(u8::try_from(digit(high) * 16 + digit(low)).unwrap_or_default());
                rest = after;
            }
            _ => plain.push(*first),
        }
    }
    String::from_utf8_lossy(&plain).replace('\r', "")
}
