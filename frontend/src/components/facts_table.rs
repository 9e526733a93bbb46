//! A plain table of words, for pages that explain.

use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WordTableProps {
    pub caption: AttrValue,
    pub columns: &'static [&'static str],
    /// Each as long as the columns; the first cell heads the row.
    pub rows: &'static [&'static [&'static str]],
}

/// The table; on a phone each row becomes a block.
#[component]
pub fn WordTable(props: &WordTableProps) -> Html {
    html! {
        <table class="table table--stack">
            <caption>{ &props.caption }</caption>
            <thead>
                <tr>
                    { for props.columns.iter().map(|name| html! { <th key={*name} scope="col">{ *name }</th> }) }
                </tr>
            </thead>
            <tbody>{ for props.rows.iter().map(|row| word_row(row, props.columns)) }</tbody>
        </table>
    }
}

fn word_row(row: &[&'static str], columns: &[&'static str]) -> Html {
    let first = row.first().copied().unwrap_or_default();
    html! {
        <tr key={first}>
            <th scope="row">{ first }</th>
            { for columns.iter().zip(row).skip(1).map(|(column, words)| html! {
                <td key={*column} data-label={*column}>{ *words }</td>
            }) }
        </tr>
    }
}
