//! The fields that make a home visit of an appointment type: the way, and where the practice goes.

use shared_types::{problem::FieldError, providers::Place};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{
        field::{Field, FieldError as FieldErrorView},
        place_box::PlaceBox,
        select_field::SelectField,
        text_area::TextArea,
    },
    forms::{
        visit::localities,
        visit_area::{AreaBy, VisitAreaForm},
    },
    hooks::use_places,
};

/// The most letters of a polygon that are read.
const MOST_LETTERS: usize = 40_000;

#[derive(Clone, PartialEq, Properties)]
pub struct VisitAreaFieldsProps {
    /// Begins the ids of the fields.
    pub id: AttrValue,
    pub form: VisitAreaForm,
    pub errors: Vec<FieldError>,
    pub on_form: Callback<VisitAreaForm>,
}

/// A tick, and what follows from it.
#[component]
pub fn VisitAreaFields(props: &VisitAreaFieldsProps) -> Html {
    let VisitAreaFieldsProps { id, form, errors, on_form } = props;
    // Asked for nothing while no circle is drawn.
    let words = if form.on && form.by == AreaBy::Circle { form.around.clone() } else { String::new() };
    let places = localities(use_places(words));
    let error = |field: &str| {
        let pointer = format!("/home_visit{field}");
        errors
            .iter()
            .find(|error| error.pointer == pointer)
            .map(|error| AttrValue::from(error.detail.clone()))
    };
    let text = |change: fn(VisitAreaForm, String) -> VisitAreaForm| {
        let form = form.clone();
        on_form.reform(move |text: String| change(form.clone(), text))
    };
    let onchange = {
        let form = form.clone();
        on_form.reform(move |event: Event| {
            let on = event.target_unchecked_into::<HtmlInputElement>().checked();
            VisitAreaForm { on, ..form.clone() }
        })
    };
    let by = AreaBy::ALL.map(|by| (AttrValue::from(by.code()), AttrValue::from(by.words())));
    let area = match form.by {
        AreaBy::Postcodes => html! {
            <Field key="postcodes" id={format!("{id}-postcodes")} label="Postcodes" autocomplete="off"
                hint="With spaces or commas between, at most 200." value={form.postcodes.clone()}
                error={error("/area/postcodes")}
                oninput={text(|form, postcodes| VisitAreaForm { postcodes, ..form })} />
        },
        AreaBy::Circle => {
            let of = form.clone();
            let onpick = on_form.reform(move |place: Place| of.with_place(&place));
            let center = format!("{id}-center");
            let wrong = error("/area/center").or_else(|| error("/area/around"));
            html! {
                <div key="circle" class="stack">
                    <div class="field">
                        <label class="field__label" for={center.clone()}>{ "Around which suburb or town" }</label>
                        <PlaceBox id={center} value={form.around.clone()} placeholder="Type it and choose from the list"
                            wrong={wrong.is_some()} suggestions={places}
                            oninput={text(|form, words| form.with_words(words))} {onpick} />
                        <FieldErrorView id={format!("{id}-center-error")} error={wrong} />
                    </div>
                    <Field id={format!("{id}-kilometres")} label="How many kilometres" inputmode="numeric"
                        width="input--s" value={form.kilometres.clone()} error={error("/area/kilometres")}
                        oninput={text(|form, kilometres| VisitAreaForm { kilometres, ..form })} />
                </div>
            }
        }
        AreaBy::Polygon => html! {
            <TextArea key="polygon" id={format!("{id}-corners")} label="The area as GeoJSON" max={MOST_LETTERS}
                hint="One polygon without holes, of at most 500 corners. The middle of a suburb decides whether it is inside."
                value={form.geojson.clone()} error={error("/area/corners")}
                oninput={text(|form, geojson| VisitAreaForm { geojson, ..form })} />
        },
    };
    html! {
        <>
            <label key="on" class="check">
                <input type="checkbox" checked={form.on} {onchange} /><span>{ "At the patient’s home." }</span>
            </label>
            <div key="area" class="optional">
                <FieldErrorView id={format!("{id}-error")} error={error("")} />
                if form.on {
                    <div class="stack">
                        <Field id={format!("{id}-travel")} label="Minutes on the way" inputmode="numeric" width="input--s"
                            hint="Kept free before and after each visit, beside what is kept free anyway. We work out no route."
                            value={form.travel.clone()} error={error("/travel_minutes")}
                            oninput={text(|form, travel| VisitAreaForm { travel, ..form })} />
                        <SelectField id={format!("{id}-by")} label="Where you go" options={by.to_vec()}
                            value={form.by.code()} onchange={text(|form, code| VisitAreaForm {
                                by: AreaBy::from_code(&code).unwrap_or_default(), ..form
                            })} />
                        { area }
                    </div>
                }
            </div>
        </>
    }
}
