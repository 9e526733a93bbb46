//! A document about money as a part of a page: the same as its file, in every letter that there is.

use std::rc::Rc;

use shared_types::{AudCents, payments::pay::Invoice, time};
use yew::prelude::*;

use super::money_words::invoice_words;

#[derive(Clone, PartialEq, Properties)]
pub struct InvoiceViewProps {
    pub invoice: Rc<Invoice>,
    /// Where its file is, for who is signed in.
    #[prop_or_default]
    pub file: Option<AttrValue>,
}

/// Who issued it to whom, its lines, its sum.
#[component]
pub fn InvoiceView(props: &InvoiceViewProps) -> Html {
    let InvoiceViewProps { invoice, file } = props;
    let title_id = format!("invoice-{}", invoice.invoice_id);
    let issuer = match &invoice.issuer_abn {
        Some(abn) => format!("{}, ABN {abn}", invoice.issuer_name),
        None => invoice.issuer_name.clone(),
    };
    let line = |(place, line): (usize, &shared_types::payments::pay::InvoiceLine)| {
        let day = line.service_date.map(|day| format!(", {}", time::long_date(day))).unwrap_or_default();
        let item = line.item_number.as_ref().map(|item| format!(", item {item}")).unwrap_or_default();
        html! {
            <tr key={place}>
                <th scope="row">{ format!("{}{day}{item}", line.text) }</th>
                <td>{ line.gst_cents.to_string() }</td>
                <td>{ line.amount_cents.to_string() }</td>
            </tr>
        }
    };
    html! {
        <article class="card stack" aria-labelledby={title_id.clone()}>
            <h3 id={title_id}>{ invoice_words(invoice) }</h3>
            <p>{ format!("{issuer}. Issued {}.", time::long_date(invoice.issued_on)) }</p>
            if let Some(number) = invoice.corrects {
                <p>{ format!("It corrects number {number}.") }</p>
            }
            if let Some(name) = &invoice.recipient_name {
                <p>{ format!("For {}.", name.expose()) }</p>
            }
            <table class="table table--stack">
                <thead>
                    <tr><th scope="col">{ "What for" }</th><th scope="col">{ "GST" }</th><th scope="col">{ "Amount" }</th></tr>
                </thead>
                <tbody>{ for invoice.lines.iter().enumerate().map(line) }</tbody>
            </table>
            <p><strong>{ format!("Total {}, GST included {}.", invoice.total_cents, invoice.gst_cents) }</strong></p>
            if invoice.rebate_cents > AudCents::ZERO {
                <p>{ format!("Medicare is expected to pay back {}.", invoice.rebate_cents) }</p>
            }
            if let Some(file) = file {
                <p><a href={file.clone()} download="invoice.pdf">{ "Download as a PDF" }</a></p>
            }
        </article>
    }
}
