//! One stored table of the page "What we see": a line that opens into its columns.

use yew::prelude::*;

use crate::seen::{SeenColumn, SeenTable};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SeenTableProps {
    pub table: SeenTable,
}

/// Closed, it says what is stored and how; opened, each column.
#[component]
pub fn SeenTableView(props: &SeenTableProps) -> Html {
    let table = &props.table;
    html! {
        <details class="seen">
            <summary>
                <span class="seen__title">{ table.title }</span>
                <span class="seen__classes">
                    { for table.classes().map(|class| html! {
                        <span key={class.code()} class="badge">{ class.words() }</span>
                    }) }
                </span>
            </summary>
            <p class="muted">{ "Kept: " }{ table.kept }{ "." }</p>
            <table class="table table--stack">
                <caption class="visually-hidden">{ table.title }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "What" }</th>
                        <th scope="col">{ "How" }</th>
                        <th scope="col">{ "Its name in our database" }</th>
                    </tr>
                </thead>
                <tbody>{ for table.columns.iter().map(column) }</tbody>
            </table>
        </details>
    }
}

fn column(column: &SeenColumn) -> Html {
    html! {
        <tr key={column.name}>
            <th scope="row">{ column.words }</th>
            <td data-label="How">{ column.class.words() }</td>
            <td data-label="Name"><code>{ column.name }</code></td>
        </tr>
    }
}
