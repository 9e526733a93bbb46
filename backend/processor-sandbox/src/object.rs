//! An object of the processor. It is kept as the wire has it: what is told is what is there.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A payment intent, a charge, an account, with `id` and `object` among its members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Object(pub Value);

impl Object {
    /// Which.
    pub fn id(&self) -> String {
        self.text("id").unwrap_or_default().to_owned()
    }

    /// What it is: `payment_intent`.
    pub fn kind(&self) -> &str {
        self.text("object").unwrap_or_default()
    }

    /// Without what the sandbox keeps for itself.
    pub fn told(&self) -> Value {
        let mut value = self.0.clone();
        if let Some(members) = value.as_object_mut() {
            members.retain(|name, _| !name.starts_with("sandbox_"));
        }
        value
    }

    /// A member, a dot leading inwards.
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&self.0, |value, name| value.get(name)).filter(|value| !value.is_null())
    }

    /// A text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_str()
    }

    /// A text of one's own, for what is changed meanwhile.
    pub fn owned(&self, path: &str) -> Option<String> {
        self.text(path).map(str::to_owned)
    }

    /// A whole number; nought when it is not there.
    pub fn cents(&self, path: &str) -> i64 {
        self.at(path).and_then(Value::as_i64).unwrap_or_default()
    }

    /// Whether it is so; no when it is not there.
    pub fn is(&self, path: &str) -> bool {
        self.at(path).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Its status is one of these.
    pub fn stands(&self, statuses: &[&str]) -> bool {
        self.text("status").is_some_and(|status| statuses.contains(&status))
    }

    /// Sets a member.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0[name] = value.into();
    }

    /// Lays members over those of a member, as an update does with `metadata`. An empty text takes one away.
    pub fn lay_over(&mut self, name: &str, more: &Value) {
        if !self.0[name].is_object() {
            self.0[name] = Value::Object(Map::new());
        }
        lay_over(&mut self.0[name], more);
    }
}

fn lay_over(under: &mut Value, over: &Value) {
    let Some(more) = over.as_object() else {
        *under = over.clone();
        return;
    };
    if !under.is_object() {
        *under = Value::Object(Map::new());
    }
    let Some(members) = under.as_object_mut() else { return };
    for (name, value) in more {
        if value.as_str() == Some("") {
            members.remove(name);
        } else {
            lay_over(members.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}
