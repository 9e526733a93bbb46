//! An icon from our sprite. Never the only name of anything: a word stands beside it, or hidden text.

use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct IconProps {
    /// The symbol's id in `icons.svg`.
    pub name: AttrValue,
    /// Further classes, such as `icon--l`.
    #[prop_or_default]
    pub class: Classes,
}

/// `<svg class="icon">` showing one symbol.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let href = format!("/assets/icons.svg#{}", props.name);
    html! { <svg class={classes!("icon", props.class.clone())} aria-hidden="true"><use href={href} /></svg> }
}

/// The icon of a profession, as the provider types name them; other slugs get the general one. The catalogue
/// grows in data, so this is a hint from the slug where a reply carries no icon.
pub fn profession_icon(slug: Option<&str>) -> &'static str {
    const BY_PART: &[(&str, &str)] = &[
        ("dent", "dental"),
        ("oral", "dental"),
        ("psych", "mind"),
        ("counsel", "mind"),
        ("physio", "body"),
        ("chiro", "body"),
        ("osteo", "body"),
        ("exercise", "body"),
        ("massage", "body"),
        ("occupational", "body"),
        ("optom", "eye"),
        ("ophthal", "eye"),
        ("orthopt", "eye"),
        ("audio", "ear"),
        ("podiat", "feet"),
        ("midwi", "baby"),
        ("paediat", "baby"),
        ("obstet", "baby"),
        ("nurse", "nurse"),
        ("speech", "speech"),
        ("diet", "food"),
        ("nutrition", "food"),
        ("cardio", "heart"),
        ("dermat", "skin"),
        ("radio", "imaging"),
        ("imaging", "imaging"),
        ("sonogr", "imaging"),
        ("pharma", "pharmacy"),
        ("social", "community"),
        ("aboriginal", "community"),
    ];
    let Some(slug) = slug else { return "medical" };
    BY_PART.iter().find(|(part, _)| slug.contains(part)).map_or("medical", |(_, icon)| icon)
}
