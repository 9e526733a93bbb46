//! The colours of `styles/tokens.css` against each other: Web Content Accessibility Guidelines 2.2, 1.4.3 (text) and
//! 1.4.11 (what one must see to use a thing), <https://www.w3.org/TR/WCAG22/>, read 2026-11-23.
//!
//! Each colour on each ground that the styles put it on, in every theme, and every colour in some pair: a new token is
//! either paired here or said to be mere decoration.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};

const TOKENS: &str = include_str!("../styles/tokens.css");

/// What words need beside their ground.
const TEXT: f64 = 4.5;
/// What edges, marks and rings need beside what is next to them; large words as well.
const MARK: f64 = 3.0;

/// Words lie on the page, on cards, in the footer, in chosen things, and in notices.
const GROUNDS: &[&str] =
    &["ground", "surface", "sunken", "action-soft", "soon-soft", "success-soft", "danger-soft"];

/// How much, which colour, on which grounds, and where that is.
const PAIRS: &[(f64, &str, &[&str], &str)] = &[
    (TEXT, "text", GROUNDS, "words anywhere"),
    (TEXT, "text-muted", GROUNDS, "hints, dates, counts in chips, what is disabled"),
    (TEXT, "action", GROUNDS, "links anywhere, a quiet button, a time to take, icons"),
    (TEXT, "action-hover", GROUNDS, "links and quiet buttons under the pointer, a chosen chip"),
    (
        TEXT,
        "on-action",
        &["action", "action-hover"],
        "buttons, a chosen time, the pin one looks at, clusters",
    ),
    (TEXT, "soon", &["soon-soft"], "the badge and the pin of a near time"),
    (TEXT, "success", &["success-soft"], "the badge and the tick of what is done"),
    (TEXT, "danger", &["ground", "surface", "danger-soft"], "what is wrong with a field, the list of errors"),
    (TEXT, "on-danger", &["danger", "danger-hover"], "the button that cancels"),
    (TEXT, "ground", &["text"], "a toast"),
    (TEXT, "map-label", &["map-land", "map-sea", "map-halo"], "names of towns"),
    (
        MARK,
        "line-strong",
        &["ground", "surface", "sunken", "action-soft"],
        "edges of fields, chips and choices",
    ),
    (MARK, "line-strong", &["map-land", "map-sea"], "the edge of a pin without times"),
    (MARK, "focus", GROUNDS, "the ring around what has the focus"),
    (MARK, "focus", &["focus-gap", "map-land", "map-sea"], "the ring beside its gap, and on the map"),
    (MARK, "focus-gap", &["action", "danger"], "the gap between the ring and a filled button"),
    (MARK, "success", &["ground"], "the edge of a notice"),
    (MARK, "action", &["map-land", "map-sea"], "pins, clusters, where one is"),
    (MARK, "surface", &["action"], "the edge of a cluster"),
    (MARK, "soon", &["map-land", "map-sea"], "the edge of a pin with a near time"),
    (MARK, "map-area", &["map-land", "map-sea"], "the circle that was searched"),
];

/// Colours that carry nothing one must see, and why.
const DECORATION: &[(&str, &str)] = &[
    ("line", "hairlines between things that space sets apart already"),
    ("soon-line", "the edge of a notice that its icon, its words and its ground make known"),
    ("map-coast", "land is known by its own colour; every place on the map is in the list"),
    ("map-state", "borders of states are orientation only"),
    ("scrim", "half transparent over a page that is out of reach meanwhile"),
];

#[test]
fn every_colour_stands_out_from_the_grounds_it_is_used_on() {
    let mut pale = Vec::new();
    for (theme, tokens) in themes() {
        for (least, colour, grounds, place) in PAIRS {
            for ground in *grounds {
                let contrast = contrast(rgb(&tokens, colour), rgb(&tokens, ground));
                if contrast < *least {
                    pale.push(format!(
                        "{theme}: {colour} on {ground} is {contrast:.2}, needs {least} ({place})"
                    ));
                }
            }
        }
    }
    assert!(pale.is_empty(), "{}", pale.join("\n"));
}

#[test]
fn every_colour_is_paired_or_said_to_be_decoration() {
    let (_, light) = themes().swap_remove(0);
    let colours: BTreeSet<&str> = light
        .iter()
        .filter(|(_, value)| value.starts_with('#') || value.starts_with("rgb("))
        .map(|(name, _)| name.as_str())
        .collect();
    let paired = PAIRS.iter().flat_map(|(_, colour, grounds, _)| grounds.iter().copied().chain([*colour]));
    let named: BTreeSet<&str> = paired.chain(DECORATION.iter().map(|(name, _)| *name)).collect();
    assert_eq!(colours, named);
}

#[test]
fn people_who_ask_for_more_contrast_get_it_in_the_dark_as_well() {
    for (theme, tokens) in themes().into_iter().filter(|(theme, _)| theme.ends_with("more contrast")) {
        for quiet in ["text-muted", "line-strong", "line"] {
            assert_eq!(rgb(&tokens, quiet), rgb(&tokens, "text"), "{theme}: {quiet}");
        }
    }
}

#[test]
fn the_two_ways_into_the_dark_lead_to_the_same_colours() {
    let rules = rules();
    let dark: Vec<_> = rules.iter().filter(|rule| rule.tokens.contains_key("ground")).skip(1).collect();
    let [by_system, by_choice] = dark.as_slice() else { panic!("two dark themes, not {}", dark.len()) };
    assert_eq!(by_system.tokens, by_choice.tokens);
}

/// Names and values, without their dashes.
type Tokens = BTreeMap<String, String>;

/// The tokens as somebody sees them: light and dark, as they are and with more contrast.
fn themes() -> Vec<(String, Tokens)> {
    let rules = rules();
    let with = |media: &[&str]| {
        let applying = rules.iter().filter(|rule| media.contains(&rule.media.as_str()));
        applying.flat_map(|rule| rule.tokens.clone()).collect::<Tokens>()
    };
    let dark = "@media screen and (prefers-color-scheme: dark)";
    let more = "@media (prefers-contrast: more)";
    vec![
        ("light".to_owned(), with(&[""])),
        ("dark".to_owned(), with(&["", dark])),
        ("light with more contrast".to_owned(), with(&["", more])),
        ("dark with more contrast".to_owned(), with(&["", dark, more])),
    ]
}

/// A block of tokens and when it applies: the innermost `@media`, empty when always.
struct Rule {
    media: String,
    tokens: Tokens,
}

/// Every block of tokens, in its order. The later one wins, since all selectors weigh the same: what narrows one stands
/// in `:where()`, which weighs nothing.
fn rules() -> Vec<Rule> {
    let css = without_comments(TOKENS);
    let (mut rules, mut around, mut rest) = (Vec::new(), Vec::new(), css.as_str());
    while let Some(at) = rest.find(['{', '}']) {
        let prelude = rest[..at].rsplit(';').next().unwrap_or_default().trim();
        let closes = rest[at..].starts_with('}');
        rest = &rest[at + 1..];
        if closes {
            around.pop();
            continue;
        }
        if prelude.starts_with(":root") {
            let plain = prelude == ":root" || prelude.starts_with(":root:where(");
            assert!(plain, "{prelude} weighs more than :root, so the blocks after it would lose");
            let media = around.iter().rfind(|outer: &&&str| outer.starts_with("@media"));
            let media = media.copied().unwrap_or_default().to_owned();
            rules.push(Rule { media, tokens: declarations(rest.split('}').next().unwrap_or_default()) });
        }
        around.push(prelude);
    }
    rules
}

fn declarations(block: &str) -> Tokens {
    let lines = block.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'));
    lines.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let first = parts.next().unwrap_or_default();
    let rest = parts.filter_map(|part| part.split_once("*/"));
    [first].into_iter().chain(rest.map(|(_, after)| after)).collect()
}

/// The colour of a token that is opaque, through the tokens it refers to.
fn rgb(tokens: &Tokens, name: &str) -> [u8; 3] {
    let value = &tokens[name];
    if let Some(other) = value.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')')) {
        return rgb(tokens, other);
    }
    let digits = value.strip_prefix('#').filter(|digits| digits.len() == 6);
    let digits = digits.unwrap_or_else(|| panic!("--{name}: {value} is no colour of six digits"));
    [0, 2, 4].map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
}

/// WCAG's contrast ratio, 1 to 21.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG's relative luminance, 0 to 1.
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[test]
fn contrast_is_computed_as_the_guidelines_say() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([255; 3], [0x77; 3]) - 4.48).abs() < 0.005);
}
