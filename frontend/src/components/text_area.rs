//! A labelled text of several lines, with its hint, its error and how much room is left.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::field::FieldError;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TextAreaProps {
    /// Also the text's name.
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    /// The most characters. More can be typed and is said to be too much: what is cut off silently is lost.
    pub max: usize,
    pub oninput: Callback<String>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
}

/// Label, hint, text, room, error.
#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let TextAreaProps { id, label, value, max, hint, error, optional, .. } = props;
    let oninput = props
        .oninput
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <div class="field">
            <label class="field__label" for={id.clone()}>
                { label }
                if *optional {
                    <span class="field__optional">{ " (optional)" }</span>
                }
            </label>
            <p class="field__hint" id={format!("{id}-hint")}>{ hint.clone().unwrap_or_default() }</p>
            <textarea class="textarea textarea--text" id={id.clone()} name={id.clone()} rows="5"
                value={value.to_string()} {oninput} required={!*optional}
                aria-invalid={error.as_ref().map(|_| "true")}
                aria-describedby={format!("{id}-hint {id}-room {id}-error")} />
            <p class="field__hint num" id={format!("{id}-room")}>{ room_words(value.chars().count(), *max) }</p>
            <FieldError id={format!("{id}-error")} error={error.clone()} />
        </div>
    }
}

/// `1,950 letters left`.
fn room_words(used: usize, max: usize) -> String {
    if used > max {
        format!("{} letters too many", grouped(used - max))
    } else {
        format!("{} letters left", grouped(max - used))
    }
}

fn grouped(number: usize) -> String {
    match (number / 1000, number % 1000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

#[cfg(test)]
mod tests {
    use super::room_words;

    #[test]
    fn room_is_counted_down_and_then_over() {
        for (used, words) in
            [(0, "2,000 letters left"), (1_995, "5 letters left"), (3_005, "1,005 letters too many")]
        {
            assert_eq!(room_words(used, 2_000), words);
        }
    }
}
