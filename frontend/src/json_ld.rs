//! Structured data for search engines (schema.org, read 2026-11-22), made of nothing that is not on the page. Only the
//! server makes it: in the browser's build nobody asks for the parts, so they are left out of the bundle.
//!
//! `{public_url}` is filled in where the document is written, and `<` is taken out of harm's way there.

mod page;
mod parts;

use serde_json::{Value, json};
use shared_types::providers::{Landing, PracticeProfile, ProviderProfile, ProviderSummary};

/// A page of the way from the start to here: words and path.
pub type Crumb = (String, String);

/// The site, and how to search it.
pub fn site() -> Option<String> {
    on_server(|| vec![page::site()])
}

/// A list of providers with the way to it.
pub fn landing(landing: &Landing, path: &str) -> Option<String> {
    on_server(|| {
        let trail = [("Find care", "/search"), (landing.profession.plural.as_str(), path)];
        let trail = trail.map(|(words, path)| (words.to_owned(), path.to_owned()));
        vec![parts::breadcrumbs(&trail), page::list(&landing.results.items)]
    })
}

/// The results of a search.
pub fn results(items: &[ProviderSummary]) -> Option<String> {
    on_server(|| vec![page::list(items)])
}

/// A provider's page.
pub fn provider(profile: &ProviderProfile, crumbs: &[Crumb]) -> Option<String> {
    on_server(|| vec![page::provider(profile), parts::breadcrumbs(crumbs)])
}

/// A practice's page.
pub fn practice(profile: &PracticeProfile, crumbs: &[Crumb]) -> Option<String> {
    on_server(|| vec![page::practice(profile), parts::breadcrumbs(crumbs)])
}

fn on_server(graph: impl FnOnce() -> Vec<Value>) -> Option<String> {
    cfg!(feature = "ssr").then(|| {
        let graph: Vec<_> = graph().into_iter().map(without_gaps).collect();
        json!({ "@context": "https://schema.org", "@graph": graph }).to_string()
    })
}

/// Leaves out what is not known.
fn without_gaps(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let known = fields.into_iter().filter(|(_, value)| !(value.is_null() || *value == json!([])));
            Value::Object(known.map(|(name, value)| (name, without_gaps(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_gaps).collect()),
        known @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => known,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::without_gaps;

    #[test]
    fn what_is_not_known_is_left_out() {
        assert_eq!(
            without_gaps(json!({ "a": null, "b": [], "c": { "d": null, "e": 1 }, "f": [{ "g": null }] })),
            json!({ "c": { "e": 1 }, "f": [{}] })
        );
    }
}
