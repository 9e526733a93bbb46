//! One entry of the log, in words.

use shared_types::vault::TrailVerdict;
use yew::prelude::*;

use crate::{
    components::{icon::Icon, moment::Moment},
    record::{
        Line,
        words::{Known, purpose, service_name, what, who},
    },
};

/// What a check mark is drawn as, and said as.
fn mark(verdict: Option<TrailVerdict>) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Some(TrailVerdict::InLog) => ("badge badge--success", "check", "Checked: in the log, unchanged"),
        Some(TrailVerdict::NotYet) => ("badge", "clock", "Too new to be checked"),
        Some(TrailVerdict::Contradicted) => ("badge badge--danger", "warning", "Not what the log has"),
        None => ("badge", "info", "Not checked"),
    }
}

/// The list's item.
pub fn entry_item(line: &Line<'_>, known: &Known) -> Html {
    let details = line.act().map(|act| &act.details);
    let (class, icon, said) = mark(line.verdict);
    let key = format!("{} {}", line.service, line.entry.logged.index);
    let by = details.map_or_else(|| "Not known any more".to_owned(), |details| who(details, known));
    let why = details.map(|details| purpose(details).to_owned());
    html! {
        <li class="log__entry" key={key}>
            <p><strong>{ by }</strong>{ ": " }{ what(line) }{ why.map(|why| format!(", {why}")) }</p>
            <p class="small muted"><Moment at={line.at} />{ format!(" · {}", service_name(line.service)) }</p>
            <p class={class}><Icon name={icon} />{ said }</p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use shared_types::vault::TrailVerdict;

    use super::mark;

    #[test]
    fn colour_never_says_a_verdict_alone() {
        let verdicts =
            [None, Some(TrailVerdict::InLog), Some(TrailVerdict::NotYet), Some(TrailVerdict::Contradicted)];
        let words: std::collections::BTreeSet<_> =
            verdicts.map(|verdict| mark(verdict).2).into_iter().collect();
        assert_eq!(words.len(), verdicts.len());
    }
}
