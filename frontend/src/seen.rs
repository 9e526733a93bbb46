//! What the server stores, column by column, as `data/what_we_see*.csv` say it. A test compares the files with the database
//! and with what stands on the outside of a sealed note, so that the page cannot say less than there is.

/// Every stored column: `schema,table,column,class,words`. A schema `*` is each service's, a column `*` all of a table.
const COLUMNS: &str = include_str!("../data/what_we_see.csv");
/// Every table: `group,schema,table,title,kept`, in the order of the page.
const TABLES: &str = include_str!("../data/what_we_see_tables.csv");
/// What stands in the clear on a sealed note: `field,words`.
const ENVELOPE: &str = include_str!("../data/what_we_see_envelope.csv");

/// What kind of thing is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Our programs read it, and so could we.
    Readable,
    /// Sealed in a browser: only those it is meant for can open it.
    Sealed,
    /// A fingerprint, which leads back to nothing.
    Hash,
    /// Encrypted by us and opened for one use.
    Encrypted,
    /// Everybody can read it.
    Public,
    /// Says nothing of a person.
    Nothing,
}

impl Class {
    /// All of them, in the order of the page's legend.
    pub const ALL: [Self; 6] =
        [Self::Sealed, Self::Encrypted, Self::Hash, Self::Readable, Self::Public, Self::Nothing];

    /// The name in the file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Readable => "readable",
            Self::Sealed => "sealed",
            Self::Hash => "hash",
            Self::Encrypted => "encrypted",
            Self::Public => "public",
            Self::Nothing => "nothing",
        }
    }

    /// In two or three words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Readable => "We can read it",
            Self::Sealed => "Sealed",
            Self::Hash => "A fingerprint",
            Self::Encrypted => "Encrypted",
            Self::Public => "Public",
            Self::Nothing => "Says nothing of you",
        }
    }

    /// In a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Readable => {
                "Our programs need to read it, so we could too. Each look at a person’s record is written down."
            }
            Self::Sealed => "Your browser seals it. We store it and cannot open it.",
            Self::Hash => "We can tell that something is the same as before. It leads back to nothing.",
            Self::Encrypted => "We store it encrypted, and our programs open it for one use.",
            Self::Public => "It is meant to be seen by everybody.",
            Self::Nothing => "It keeps our programs going and tells nobody anything about you.",
        }
    }
}

/// One stored column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenColumn {
    /// Its name in the database; `*` for all of a table of public directories.
    pub name: &'static str,
    /// What kind of thing it is.
    pub class: Class,
    /// In words.
    pub words: &'static str,
}

/// One stored table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenTable {
    /// The part of the page that it stands in.
    pub group: &'static str,
    /// Whose: a service's, or `*` for each of them.
    pub schema: &'static str,
    /// Its name in the database.
    pub name: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// For how long.
    pub kept: &'static str,
    /// Its columns.
    pub columns: Vec<SeenColumn>,
}

impl SeenTable {
    /// The classes that say something about a person, each once, in the order of the legend.
    pub fn classes(&self) -> impl Iterator<Item = Class> + '_ {
        let has = |class: &Class| self.columns.iter().any(|column| column.class == *class);
        Class::ALL.into_iter().filter(|class| *class != Class::Nothing).filter(has)
    }
}

/// All tables, in the order of the page.
pub fn tables() -> Vec<SeenTable> {
    let columns: Vec<_> = lines(COLUMNS).filter_map(column).collect();
    lines(TABLES)
        .filter_map(|line| {
            let [group, schema, name, title, kept] = fields(line)?;
            let its_own = columns.iter().filter(|(of, _)| *of == (schema, name));
            let columns = its_own.map(|(_, column)| *column).collect();
            Some(SeenTable { group, schema, name, title, kept, columns })
        })
        .collect()
}

/// What stands in the clear on a sealed note: the field and its words.
pub fn envelope() -> Vec<[&'static str; 2]> {
    lines(ENVELOPE).filter_map(fields).collect()
}

fn column(line: &'static str) -> Option<((&'static str, &'static str), SeenColumn)> {
    let [schema, table, name, class, words] = fields(line)?;
    let class = Class::ALL.into_iter().find(|known| known.code() == class)?;
    Some(((schema, table), SeenColumn { name, class, words }))
}

/// The lines after the heads of columns.
fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().skip(1)
}

/// The fields of a line; only the last may have commas.
fn fields<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    line.splitn(N, ',').collect::<Vec<_>>().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, ENVELOPE, TABLES, column, envelope, fields, lines, tables};

    #[test]
    fn every_line_is_read_and_every_table_has_columns() {
        assert!(lines(COLUMNS).all(|line| column(line).is_some()));
        assert!(lines(TABLES).all(|line| fields::<5>(line).is_some()));
        assert_eq!((tables().len(), envelope().len()), (lines(TABLES).count(), lines(ENVELOPE).count()));
        let shown: usize = tables().iter().map(|table| table.columns.len()).sum();
        assert_eq!(shown, lines(COLUMNS).count(), "a column is of no table, or of two");
        for table in tables() {
            assert!(!table.columns.is_empty(), "{}.{}", table.schema, table.name);
        }
    }
}
