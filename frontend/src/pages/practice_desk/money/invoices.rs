//! `/practice/{organization_id}/money/invoices`: what the practice issued, and what the platform issued to it.

use std::rc::Rc;

use shared_types::{
    page::Page,
    payments::{pay::Invoice, practice::MONEY_STAFF},
};
use yew::prelude::*;

use super::{MoneyPageProps, money_pages, turning};
use crate::{
    api::practice_money,
    components::{failed::Failed, invoice_view::InvoiceView},
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Invoices";
const REST: &str = "/money/invoices";

/// The page.
#[component]
pub fn InvoicesPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Invoices {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

#[component]
fn Invoices(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = practice_money::list_practice_invoices(organization_id, cursor.as_deref());
    let page = match use_private_api::<Page<Invoice>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> };
        }
        Some(Ok(page)) => page,
    };
    let one = |invoice: &Invoice| {
        let file = practice_money::print_practice_invoice(organization_id, invoice.invoice_id);
        html! { <InvoiceView key={invoice.invoice_id.to_string()} invoice={Rc::new(invoice.clone())} {file} /> }
    };
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            <p>{ "They are issued by themselves when money is taken or goes back. Numbers have no gaps." }</p>
            <section class="stack" aria-label="Documents">
                <h2>{ "Documents" }</h2>
                if page.items.is_empty() {
                    <p>{ "There are none yet." }</p>
                }
                { for page.items.iter().map(one) }
            </section>
            { turning(&cursor, page.next.as_ref()) }
        </div>
    }
}
