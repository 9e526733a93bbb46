//! Reads the rule file, makes claims that keep it and mutants that break one rule of it.

use std::collections::BTreeMap;

use jiff::{
    ToSpan as _,
    civil::{Date, date},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub const TODAY: Date = date(2026, 11, 26);

/// A line of the file.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    pub field: String,
    pub types: String,
    pub test: String,
    pub argument: String,
    pub code: String,
    pub source: String,
}

pub fn rules() -> Vec<Rule> {
    let text = include_str!("../../../payments/data/claim_rules.csv");
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
}

/// The rules of each field, for one sort of claim.
fn by_field(letter: char) -> BTreeMap<String, Vec<Rule>> {
    let mut fields: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
    for rule in rules().into_iter().filter(|rule| rule.types.contains(letter)) {
        fields.entry(rule.field.clone()).or_default().push(rule);
    }
    fields
}

/// A claim that keeps every rule, with so many visits of so many services; `left_out` says which of the fields that nothing needs
/// are not there.
pub fn claim(letter: char, events: usize, services: usize, left_out: u64) -> Value {
    let fields = by_field(letter);
    let has = |test: &str, of: &[Rule]| of.iter().any(|rule| rule.test == test);
    let mut message = json!({});
    let mut optional = 0;
    for (field, of) in &fields {
        let is_needed = of.iter().any(|rule| matches!(rule.test.as_str(), "required" | "count"));
        optional += u32::from(!is_needed);
        let is_left_out = !is_needed && (left_out >> (optional % 64)) & 1 == 1;
        if has("forbidden", of) || field.ends_with("[]") || is_left_out {
            continue;
        }
        let value = |at: usize| value(of, letter, at);
        put(&mut message, field, &value, events, services);
    }
    message
}

/// A value that keeps a field's rules, for the item of its list at a place.
fn value(of: &[Rule], letter: char, at: usize) -> Option<Value> {
    let argument = |test: &str| of.iter().find(|rule| rule.test == test).map(|rule| rule.argument.as_str());
    let has = |test: &str| argument(test).is_some();
    if has("count") || has("closed") {
        return None;
    }
    if of.iter().all(|rule| rule.test == "required") && !is_name(&of[0].field) {
        return None;
    }
    Some(Value::String(if let Some(width) = argument("numbered") {
        let width: usize = width.parse().unwrap();
        format!("{:0width$}", at + 1)
    } else if let Some(list) = argument("one_of") {
        let is_type = of[0].field == "claim.serviceTypeCode";
        if is_type { letter.to_string() } else { list.split('|').next().unwrap().to_owned() }
    } else if has("date") {
        TODAY.to_string()
    } else if has("instant") {
        format!("{TODAY}T10:00:00+11:00")
    } else if has("time") {
        "10:00:00".to_owned()
    } else if has("medicare_number") {
        "2123456701".to_owned()
    } else if has("provider_number") {
        "2447781L".to_owned()
    } else if has("once") {
        (10_000 + at).to_string()
    } else if let Some(range) = argument("length") {
        let (least, _) = bounds(range);
        if has("digits") { "1".repeat(least) } else { "Y".repeat(least) }
    } else {
        "Example".to_owned()
    }))
}

/// Fields that are text and of which nothing more is known.
fn is_name(field: &str) -> bool {
    field.ends_with("Name")
}

fn bounds(range: &str) -> (usize, usize) {
    let (least, most) = range.split_once("..").unwrap();
    (least.parse().unwrap(), most.parse().unwrap())
}

/// Puts a value at a path; lists are as long as told, and a field without a value is an object or a list.
fn put(
    message: &mut Value,
    field: &str,
    value: &dyn Fn(usize) -> Option<Value>,
    events: usize,
    services: usize,
) {
    let names: Vec<&str> = field.split('.').collect();
    put_at(message, &names, value, (events, services), 0);
}

fn put_at(
    at: &mut Value,
    names: &[&str],
    value: &dyn Fn(usize) -> Option<Value>,
    lengths: (usize, usize),
    place: usize,
) {
    let (name, rest) = names.split_first().unwrap();
    let object = at.as_object_mut().unwrap();
    if let Some(list) = name.strip_suffix("[]") {
        let length = if list == "medicalEvent" { lengths.0 } else { lengths.1 };
        let items = object.entry(list).or_insert_with(|| Value::Array(vec![json!({}); length]));
        for (place, item) in items.as_array_mut().unwrap().iter_mut().enumerate() {
            put_at(item, rest, value, lengths, place);
        }
    } else if rest.is_empty() {
        let is_list = matches!(*name, "medicalEvent" | "service");
        let length = if *name == "medicalEvent" { lengths.0 } else { lengths.1 };
        let empty = if is_list { Value::Array(vec![json!({}); length]) } else { json!({}) };
        let given = value(place);
        // What is put into an object later stays in it.
        object.entry(*name).or_insert_with(|| given.unwrap_or(empty));
    } else {
        let inner = object.entry(*name).or_insert_with(|| Value::Object(Map::new()));
        put_at(inner, rest, value, lengths, place);
    }
}

/// Claims that break this rule and no other.
pub fn mutants(rule: &Rule, letter: char) -> Vec<Value> {
    let whole = claim(letter, 2, 2, 0);
    let with = |value: Value| {
        let mut mutant = whole.clone();
        set(&mut mutant, &rule.field, Some(value));
        mutant
    };
    let text = |value: &str| with(Value::String(value.to_owned()));
    let days = |days: i64| with(Value::String((TODAY + days.days()).to_string()));
    match rule.test.as_str() {
        "required" => {
            let mut mutant = whole.clone();
            set(&mut mutant, &rule.field, None);
            vec![mutant]
        }
        "closed" => {
            let mut mutant = whole.clone();
            set(&mut mutant, &format!("{}.note", rule.field), Some(json!("more")));
            vec![mutant]
        }
        "length" => {
            let (least, most) = bounds(&rule.argument);
            [least - 1, most + 1].into_iter().map(|length| text(&"1".repeat(length))).collect()
        }
        "digits" => {
            let length = get(&whole, &rule.field).as_str().unwrap().len();
            vec![text(&"x".repeat(length))]
        }
        "one_of" => vec![text("?"), text("")],
        "date" => vec![text("2026-02-30"), text("26.11.2026")],
        "instant" => vec![text("2026-11-26T10:00:00"), text("yesterday")],
        "time" => vec![text("25:00:00"), text("10")],
        "medicare_number" => {
            vec![text("2123456711"), text("1123456791"), text("2123456700"), text("212345670")]
        }
        "provider_number" => vec![text("2447781K"), text("244778OL"), text("244778L")],
        "count" => {
            let (_, most) = bounds(&rule.argument);
            let is_events = rule.field.ends_with("medicalEvent");
            let many = if is_events { claim(letter, most + 1, 1, 0) } else { claim(letter, 1, most + 1, 0) };
            vec![with(json!([])), many]
        }
        "numbered" => vec![text("7"), text(&"9".repeat(rule.argument.parse().unwrap()))],
        "not_after_today" => vec![days(1)],
        "lodged_in_time" => vec![text(&(TODAY - 1.year() - 1.day()).to_string())],
        "forbidden" => vec![with(if rule.field.ends_with("Code") { json!("N") } else { json!({}) })],
        "any_of" => {
            let mut mutant = whole.clone();
            for name in rule.argument.split('|') {
                set(&mut mutant, &format!("{}.{name}", rule.field), None);
            }
            vec![mutant]
        }
        "once" => {
            let mut mutant = whole.clone();
            for service in 0..2_usize {
                let service = &mut mutant["claim"]["medicalEvent"][0]["service"][service];
                service["itemNumber"] = json!("23");
                service.as_object_mut().unwrap().remove(&rule.argument);
            }
            vec![mutant]
        }
        other => panic!("no mutant is known for {other}"),
    }
}

/// Sets or removes a field: of each visit where it is the visit's, of the last service where it is a service's.
fn set(message: &mut Value, field: &str, value: Option<Value>) {
    let names: Vec<&str> = field.split('.').collect();
    set_at(message, &names, value);
}

fn set_at(at: &mut Value, names: &[&str], value: Option<Value>) {
    let (name, rest) = names.split_first().unwrap();
    let Some(object) = at.as_object_mut() else { return };
    if let Some(list) = name.strip_suffix("[]") {
        let Some(items) = object.get_mut(list).and_then(Value::as_array_mut) else { return };
        for item in items {
            if rest.is_empty() {
                *item = value.clone().unwrap_or(Value::Null);
            } else {
                set_at(item, rest, value.clone());
            }
        }
    } else if rest.is_empty() {
        match value {
            Some(value) => object.insert((*name).to_owned(), value),
            None => object.remove(*name),
        };
    } else if let Some(inner) = object.get_mut(*name) {
        set_at(inner, rest, value);
    }
}

fn get<'a>(message: &'a Value, field: &str) -> &'a Value {
    field.split('.').fold(message, |at, name| match name.strip_suffix("[]") {
        Some(list) => &at[list][0],
        None => &at[name],
    })
}
