//! A guest is asked whether a text message may go where a letter does not arrive.

use frontend::{
    components::{
        party_check::{PartyCheck, PartyCheckProps},
        party_form::{PartyFormView, PartyFormViewProps},
    },
    forms::party::PartyForm,
};

use crate::parts::{check_props, form_props, html, in_order, typed};

#[tokio::test]
async fn a_text_message_is_offered_for_when_mail_does_not_arrive_and_not_agreed_to_beforehand() {
    let form = html::<PartyFormView>(|| form_props(typed())).await;
    in_order(
        &form,
        &["id=\"mobile\"", "type=\"checkbox\"", "id=\"text_me\"", "Text me if an e-mail does not arrive"],
    );
    assert!(!form.contains(" checked"), "{form}");
    let ticked = || PartyForm { text_me: true, ..typed() };
    let form = html::<PartyFormView>(move || form_props(ticked())).await;
    assert_eq!(form.matches(" checked").count(), 1, "{form}");
    let member = move || PartyFormViewProps { is_member: true, ..form_props(ticked()) };
    let form = html::<PartyFormView>(member).await;
    assert!(form.contains("id=\"mobile\"") && !form.contains("text_me"), "{form}");
    let says = "A text message comes here if an e-mail does not arrive";
    let check = html::<PartyCheck>(move || PartyCheckProps { form: ticked(), ..check_props(None) }).await;
    in_order(&check, &["<dt>Mobile</dt>", says]);
    let check = html::<PartyCheck>(|| check_props(None)).await;
    assert!(!check.contains(says), "{check}");
}
