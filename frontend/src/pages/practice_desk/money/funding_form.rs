//! The form that says who pays for an appointment type: a rule for each sort of patient.

use std::rc::Rc;

use shared_types::{
    AccountId, OrganizationId,
    payments::{
        funding::{Cohort, Funding, FundingMode, PutFunding},
        quote::{Collection, TaxCode},
    },
    problem::FieldError,
};
use yew::prelude::*;

use super::{item::Items, no_item::NoItemBox};
use crate::{
    api::{funding as funding_api, use_api_client},
    components::{
        field::Field,
        money_words::{cohort_words, collection_words, mode_words, tax_words},
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    forms::funding::{FundingForm, RuleRow},
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct FundingEditorProps {
    pub organization_id: OrganizationId,
    /// Who is looking.
    #[prop_or_default]
    pub me: Option<AccountId>,
    /// As it stands.
    pub funding: Rc<Funding>,
    pub on_saved: Callback<()>,
    /// Somebody else was quicker: theirs is wanted.
    pub on_again: Callback<()>,
    pub on_leave: Callback<()>,
}

/// The rules and their fields.
#[component]
pub fn FundingEditor(props: &FundingEditorProps) -> Html {
    let FundingEditorProps { organization_id, me, funding, on_saved, on_again, on_leave } = props;
    let (client, act) = (use_api_client(), use_act());
    let form = use_state_eq(|| FundingForm::of(&funding.rules));
    let no_item = use_state_eq(|| funding.no_item.is_some());
    let unread = use_state_eq(Vec::<FieldError>::new);
    let onsubmit = {
        let (act, form, unread, on_saved) = (act.clone(), form.clone(), unread.setter(), on_saved.clone());
        let (organization_id, of_type, version) =
            (*organization_id, funding.appointment_type_id, funding.version);
        let no_item = *no_item;
        move |event: SubmitEvent| {
            event.prevent_default();
            let rules = match form.read() {
                Ok(rules) => rules,
                Err(errors) => return unread.set(errors),
            };
            unread.set(Vec::new());
            let (client, on_saved, wanted) =
                (client.clone(), on_saved.clone(), PutFunding { rules, no_item, version });
            let send = move || {
                let (client, wanted) = (client.clone(), wanted.clone());
                async move { funding_api::put_funding(&client, organization_id, of_type, &wanted).await }
            };
            act.run(send, move |_: Funding| on_saved.emit(()));
        }
    };
    let refused = act.problem.as_ref().filter(|problem| problem.is("invalid"));
    let errors = if unread.is_empty() {
        refused.map(|problem| problem.errors.clone()).unwrap_or_default()
    } else {
        (*unread).clone()
    };
    let stale = act.problem.as_ref().is_some_and(|problem| problem.is("stale-version"));
    let row = |(nth, row): (usize, &RuleRow)| {
        let id = format!("rule-{}-{}", funding.appointment_type_id, row.id);
        let on_row = {
            let form = form.clone();
            Callback::from(move |row: RuleRow| form.set((*form).clone().with(row)))
        };
        let on_drop = {
            let (form, unread, act, dropped) = (form.clone(), unread.setter(), act.clone(), row.id);
            Callback::from(move |()| {
                form.set((*form).clone().without(dropped));
                // What was wrong names rules by their places, which are others now.
                unread.set(Vec::new());
                act.forget();
            })
        };
        html! {
            <Rule key={row.id.to_string()} {id} {nth} row={row.clone()} errors={errors.clone()} {on_row} {on_drop} />
        }
    };
    let no_item_error = errors.iter().find(|error| error.pointer == "/no_item");
    let no_item_error = no_item_error.map(|error| AttrValue::from(error.detail.clone()));
    let on_no_item = {
        let no_item = no_item.setter();
        Callback::from(move |ticked: bool| no_item.set(ticked))
    };
    let add = {
        let form = form.clone();
        move |_: MouseEvent| form.set((*form).clone().with_another())
    };
    html! {
        <>
            <form key="form" class="stack" novalidate=true method="post" {onsubmit}>
                if form.rows.is_empty() {
                    <p>{ "There is no rule: every patient pays the price of the appointment type at the practice." }</p>
                }
                <ul class="stack" role="list">{ for form.rows.iter().enumerate().map(row) }</ul>
                <NoItemBox id={format!("no-item-{}", funding.appointment_type_id)} ticked={*no_item} said={funding.no_item}
                    me={*me} error={no_item_error} on_tick={on_no_item} />
                <div class="button-row">
                    if form.next_cohort().is_some() {
                        <button type="button" class="button button--quiet" onclick={add}>
                            { if form.rows.is_empty() { "Add a rule" } else { "Add a rule for other patients" } }
                        </button>
                    }
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Saving…" } else { "Save" } }
                    </button>
                    <button type="button" class="button button--plain"
                        onclick={on_leave.reform(|_: MouseEvent| ())}>{ "Leave it" }</button>
                </div>
            </form>
            <div key="refused" class="optional">
                if !errors.is_empty() {
                    <Notice kind={NoticeKind::Danger} title="Nothing was saved yet" alert=true>
                        <p>{ "What is wrong stands beside its field." }</p>
                    </Notice>
                } else if stale {
                    <Notice kind={NoticeKind::Soon} title="Somebody else has changed it" alert=true>
                        <p>{ "Yours was not saved. Load it again to see theirs." }</p>
                        <div class="button-row">
                            <button type="button" class="button" onclick={on_again.reform(|_: MouseEvent| ())}>
                                { "Load again" }
                            </button>
                        </div>
                    </Notice>
                } else {
                    <Refused act={act.clone()} />
                }
            </div>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RuleProps {
    /// What the ids of its fields begin with.
    id: AttrValue,
    /// Where it stands among the rules.
    nth: usize,
    row: RuleRow,
    /// What is wrong with all of them.
    errors: Vec<FieldError>,
    on_row: Callback<RuleRow>,
    on_drop: Callback<()>,
}

/// For whom, who pays, and how much.
#[component]
fn Rule(props: &RuleProps) -> Html {
    let RuleProps { id, nth, row, errors, on_row, on_drop } = props;
    let id = |field: &str| format!("{id}-{field}");
    let error = |field: &str| {
        let pointer = format!("/rules/{nth}/{field}");
        let found = errors.iter().find(|error| error.pointer.starts_with(&pointer));
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let with = |change: fn(RuleRow, String) -> RuleRow| {
        let row = row.clone();
        on_row.reform(move |text: String| change(row.clone(), text))
    };
    let cohorts = Cohort::ALL.map(|one| option(one.code(), cohort_words(one))).to_vec();
    let modes = FundingMode::ALL.map(|one| option(one.code(), mode_words(one))).to_vec();
    let charges = row.mode != FundingMode::BulkBilled;
    html! {
        <li class="hours__row">
            <fieldset class="fieldset">
                <legend>{ cohort_words(row.cohort) }</legend>
                <SelectField id={id("cohort")} label="For whom" options={cohorts} value={row.cohort.code()}
                    hint="The narrowest rule that fits a patient decides." error={error("cohort")}
                    onchange={with(|row, code| {
                        let cohort = Cohort::from_code(&code).unwrap_or(row.cohort);
                        RuleRow { cohort, ..row }
                    })} />
                <SelectField id={id("mode")} label="Who pays" options={modes} value={row.mode.code()}
                    error={error("mode")} onchange={with(|row, code| {
                        let mode = FundingMode::from_code(&code).unwrap_or(row.mode);
                        RuleRow { mode, ..row }
                    })} />
                <Field id={id("items")} label="Items" inputmode="numeric" autocomplete="off" optional={charges}
                    hint="Numbers of the Medicare Benefits Schedule that are usually claimed, with a space between them. \
                          Incentives are added by themselves."
                    value={row.items.clone()} error={error("item_numbers")}
                    oninput={with(|row, items| RuleRow { items, ..row })} />
                <Items text={row.items.clone()} />
                <div class="optional">
                    if charges {
                        <Charges id={id("charges")} nth={*nth} row={row.clone()} errors={errors.clone()}
                            on_row={on_row.clone()} />
                    } else {
                        <p>{ "The patient pays nothing: no fee, no deposit, and nothing for cancelling late or not coming." }</p>
                    }
                </div>
                <div class="button-row">
                    <button type="button" class="button button--plain" onclick={on_drop.reform(|_: MouseEvent| ())}>
                        { "Remove this rule" }
                        <span class="visually-hidden">{ format!(": {}", cohort_words(row.cohort)) }</span>
                    </button>
                </div>
            </fieldset>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChargesProps {
    /// What the ids of its fields begin with.
    id: AttrValue,
    nth: usize,
    row: RuleRow,
    errors: Vec<FieldError>,
    on_row: Callback<RuleRow>,
}

/// What is charged and how, where something is.
#[component]
fn Charges(props: &ChargesProps) -> Html {
    let ChargesProps { id, nth, row, errors, on_row } = props;
    let id = |field: &str| format!("{id}-{field}");
    let error = |field: &str| {
        let pointer = format!("/rules/{nth}/{field}");
        let found = errors.iter().find(|error| error.pointer == pointer);
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let with = |change: fn(RuleRow, String) -> RuleRow| {
        let row = row.clone();
        on_row.reform(move |text: String| change(row.clone(), text))
    };
    let collections = Collection::ALL.map(|one| option(one.code(), collection_words(one))).to_vec();
    let taxes = TaxCode::ALL.map(|one| option(one.code(), tax_words(one))).to_vec();
    html! {
        <div class="stack">
            <Field id={id("fee")} label="Fee in dollars" inputmode="decimal" width="input--s"
                hint="The whole price, GST included where there is GST." value={row.fee.clone()}
                error={error("fee_cents")} oninput={with(|row, fee| RuleRow { fee, ..row })} />
            <SelectField id={id("tax")} label="GST" options={taxes} value={row.tax_code.code()} error={error("tax_code")}
                onchange={with(|row, code| {
                    let tax_code = TaxCode::from_code(&code).unwrap_or(row.tax_code);
                    RuleRow { tax_code, ..row }
                })} />
            <SelectField id={id("collection")} label="How it is collected" options={collections}
                hint="By card works once card payments are set up; until then patients pay at the practice."
                value={row.collection.code()} error={error("collection")} onchange={with(|row, code| {
                    let collection = Collection::from_code(&code).unwrap_or(row.collection);
                    RuleRow { collection, ..row }
                })} />
            <div class="optional">
                if row.collection == Collection::Deposit {
                    <Field id={id("deposit")} label="Deposit in dollars" inputmode="decimal" width="input--s"
                        hint="Part of the fee." value={row.deposit.clone()} error={error("deposit_cents")}
                        oninput={with(|row, deposit| RuleRow { deposit, ..row })} />
                }
            </div>
            <Field id={id("no-show")} label="Fee for not coming, in dollars" inputmode="decimal" width="input--s"
                optional=true hint="At most the fee. What cancelling late costs is set with the hours."
                value={row.no_show_fee.clone()} error={error("no_show_fee_cents")}
                oninput={with(|row, no_show_fee| RuleRow { no_show_fee, ..row })} />
        </div>
    }
}

fn option(code: &'static str, words: &'static str) -> (AttrValue, AttrValue) {
    (AttrValue::Static(code), AttrValue::Static(words))
}
