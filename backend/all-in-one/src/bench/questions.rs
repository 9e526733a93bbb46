//! What is asked: the same few hundred searches every time, where people live and for what they look.

use anyhow::{Context as _, Result};
use kernel::Chance;
use shared_types::providers::{Order, SearchProviders, SearchReply};

use super::{http::Client, pgbench::statement};

/// How many searches there are.
const COUNT: usize = 500;
/// A page of results and one more, as the store asks for it.
const LIMIT: usize = 21;

/// Finds a place by name; the text of `providers::store::locality::by_name`, compared by a test.
const PLACE_BY_NAME: &str = r#"select name, state, postcode, slug, st_y(point::geometry) as "lat!", st_x(point::geometry) as "lon!"
           from providers.locality
           where lower(name) = $1 and ($2::text is null or state = $2) and ($3::text is null or postcode = $3)
           order by population desc, state, postcode limit $4"#;

/// A search as a person asks it.
#[derive(Clone, Debug)]
pub struct Question {
    near: String,
    profession: String,
}

/// A search with what the server understood, for asking the database itself.
#[derive(Clone, Debug)]
pub struct Understood {
    pub question: Question,
    reply: SearchReply,
}

/// Draws places by population and professions by how many practise them.
///
/// # Errors
/// When there is nothing to draw from.
pub fn draw(places: &[(String, f64)]) -> Result<Vec<Question>> {
    let packs = providers::catalogue::packs()?;
    let professions: Vec<_> = packs.into_iter().map(|pack| (pack.slug, pack.weight)).collect();
    let chance = Chance::seeded(1);
    let question = |_| {
        Ok(Question {
            near: pick(places, &chance)?.to_owned(),
            profession: pick(&professions, &chance)?.to_owned(),
        })
    };
    (0..COUNT).map(question).collect()
}

fn pick<'a>(weighted: &'a [(String, f64)], chance: &Chance) -> Result<&'a str> {
    let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    let mut left = f64::from(u32::from_be_bytes(chance.bytes())) / (f64::from(u32::MAX) + 1.0) * total;
    let found = weighted.iter().find(|(_, weight)| {
        left -= weight;
        left < 0.0
    });
    let (name, _) = found.or(weighted.last()).context("there is nothing to draw from")?;
    Ok(name)
}

impl Question {
    /// The query string, the same for the page and the API.
    pub fn query(&self, order: Order) -> String {
        let query = SearchProviders {
            near: Some(self.near.clone()),
            profession: Some(self.profession.clone()),
            order,
            ..SearchProviders::default()
        };
        query.to_query()
    }

    /// Asks it once, so that the place's coordinates are the server's own.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn understand(self, client: &mut Client) -> Result<Understood> {
        let reply =
            client.get(&format!("/api/v1/providers/search?{}", self.query(Order::Distance)))?.json()?;
        Ok(Understood { question: self, reply })
    }
}

impl Understood {
    /// The slugs found.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.reply.items.iter().map(|item| item.slug.as_str())
    }

    /// The store's statement with this question's values, as providers::store::search binds them.
    ///
    /// # Errors
    /// When the server understood no place, profession or radius.
    pub fn sql(&self, order: Order) -> Result<String> {
        let place = self.reply.place.as_ref().context("no place was understood")?;
        let radius = self.reply.radius_m.context("no radius was used")?;
        let profession = self.reply.profession.as_ref().context("no profession was understood")?;
        let (text, after) = match order {
            Order::Distance => (providers::store::search::BY_DISTANCE, "null::float8"),
            Order::Soonest => (providers::store::search::BY_SOONEST, "null::timestamptz"),
        };
        let nothing = |kind: &str| format!("null::{kind}");
        let values = [
            format!("{:?}::float8", place.lon),
            format!("{:?}::float8", place.lat),
            format!("{radius}::float8"),
            nothing("text"),
            nothing("text"),
            nothing("float8"),
            nothing("float8"),
            nothing("float8"),
            nothing("float8"),
            quoted(&profession.slug),
            "'{}'::text[]".to_owned(),
            nothing("text"),
            "'{}'::text[]".to_owned(),
            nothing("timestamptz"),
            format!("'{}'::timestamptz", self.reply.as_of),
            format!("{LIMIT}::bigint"),
            after.to_owned(),
            nothing("uuid"),
        ];
        Ok(statement(text, &values))
    }

    /// The statement that finds the place, which a search through HTTP asks as well.
    ///
    /// # Errors
    /// When the server understood no place.
    pub fn place_sql(&self) -> Result<String> {
        let place = self.reply.place.as_ref().context("no place was understood")?;
        let postcode =
            if place.postcode.is_empty() { "null::text".to_owned() } else { quoted(&place.postcode) };
        let values =
            [quoted(&place.name.to_lowercase()), quoted(&place.state), postcode, "20::bigint".to_owned()];
        Ok(statement(PLACE_BY_NAME, &values))
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'::text", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{PLACE_BY_NAME, draw};

    #[test]
    fn the_same_questions_are_drawn_every_time() {
        let places =
            [("Parramatta NSW 2150".to_owned(), 30_000.0), ("Birdsville QLD 4482".to_owned(), 100.0)];
        let first = draw(&places).unwrap();
        assert_eq!(format!("{first:?}"), format!("{:?}", draw(&places).unwrap()));
        let in_parramatta = first.iter().filter(|question| question.near.starts_with("Parramatta")).count();
        assert!(in_parramatta > 480, "{in_parramatta}");
    }

    #[test]
    fn a_place_is_found_by_the_stores_own_statement() {
        let store = concat!(env!("CARGO_MANIFEST_DIR"), "/../providers/src/store/locality.rs");
        let store = std::fs::read_to_string(store).unwrap();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&store).contains(&words(PLACE_BY_NAME)));
    }
}
