//! One request to the API.

use serde_json::{Value, json};

use crate::{form::Form, object::Object, refusal::Refusal, world::World};

/// What is asked, and for whom.
#[derive(Clone, Debug)]
pub struct Call {
    /// `GET`, `POST`, `DELETE`.
    pub method: String,
    /// `payment_intents/pi_1/capture`, without `/v1/`.
    pub path: String,
    /// Query and body together.
    pub form: Form,
    /// The connected account that is acted for; the platform itself without.
    pub account: Option<String>,
}

/// What is answered.
pub type Reply = Result<Value, Refusal>;

impl Call {
    /// Whom it is for.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// A value of the form as JSON, or nothing.
    pub fn text_or_null(&self, path: &str) -> Value {
        self.form.text(path).map_or(Value::Null, Value::from)
    }

    /// `metadata`, as it was sent.
    pub fn metadata(&self, path: &str) -> Value {
        self.form.fields(path).map_or_else(|| json!({}), Form::json)
    }

    /// The page of a list that is asked for: the latest first, `limit`, `starting_after`, `ending_before`, `created`, and members
    /// that have to be equal (<https://docs.stripe.com/api/pagination>, read 2026-11-26).
    ///
    /// # Errors
    /// A limit out of range, or a cursor that is no object of the list.
    pub fn page(&self, world: &World, kind: &str, filters: &[&str]) -> Reply {
        let found = world.all(self.account(), kind).rev().filter(|object| self.wants(object, filters));
        self.cut(found.cloned().collect())
    }

    /// The same of objects that were found already, the latest first.
    ///
    /// # Errors
    /// A limit out of range, or a cursor that is no object of the list.
    pub fn cut(&self, mut found: Vec<Object>) -> Reply {
        let limit = self.form.number("limit")?.unwrap_or(10);
        let limit = usize::try_from(limit).ok().filter(|limit| (1..=100).contains(limit));
        let limit =
            limit.ok_or_else(|| Refusal::invalid("limit", "This value must be between 1 and 100."))?;
        let place = |param: &str| match self.form.text(param) {
            None => Ok(None),
            Some(id) => match found.iter().position(|object| object.id() == id) {
                Some(place) => Ok(Some(place)),
                None => Err(Refusal::invalid(param, format!("No such object: '{id}'"))),
            },
        };
        let (after, before) = (place("starting_after")?, place("ending_before")?);
        let has_more = if let Some(before) = before {
            found.truncate(before);
            let rest = found.len().saturating_sub(limit);
            found.drain(..rest);
            rest > 0
        } else {
            found.drain(..after.map_or(0, |after| after + 1));
            let has_more = found.len() > limit;
            found.truncate(limit);
            has_more
        };
        let found: Vec<Value> = found.iter().map(Object::told).collect();
        Ok(
            json!({ "object": "list", "url": format!("/v1/{}", self.path), "has_more": has_more, "data": found }),
        )
    }

    fn wants(&self, object: &Object, filters: &[&str]) -> bool {
        let is_equal =
            |name: &&str| self.form.text(name).is_none_or(|wanted| object.text(name) == Some(wanted));
        let created = object.cents("created");
        let bound = |name: &str| self.form.text(name).and_then(|text| text.parse::<i64>().ok());
        filters.iter().all(is_equal)
            && bound("created").is_none_or(|at| created == at)
            && bound("created.gte").is_none_or(|from| created >= from)
            && bound("created.gt").is_none_or(|from| created > from)
            && bound("created.lte").is_none_or(|until| created <= until)
            && bound("created.lt").is_none_or(|until| created < until)
    }

    /// Puts objects in the place of their ids, where `expand[]` asks for it.
    pub fn expand(&self, world: &World, reply: &mut Value) {
        for path in self.form.list("expand") {
            let names: Vec<&str> = path.split('.').collect();
            expand(world, reply, &names);
        }
    }
}

fn expand(world: &World, value: &mut Value, names: &[&str]) {
    if let Value::Array(items) = value {
        for item in items {
            expand(world, item, names);
        }
        return;
    }
    let Some((first, rest)) = names.split_first() else { return };
    let Some(member) = value.get_mut(*first) else { return };
    if let Some(object) = member.as_str().and_then(|id| world.get(id)).map(Object::told) {
        *member = object;
    }
    if !rest.is_empty() {
        expand(world, member, rest);
    }
}
