//! `/admin/payments`: a payment is found by its booking, by a receipt, by a name of the card processor's, or by a practice and a day.
//! What is looked for is sent in a body and stands in no address.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    BookingId, OrganizationId,
    page::Page,
    payments::platform::{FindPayments, FoundPayment},
};
use yew::prelude::*;

use super::{
    payment::payment_path,
    practice_choice::{Chosen, PracticeChoice},
    words::standing_words,
};
use crate::{
    api::{platform_money, use_api_client},
    browser,
    components::{field::Field, moment::Moment, select_field::SelectField},
    hooks::{use_act, use_head},
    pages::{account::Refused, hold::private_head, support::ForSupport},
};

const TITLE: &str = "Find a payment";
/// Where it is.
pub(super) const PATH: &str = "/admin/payments";
/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/object", "/number", "/day"];
const PRACTICE_ID: &str = "practice";
const WANTED_ID: &str = "wanted";

/// The page.
#[component]
pub fn PaymentsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Search /></ForSupport> }
}

/// By what a payment is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Booking,
    Receipt,
    Object,
    Day,
}

impl By {
    const ALL: [Self; 4] = [Self::Booking, Self::Receipt, Self::Object, Self::Day];

    fn code(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Receipt => "receipt",
            Self::Object => "object",
            Self::Day => "day",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Booking => "The booking’s number",
            Self::Receipt => "A practice and the number of a receipt",
            Self::Object => "A name of the card processor’s",
            Self::Day => "A practice and the day of the visit",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.code() == code)
    }

    fn needs_practice(self) -> bool {
        match self {
            Self::Receipt | Self::Day => true,
            Self::Booking | Self::Object => false,
        }
    }
}

/// What is wrong before anything is sent: whether it is the practice, and the words.
type Wrong = (bool, &'static str);

/// What is asked for, as it was written.
fn wanted(by: By, text: &str, practice: Option<OrganizationId>) -> Result<FindPayments, Wrong> {
    let text = text.trim();
    let practice = practice.ok_or((true, "Choose the practice first"));
    match by {
        By::Booking => {
            let booking_id = text.parse::<BookingId>();
            let booking_id = booking_id
                .map_err(|_| (false, "Give the booking’s number: five groups of letters and digits"))?;
            Ok(FindPayments::Booking { booking_id })
        }
        By::Receipt => {
            let organization_id = practice?;
            let number = text.parse::<i64>().ok().filter(|number| *number > 0);
            let number = number.ok_or((false, "Give the number that stands on the receipt"))?;
            Ok(FindPayments::Receipt { organization_id, number })
        }
        By::Object if text.is_empty() => Err((false, "Give the name, such as pi_… or ch_…")),
        By::Object => Ok(FindPayments::Object { object: text.to_owned() }),
        By::Day => {
            let organization_id = practice?;
            let day = text.parse::<Date>().map_err(|_| (false, "Give the day"))?;
            Ok(FindPayments::Day { organization_id, day, after: None })
        }
    }
}

/// The same from where a page ended.
fn from_there(asked: &FindPayments, next: &str) -> FindPayments {
    match asked {
        FindPayments::Day { organization_id, day, .. } => {
            FindPayments::Day { organization_id: *organization_id, day: *day, after: next.parse().ok() }
        }
        FindPayments::Booking { .. } | FindPayments::Receipt { .. } | FindPayments::Object { .. } => {
            asked.clone()
        }
    }
}

/// The form, and what was found.
#[component]
fn Search() -> Html {
    let (client, act) = (use_api_client(), use_act());
    let by = use_state_eq(|| By::Booking);
    let text = use_state_eq(String::new);
    let practice = use_state_eq(|| None::<Chosen>);
    let wrong = use_state_eq(|| None::<Wrong>);
    let found = use_state_eq(|| None::<(FindPayments, Rc<Page<FoundPayment>>)>);
    let look = {
        let (act, found) = (act.clone(), found.setter());
        Callback::from(move |wanted: FindPayments| {
            let (client, found, asked) = (client.clone(), found.clone(), wanted.clone());
            let send = move || {
                let (client, wanted) = (client.clone(), wanted.clone());
                async move { platform_money::search_platform_payments(&client, &wanted).await }
            };
            act.run(send, move |page: Page<FoundPayment>| found.set(Some((asked.clone(), Rc::new(page)))));
        })
    };
    let onsubmit = {
        let (by, text, practice) = (by.clone(), text.clone(), practice.clone());
        let (wrong, look) = (wrong.setter(), look.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let practice = practice.as_ref().map(|chosen| chosen.organization_id);
            match wanted(*by, &text, practice) {
                Ok(wanted) => {
                    wrong.set(None);
                    look.emit(wanted);
                }
                Err(error) => {
                    let (is_practice, _) = error;
                    browser::focus(if is_practice { PRACTICE_ID } else { WANTED_ID });
                    wrong.set(Some(error));
                }
            }
        }
    };
    let onchange = {
        let (by, text, wrong, found) = (by.setter(), text.setter(), wrong.setter(), found.setter());
        Callback::from(move |code: String| {
            by.set(By::from_code(&code).unwrap_or(By::Booking));
            text.set(String::new());
            wrong.set(None);
            found.set(None);
        })
    };
    let on_choose = {
        let (practice, wrong) = (practice.setter(), wrong.setter());
        Callback::from(move |chosen: Option<Chosen>| {
            practice.set(chosen);
            wrong.set(None);
        })
    };
    let on_more = found.as_ref().map(|(asked, _)| {
        let (look, asked) = (look.clone(), asked.clone());
        Callback::from(move |next: String| look.emit(from_there(&asked, &next)))
    });
    let error = |of_practice: bool| {
        let wrong = (*wrong).filter(|(is_practice, _)| *is_practice == of_practice);
        wrong.map(|(_, words)| AttrValue::Static(words))
    };
    let refused = BESIDE.iter().find_map(|pointer| act.error(pointer));
    let set_text = text.setter();
    let options = By::ALL.map(|by| (AttrValue::from(by.code()), AttrValue::from(by.words())));
    let (label, kind, hint) = match *by {
        By::Booking => ("The booking’s number", "text", "The last part of the address of its page."),
        By::Receipt => ("Number of the receipt", "text", "Each practice has its own numbers."),
        By::Object => ("The card processor’s name", "text", "Of a charge, a refund or a dispute."),
        By::Day => ("Day of the visit", "date", "At the place of the practice."),
    };
    html! {
        <div class="stack">
            <SelectField id="by" label="By what" options={options.to_vec()} value={by.code()} {onchange} />
            <div class="optional">
                if by.needs_practice() {
                    <PracticeChoice id={PRACTICE_ID} chosen={(*practice).clone()} error={error(true)} {on_choose} here={PATH} />
                }
            </div>
            <form class="stack" role="search" novalidate=true method="post" {onsubmit}>
                <Field id={WANTED_ID} {label} {kind} {hint} autocomplete="off" maxlength="255" value={(*text).clone()}
                    error={error(false).or(refused)} oninput={move |text| set_text.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>{ "Find" }</button>
                </div>
            </form>
            <Refused act={act.clone()} beside={BESIDE} />
            <div class="optional" role="status">
                if let Some((_, page)) = found.as_ref() {
                    <FoundList page={Rc::clone(page)} on_more={on_more.unwrap_or_default()} />
                }
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct FoundListProps {
    pub page: Rc<Page<FoundPayment>>,
    /// With the `next` of this page.
    pub on_more: Callback<String>,
}

/// What was found, each with the way to its page.
#[component]
pub fn FoundList(props: &FoundListProps) -> Html {
    let FoundListProps { page, on_more } = props;
    let further = page.next.clone().map(|next| {
        let onclick = on_more.reform(move |_: MouseEvent| next.clone());
        html! {
            <div class="button-row"><button type="button" class="button button--quiet" {onclick}>{ "More" }</button></div>
        }
    });
    html! {
        <section class="stack" aria-labelledby="found-title">
            <h2 id="found-title">{ "Found" }</h2>
            if page.items.is_empty() {
                <p>{ "No payment is known by that." }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            { for further }
        </section>
    }
}

fn row(one: &FoundPayment) -> Html {
    html! {
        <li key={one.payment_id.to_string()} class="card stack">
            <p>
                <a href={payment_path(one.payment_id)}>
                    <strong>{ format!("{}: {}", one.total_cents, standing_words(one.status)) }</strong>
                </a>
            </p>
            if let Some(at) = one.starts_at {
                <p>{ "Visit on " }<Moment {at} /></p>
            }
            if let Some(name) = &one.legal_name {
                <p class="small muted">{ name }</p>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{OrganizationId, payments::platform::FindPayments};

    use super::{By, from_there, wanted};

    fn practice() -> Option<OrganizationId> {
        "00000000-0000-0000-0000-0000000000b1".parse().ok()
    }

    #[test]
    fn what_was_written_is_read_or_said_to_be_wrong_beside_its_field() {
        let id = "01234567-89ab-7def-8123-456789abcdef";
        assert!(matches!(wanted(By::Booking, id, None), Ok(FindPayments::Booking { .. })));
        assert!(matches!(
            wanted(By::Receipt, " 12 ", practice()),
            Ok(FindPayments::Receipt { number: 12, .. })
        ));
        assert!(matches!(wanted(By::Object, "ch_1", None), Ok(FindPayments::Object { .. })));
        assert!(matches!(
            wanted(By::Day, "2026-11-20", practice()),
            Ok(FindPayments::Day { after: None, .. })
        ));
        for (by, text, practice, is_practice) in [
            (By::Booking, "12", None, false),
            (By::Receipt, "12", None, true),
            (By::Receipt, "0", practice(), false),
            (By::Object, " ", None, false),
            (By::Day, "2026-11-20", None, true),
            (By::Day, "yesterday", practice(), false),
        ] {
            let wrong = wanted(by, text, practice).map_err(|(is_practice, _)| is_practice);
            assert_eq!(wrong, Err(is_practice), "{by:?} {text}");
        }
    }

    #[test]
    fn a_day_goes_on_after_the_last_payment_of_a_page() {
        let id = "01234567-89ab-7def-8123-456789abcdef";
        let asked = wanted(By::Day, "2026-11-20", practice());
        let next = asked.map(|asked| from_there(&asked, id));
        assert!(matches!(next, Ok(FindPayments::Day { after: Some(_), .. })), "{next:?}");
    }
}
