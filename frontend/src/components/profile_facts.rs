//! Facts about a practitioner, each with where it comes from and when it was checked.

use jiff::civil::Date;
use shared_types::{
    Zone,
    providers::{Gender, Origin, ProviderProfile, Source},
    time::long_date,
};
use yew::prelude::*;

use super::{
    facts::language_name,
    notice::{Notice, NoticeKind},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProfileFactsProps {
    pub profile: ProviderProfile,
}

/// The list; what nobody told us is left out.
#[component]
pub fn ProfileFacts(props: &ProfileFactsProps) -> Html {
    let profile = &props.profile;
    let zone = profile.summary.location.as_ref().map_or(Zone::SYDNEY, |location| location.time_zone);
    let source = source_words(profile.source.clone(), zone.date(profile.as_of));
    html! {
        <dl class="pairs pairs--ruled">
            { for fact_rows(profile).into_iter().map(|(term, words)| html! {
                <key={term}><dt>{ term }</dt><dd>{ words }{ " " }<span class="pair__note">{ &source }</span></dd></>
            }) }
        </dl>
    }
}

fn fact_rows(profile: &ProviderProfile) -> Vec<(&'static str, Html)> {
    let facts = &profile.summary.facts;
    let mut rows = Vec::new();
    if let Some(regulation) = profile.regulation {
        let number = profile.ahpra_number.as_ref().map(|number| format!(" {number}"));
        rows.push((
            "Registration",
            html! { <><span class="badge">{ regulation.words() }</span><span class="num">{ number }</span></> },
        ));
    }
    let languages: Vec<_> = facts.languages.iter().map(|tag| language_name(tag)).collect();
    if !languages.is_empty() {
        rows.push(("Languages", html! { languages.join(", ") }));
    }
    for (is_so, term, words) in [
        (facts.new_patients, "New patients", "Welcome"),
        (
            facts.bulk_billing,
            "Bulk billing",
            "For at least some appointments: no out-of-pocket cost for those",
        ),
        (facts.telehealth, "Telehealth", "By video or phone"),
        (facts.home_visit, "Home visits", "Within the area the practice covers"),
        (facts.wheelchair, "Access", "Step-free for wheelchairs"),
    ] {
        if is_so {
            rows.push((term, html! { words }));
        }
    }
    match facts.gender {
        Some(Gender::Female) => rows.push(("Gender", html! { "Woman" })),
        Some(Gender::Male) => rows.push(("Gender", html! { "Man" })),
        Some(Gender::Other) => rows.push(("Gender", html! { "Another gender" })),
        None => {}
    }
    rows
}

/// `Told us by the practice, checked today`.
pub fn source_words(source: Source, today: Date) -> String {
    let from = match source.origin {
        Origin::Demo => "Invented for demonstration",
        Origin::Directory => "From a national directory",
        Origin::Practice => "Told us by the practice",
    };
    let checked = if source.checked_on == today { "today".to_owned() } else { long_date(source.checked_on) };
    format!("{from}, checked {checked}")
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DemoNoticeProps {
    pub source: Source,
}

/// Says plainly that a listing is invented; nothing for real ones.
#[component]
pub fn DemoNotice(props: &DemoNoticeProps) -> Html {
    match props.source.origin {
        Origin::Demo => html! {
            <Notice kind={NoticeKind::Soon} title="This listing is invented">
                <p>
                    { "It was made up for demonstration. No such person or practice exists, and a booking " }
                    { "reaches nobody." }
                </p>
            </Notice>
        },
        Origin::Directory | Origin::Practice => Html::default(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::providers::{Origin, Source};

    use super::source_words;

    #[test]
    fn a_source_says_when_it_was_checked() {
        let source = Source { origin: Origin::Practice, checked_on: date(2026, 11, 3) };
        assert_eq!(source_words(source.clone(), date(2026, 11, 3)), "Told us by the practice, checked today");
        let words = source_words(source, date(2026, 11, 22));
        assert_eq!(words, "Told us by the practice, checked Tuesday 3 November 2026");
    }
}
