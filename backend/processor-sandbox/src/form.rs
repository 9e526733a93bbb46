//! What a request says: `a[b][0]=x`, as the processor's clients write it in bodies and queries.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// Fields by name, each a text or fields of its own. A list is fields named 0, 1, 2.
#[derive(Clone, Debug, Default)]
pub struct Form(BTreeMap<String, Node>);

#[derive(Clone, Debug)]
enum Node {
    Text(String),
    Fields(Form),
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`; what cannot be read is left out.
    pub fn parse(text: &str) -> Self {
        let mut form = Self::default();
        form.add(text);
        form
    }

    /// The fields of what [`Form::json`] made.
    pub fn of(value: Option<&Value>) -> Self {
        let members = value.and_then(Value::as_object).into_iter().flatten();
        let nodes = members.map(|(name, value)| {
            let node = match value.as_str() {
                Some(text) => Node::Text(text.to_owned()),
                None => Node::Fields(Self::of(Some(value))),
            };
            (name.clone(), node)
        });
        Self(nodes.collect())
    }

    /// Adds more fields, of a body to those of a query.
    pub fn add(&mut self, text: &str) {
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let parts: Vec<&str> = name.split('[').map(|part| part.trim_end_matches(']')).collect();
            self.insert(&parts, value.into_owned());
        }
    }

    fn insert(&mut self, parts: &[&str], value: String) {
        let Some((first, rest)) = parts.split_first() else { return };
        // `a[]=x` adds to a list.
        let name = if first.is_empty() { self.0.len().to_string() } else { (*first).to_owned() };
        if rest.is_empty() {
            self.0.insert(name, Node::Text(value));
            return;
        }
        let node = self.0.entry(name).or_insert_with(|| Node::Fields(Self::default()));
        if let Node::Fields(fields) = node {
            fields.insert(rest, value);
        }
    }

    fn node(&self, path: &str) -> Option<&Node> {
        match path.split_once('.') {
            None => self.0.get(path),
            Some((first, rest)) => match self.0.get(first)? {
                Node::Fields(fields) => fields.node(rest),
                Node::Text(_) => None,
            },
        }
    }

    /// The names at the top.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether the field is there, empty or not: an empty text takes a value away.
    pub fn has(&self, path: &str) -> bool {
        self.node(path).is_some()
    }

    /// A text that is there and not empty. A dot leads into fields.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.node(path)? {
            Node::Text(text) if !text.is_empty() => Some(text),
            Node::Text(_) | Node::Fields(_) => None,
        }
    }

    /// A text that has to be there.
    ///
    /// # Errors
    /// `parameter_missing`.
    pub fn required(&self, path: &str) -> Result<&str, Refusal> {
        self.text(path).ok_or_else(|| Refusal::missing(path))
    }

    /// A whole number.
    ///
    /// # Errors
    /// `parameter_invalid_integer`.
    pub fn number(&self, path: &str) -> Result<Option<i64>, Refusal> {
        self.text(path).map(|text| text.parse().map_err(|_| Refusal::no_number(path, text))).transpose()
    }

    /// Yes or no; no when absent.
    ///
    /// # Errors
    /// When it is neither `true` nor `false`.
    pub fn flag(&self, path: &str) -> Result<bool, Refusal> {
        match self.text(path) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Refusal::invalid(path, format!("Invalid boolean: {other}"))),
        }
    }

    /// Fields within a field.
    pub fn fields(&self, path: &str) -> Option<&Self> {
        match self.node(path)? {
            Node::Fields(fields) => Some(fields),
            Node::Text(_) => None,
        }
    }

    /// The texts of a list, in its order.
    pub fn list(&self, path: &str) -> Vec<&str> {
        let Some(fields) = self.fields(path) else { return Vec::new() };
        let mut items: Vec<(usize, &str)> = fields
            .0
            .iter()
            .filter_map(|(name, node)| match node {
                Node::Text(text) => Some((name.parse().ok()?, text.as_str())),
                Node::Fields(_) => None,
            })
            .collect();
        items.sort_unstable();
        items.into_iter().map(|(_, text)| text).collect()
    }

    /// The same as JSON, every value a text.
    pub fn json(&self) -> Value {
        let fields = self.0.iter().map(|(name, node)| {
            let value = match node {
                Node::Text(text) => Value::from(text.as_str()),
                Node::Fields(fields) => fields.json(),
            };
            (name.clone(), value)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn brackets_lead_into_fields_and_lists() {
        let form = Form::parse("transfer_data[destination]=acct_1&expand[]=a&expand[]=b&items[0][price]=5");
        assert_eq!(form.text("transfer_data.destination"), Some("acct_1"));
        assert_eq!(form.list("expand"), ["a", "b"]);
        assert_eq!(form.text("items.0.price"), Some("5"));
    }

    #[test]
    fn a_list_keeps_the_order_of_its_numbers() {
        let form = Form::parse("expand[10]=last&expand[2]=middle&expand[0]=first");
        assert_eq!(form.list("expand"), ["first", "middle", "last"]);
    }

    #[test]
    fn a_number_that_is_none_is_refused() {
        assert!(Form::parse("amount=ten").number("amount").is_err());
        assert_eq!(Form::parse("amount=10").number("amount").unwrap(), Some(10));
    }
}
