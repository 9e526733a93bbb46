//! Business identifiers, checked by their published algorithms. A wrong one is kept and marked, or refuses its
//! resource when the import is strict.

use serde::Serialize;
use serde_json::Value;
use shared_types::identifiers::{Abn, AhpraNumber, HpiI, HpiO, InvalidIdentifier, MedicareProviderNumber};

use super::{
    Refusal, Warning,
    json::{elements, text},
};

pub(super) const ABN: &str = "http://hl7.org.au/id/abn";
pub(super) const AHPRA: &str = "http://hl7.org.au/id/ahpra-registration-number";
pub(super) const HPI_I: &str = "http://ns.electronichealth.net.au/id/hi/hpii/1.0";
pub(super) const HPI_O: &str = "http://ns.electronichealth.net.au/id/hi/hpio/1.0";
pub(super) const PROVIDER_NUMBER: &str = "http://ns.electronichealth.net.au/id/medicare-provider-number";
/// Lets its bearer prescribe and finds nobody, so it is not kept.
const PRESCRIBER_NUMBER: &str = "http://ns.electronichealth.net.au/id/medicare-prescriber-number";

/// An identifier as it will be kept. `verified` is true only when a published check exists and agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identifier {
    /// The namespace.
    pub system: String,
    /// In its kept form when it is well-formed, else as given.
    pub value: String,
    /// Whether its check agrees.
    pub verified: bool,
}

impl Identifier {
    /// What a reference by identifier calls its owner.
    pub(super) fn alias(&self) -> String {
        alias(&self.system, &self.value)
    }
}

/// The name of whoever has the identifier.
pub(super) fn alias(system: &str, value: &str) -> String {
    format!("{system}|{value}")
}

/// What a check says.
enum Verdict {
    Right { kept: String, doubt: Option<&'static str>, verified: bool },
    Wrong(InvalidIdentifier),
    NoCheckExists,
}

/// Reads `identifier` below `pointer` and adds what is new to `found`.
pub(super) fn collect(
    parent: &Value,
    pointer: &str,
    strict: bool,
    found: &mut Vec<Identifier>,
    warnings: &mut Vec<Warning>,
) -> Result<(), Refusal> {
    for (place, element) in elements(parent, pointer, "identifier") {
        let in_use = text(element, "use").is_none_or(|usage| usage != "old");
        let (Some(system), Some(value), true) = (text(element, "system"), text(element, "value"), in_use)
        else {
            continue;
        };
        if system == PRESCRIBER_NUMBER {
            continue;
        }
        let pointer = format!("{place}/value");
        let identifier = match verdict(&system, &value) {
            Verdict::Right { kept, doubt, verified } => {
                warnings.extend(doubt.map(|doubt| Warning::new(&pointer, doubt)));
                Identifier { system, value: kept, verified }
            }
            Verdict::Wrong(error) if strict => return Err(Refusal::new(pointer, error.to_string())),
            Verdict::Wrong(error) => {
                warnings.push(Warning::new(pointer, format!("{error}; kept, marked unverified")));
                Identifier { system, value, verified: false }
            }
            Verdict::NoCheckExists => Identifier { system, value, verified: false },
        };
        let known = |other: &Identifier| other.system == identifier.system && other.value == identifier.value;
        if !found.iter().any(known) {
            found.push(identifier);
        }
    }
    Ok(())
}

/// A value in the form in which it is kept, so that a reference by identifier finds it.
pub(super) fn kept_form(system: &str, value: String) -> String {
    match verdict(system, &value) {
        Verdict::Right { kept, .. } => kept,
        Verdict::Wrong(_) | Verdict::NoCheckExists => value,
    }
}

fn verdict(system: &str, value: &str) -> Verdict {
    match system {
        ABN => plain(value.parse::<Abn>()),
        HPI_I => plain(value.parse::<HpiI>()),
        HPI_O => plain(value.parse::<HpiO>()),
        PROVIDER_NUMBER => match value.parse::<MedicareProviderNumber>() {
            Ok(number) => {
                let doubt = "the place character of this provider number is 0, which not every source allows";
                let doubt = number.has_unusual_location().then_some(doubt);
                Verdict::Right { kept: number.to_string(), doubt, verified: true }
            }
            Err(error) => Verdict::Wrong(error),
        },
        AHPRA => match value.parse::<AhpraNumber>() {
            Ok(number) => {
                let verified = number.known_prefix();
                let doubt =
                    "the first three letters name no Ahpra board that we know; kept, marked unverified";
                let doubt = (!verified).then_some(doubt);
                Verdict::Right { kept: number.to_string(), doubt, verified }
            }
            Err(error) => Verdict::Wrong(error),
        },
        _ => Verdict::NoCheckExists,
    }
}

fn plain<T: ToString>(parsed: Result<T, InvalidIdentifier>) -> Verdict {
    match parsed {
        Ok(identifier) => Verdict::Right { kept: identifier.to_string(), doubt: None, verified: true },
        Err(error) => Verdict::Wrong(error),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ABN, AHPRA, HPI_I, HPI_O, PRESCRIBER_NUMBER, PROVIDER_NUMBER, collect};

    /// Value, kept form and verified flag, number of warnings.
    fn check(system: &str, value: &str, kept: &str, verified: bool, warned: usize) {
        let resource = json!({"identifier": [{"system": system, "value": value}]});
        let (mut found, mut warnings) = (Vec::new(), Vec::new());
        collect(&resource, "", false, &mut found, &mut warnings).unwrap();
        assert_eq!((found[0].value.as_str(), found[0].verified), (kept, verified), "{value}");
        assert_eq!(warnings.len(), warned, "{value}");
        assert!(warnings.iter().all(|warning| warning.pointer == "/identifier/0/value"));
    }

    #[test]
    fn identifiers_are_checked_by_their_system() {
        check(ABN, "51 824 753 556", "51824753556", true, 0);
        check(ABN, "51 824 753 557", "51 824 753 557", false, 1);
        check(HPI_I, "8003619900015717", "8003619900015717", true, 0);
        check(HPI_I, "8003621566684455", "8003621566684455", false, 1);
        check(HPI_O, "8003621566684455", "8003621566684455", true, 0);
        check(PROVIDER_NUMBER, "2447781l", "2447781L", true, 0);
        check(PROVIDER_NUMBER, "2447781K", "2447781K", false, 1);
        check(AHPRA, "MED0000932846", "MED0000932846", true, 0);
        check(AHPRA, "HAC0000000369", "HAC0000000369", false, 1);
        check(AHPRA, "HAC00000000207", "HAC00000000207", false, 1);
        check("http://example.net/units", "rdu", "rdu", false, 0);
    }

    #[test]
    fn a_strict_import_refuses_a_wrong_one_and_not_a_strange_one() {
        for (system, value, refused) in
            [(ABN, "12345678901", true), (AHPRA, "HAC0000000369", false), (AHPRA, "HAC00000000207", true)]
        {
            let resource = json!({"identifier": [{"system": system, "value": value}]});
            let result = collect(&resource, "/qualification/1", true, &mut Vec::new(), &mut Vec::new());
            assert_eq!(result.is_err(), refused, "{value}");
            if let Err(refusal) = result {
                assert_eq!(refusal.pointer, "/qualification/1/identifier/0/value");
            }
        }
    }

    #[test]
    fn prescriber_numbers_old_and_empty_ones_are_not_kept_and_twins_are_kept_once() {
        let resource = json!({"identifier": [
            {"system": PRESCRIBER_NUMBER, "value": "8002064"},
            {"system": ABN, "value": "51824753556", "use": "old"},
            {"system": ABN},
            {"value": "7"},
            {"system": HPI_O, "value": "8003621566684455"},
            {"system": HPI_O, "value": "8003 6215 6668 4455"},
        ]});
        let mut found = Vec::new();
        collect(&resource, "", false, &mut found, &mut Vec::new()).unwrap();
        assert_eq!(found.len(), 1);
    }
}
