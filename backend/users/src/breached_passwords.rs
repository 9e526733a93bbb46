//! A list of stolen passwords: the file of Pwned Passwords (haveibeenpwned.com/Passwords, read 2026-11-26), ordered by
//! hash. A line is 40 hexadecimal digits of SHA-1, a colon, and a count; lines end in a line feed, or in a carriage return
//! and one.
//!
//! It has tens of gigabytes and is read in place: some thirty short reads find where the hashes with a prefix begin, and
//! one longer read takes them. So every answer costs about the same, whatever was asked.

use std::{fmt, fs::File, io, os::unix::fs::FileExt as _, path::Path, sync::Arc};

use anyhow::{Context as _, ensure};

/// Digits of a SHA-1 hash.
const HASH: usize = 40;
/// No line is longer: a hash, a colon, a count of twenty digits and its end.
const LINE: u64 = 64;
/// More than all hashes with one prefix take up: they are about a thousand of the thousand million there are.
const RANGE: usize = 256 * 1024;

/// The list, if there is one.
#[derive(Clone, Debug, Default)]
pub struct BreachedList(Option<Arc<List>>);

#[derive(Debug)]
struct List {
    file: File,
    length: u64,
}

impl BreachedList {
    /// The list in a file; an empty one without.
    ///
    /// # Errors
    /// When the file cannot be read, or is no such list.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let opened = || {
            let file = File::open(path)?;
            let length = file.metadata()?.len();
            Ok::<_, io::Error>(List { file, length })
        };
        let list = opened().with_context(|| format!("HELLOMAPPER_BREACHED_PASSWORDS: {}", path.display()))?;
        let (first, last) = (list.line_around(0), list.line_around(list.length.saturating_sub(1)));
        ensure!(
            matches!((&first, &last), (Ok(first), Ok(last)) if first.hash <= last.hash),
            "HELLOMAPPER_BREACHED_PASSWORDS: {} is no list of SHA-1 hashes ordered by hash",
            path.display()
        );
        Ok(Self(Some(Arc::new(list))))
    }

    /// Whether there is a list.
    pub fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// The rest of each hash that begins with a prefix in capitals. Reads the disk: for a thread that may wait.
    ///
    /// # Errors
    /// When the file cannot be read, or is damaged there.
    pub fn suffixes(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.0.as_ref().map_or_else(|| Ok(Vec::new()), |list| list.suffixes(prefix))
    }
}

impl fmt::Display for BreachedList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("no list, so stolen ones may be chosen"),
            Some(list) => write!(f, "a list of {} bytes", list.length),
        }
    }
}

/// Where a line lies and what it says.
struct Line {
    begin: u64,
    end: u64,
    hash: String,
}

impl List {
    fn suffixes(&self, prefix: &str) -> io::Result<Vec<String>> {
        let begin = self.first_not_before(prefix)?;
        let mut range = vec![0; RANGE];
        let read = self.read_at(&mut range, begin)?;
        range[..read]
            .split(|byte| *byte == b'\n')
            .take_while(|line| line.starts_with(prefix.as_bytes()))
            .map(|line| hash_in(line).map(|hash| hash[prefix.len()..].to_owned()).ok_or_else(damaged))
            .collect()
    }

    /// Where the first line begins that does not come before the prefix: by halving, over bytes instead of lines.
    fn first_not_before(&self, prefix: &str) -> io::Result<u64> {
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let line = self.line_around(low + (high - low) / 2)?;
            if line.hash.as_str() < prefix {
                low = line.end;
            } else {
                high = line.begin;
            }
        }
        Ok(low)
    }

    /// The line that a byte belongs to.
    fn line_around(&self, at: u64) -> io::Result<Line> {
        let before = at.min(LINE);
        let mut bytes = [0; 2 * LINE as usize];
        let read = self.read_at(&mut bytes, at - before)?;
        let (bytes, middle) = (&bytes[..read], before as usize);
        if middle >= read {
            return Err(damaged());
        }
        let begin = bytes[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let newline = bytes[middle..].iter().position(|byte| *byte == b'\n');
        let end = newline.map_or(read, |newline| middle + newline + 1);
        let hash = hash_in(&bytes[begin..end]).ok_or_else(damaged)?;
        let offset = at - before;
        Ok(Line { begin: offset + begin as u64, end: offset + end as u64, hash: hash.to_owned() })
    }

    /// Reads until the buffer or the file ends.
    fn read_at(&self, buffer: &mut [u8], from: u64) -> io::Result<usize> {
        let mut read = 0;
        while read < buffer.len() {
            match self.file.read_at(&mut buffer[read..], from + read as u64)? {
                0 => break,
                more => read += more,
            }
        }
        Ok(read)
    }
}

/// The hash at the beginning of a line, if it is one.
fn hash_in(line: &[u8]) -> Option<&str> {
    let (hash, rest) = line.split_at_checked(HASH)?;
    let is_hash = hash.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    (is_hash && rest.first() == Some(&b':')).then(|| str::from_utf8(hash).ok())?
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the list of stolen passwords is damaged")
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use kernel::Chance;
    use tempfile::TempDir;

    use super::BreachedList;

    fn list(text: &str) -> (TempDir, anyhow::Result<BreachedList>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        fs::write(&path, text).unwrap();
        let list = BreachedList::open(Some(&path));
        (folder, list)
    }

    /// Hashes as the file has them, few enough prefixes that some have many and some none.
    fn hashes(count: usize) -> BTreeSet<String> {
        let chance = Chance::seeded(1);
        let hash = |_| {
            let bytes = chance.bytes::<20>();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("{:05X}{}", u32::from(bytes[0]) * 4099 % 0x100000, &hex[5..])
        };
        (0..count).map(hash).collect()
    }

    #[test]
    fn what_is_found_is_what_is_there() {
        let all = hashes(3000);
        for (end, last) in [("\r\n", "\r\n"), ("\n", "\n"), ("\n", "")] {
            let lines: Vec<_> = all.iter().enumerate().map(|(n, hash)| format!("{hash}:{}", n * n)).collect();
            let (_folder, list) = list(&(lines.join(end) + last));
            let list = list.unwrap();
            let prefixes: BTreeSet<_> = all.iter().map(|hash| hash[..5].to_owned()).collect();
            let others = ["00000", "00001", "7FFFF", "80000", "FFFFF"].map(str::to_owned);
            for prefix in prefixes.iter().chain(&others) {
                let there: Vec<_> =
                    all.iter().filter_map(|hash| hash.strip_prefix(prefix.as_str())).collect();
                assert_eq!(list.suffixes(prefix).unwrap(), there, "{prefix}");
            }
        }
    }

    #[test]
    fn without_a_list_nothing_is_stolen() {
        let list = BreachedList::open(None).unwrap();
        assert!(!list.is_there() && list.suffixes("00000").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_such_list_ends_the_start() {
        let hash = "0123456789ABCDEF0123456789ABCDEF01234567";
        let later = hash.replace("0123", "FFFF");
        assert!(list(&format!("{hash}:1\n{later}:1\n")).1.is_ok());
        for bad in [
            String::new(),
            "<html>not found</html>".to_owned(),
            format!("{hash}\n"),
            format!("{}:1\n", hash.to_lowercase()),
            format!("{}:1\n", &hash[1..]),
            format!("{later}:1\n{hash}:1\n"),
        ] {
            let why = format!("{:#}", list(&bad).1.unwrap_err());
            assert!(why.contains("HELLOMAPPER_BREACHED_PASSWORDS"), "{bad}: {why}");
        }
    }
}
