//! The rules of a bulk-bill claim: members, lengths, lists, dates, check digits, what goes together, what comes twice. Each is
//! written here by hand; `backend/payments/data/claim_rules.csv` says the same with its sources, and a test makes every claim and
//! every mutant of that file meet this code.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::checks;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A code of the public lists, or one of the simulator's own, which begin with `S`.
    pub code: String,
    /// Where.
    pub reason: String,
}

impl Finding {
    /// A code and where.
    pub fn new(code: &str, reason: &str) -> Self {
        Self { code: code.to_owned(), reason: reason.to_owned() }
    }
}

/// The sort of claim, by the address that it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `O`.
    General,
    /// `S`.
    Specialist,
    /// `P`.
    Pathology,
}

impl Kind {
    /// Reads the last part of an address.
    pub fn from_path(name: &str) -> Option<Self> {
        match name {
            "general" => Some(Self::General),
            "specialist" => Some(Self::Specialist),
            "pathology" => Some(Self::Pathology),
            _ => None,
        }
    }

    fn letter(self) -> &'static str {
        match self {
            Self::General => "O",
            Self::Specialist => "S",
            Self::Pathology => "P",
        }
    }
}

type Object = Map<String, Value>;

/// Everything that is wrong with a message; nothing where it is taken.
pub fn check(message: &Value, kind: Kind, today: Date) -> Vec<Finding> {
    let mut rules = Rules { kind, today, found: Vec::new() };
    match message.get("claim").and_then(Value::as_object) {
        Some(claim) => rules.claim(claim),
        None => rules.note("S101", "claim"),
    }
    rules.found
}

struct Rules {
    kind: Kind,
    today: Date,
    found: Vec<Finding>,
}

impl Rules {
    fn claim(&mut self, claim: &Object) {
        const MEMBERS: &[&str] = &[
            "serviceTypeCode",
            "serviceProvider",
            "payeeProvider",
            "hospitalInd",
            "facilityId",
            "medicalEvent",
        ];
        self.closed(claim, MEMBERS);
        if let Some(code) = self.needed(claim, "serviceTypeCode") {
            self.require(code == self.kind.letter(), "S104", "serviceTypeCode");
        }
        if let Some(provider) = self.needed_object(claim, "serviceProvider") {
            self.provider(provider);
        }
        if let Some(payee) = claim.get("payeeProvider").and_then(Value::as_object) {
            self.provider(payee);
        }
        self.length(claim, "hospitalInd", 1..=1);
        self.length(claim, "facilityId", 8..=8);
        for event in self.numbered(claim, "medicalEvent", 80, 2) {
            self.event(event);
        }
    }

    fn event(&mut self, event: &Object) {
        const MEMBERS: &[&str] = &[
            "id",
            "authorisationDate",
            "createDateTime",
            "medicalEventDate",
            "medicalEventTime",
            "submissionAuthorityInd",
            "patient",
            "referral",
            "referralOverrideCode",
            "service",
        ];
        self.closed(event, MEMBERS);
        self.past_day(event, "authorisationDate");
        if let Some(day) = self.past_day(event, "medicalEventDate") {
            self.require(self.today <= checks::lodge_until(day), "111", "medicalEventDate");
        }
        if let Some(at) = self.needed(event, "createDateTime") {
            self.require(checks::is_instant(at), "S106", "createDateTime");
        }
        if let Some(time) = self.given(event, "medicalEventTime") {
            self.require(checks::is_time(time), "S114", "medicalEventTime");
        }
        if let Some(authority) = self.needed(event, "submissionAuthorityInd") {
            self.require(authority == "Y", "S104", "submissionAuthorityInd");
        }
        if let Some(patient) = self.needed_object(event, "patient") {
            self.patient(patient);
        }
        let services = self.numbered(event, "service", 14, 4);
        self.referral(event, &services);
        for (place, service) in services.iter().enumerate() {
            self.service(service, &services[..place]);
        }
    }

    fn patient(&mut self, patient: &Object) {
        self.closed(patient, &["identity", "medicare"]);
        if let Some(identity) = self.needed_object(patient, "identity") {
            self.closed(identity, &["familyName", "givenName", "dateOfBirth", "secondInitial", "sex"]);
            self.needed(identity, "familyName");
            self.needed(identity, "givenName");
            self.past_day(identity, "dateOfBirth");
            self.length(identity, "secondInitial", 1..=1);
            self.length(identity, "sex", 1..=1);
        }
        if let Some(medicare) = self.needed_object(patient, "medicare") {
            self.closed(medicare, &["memberNumber", "memberRefNumber"]);
            if let Some(number) = self.needed(medicare, "memberNumber") {
                self.require(checks::is_card_number(number), "S107", "memberNumber");
            }
            if let Some(reference) = self.needed(medicare, "memberRefNumber") {
                self.require(matches!(reference.as_bytes(), [b'1'..=b'9']), "S104", "memberRefNumber");
            }
        }
    }

    /// What goes together: a general claim has nothing of a referral, the others one, or a reason why not.
    fn referral(&mut self, event: &Object, services: &[&Object]) {
        let referral = event.get("referral").and_then(Value::as_object);
        let code = self.given(event, "referralOverrideCode");
        let is_self_deemed = services.iter().any(|service| service.contains_key("selfDeemedCode"));
        if self.kind == Kind::General {
            self.require(referral.is_none(), "S113", "referral");
            self.require(code.is_none(), "S113", "referralOverrideCode");
            return;
        }
        self.require(referral.is_some() || code.is_some() || is_self_deemed, "9628", "referral");
        let codes: &[&str] = match self.kind {
            Kind::General | Kind::Specialist => &["H", "L", "E", "N"],
            Kind::Pathology => &["N"],
        };
        self.require(code.is_none_or(|code| codes.contains(&code)), "S104", "referralOverrideCode");
        let Some(referral) = referral else { return };
        self.closed(referral, &["issueDate", "period", "periodCode", "provider", "typeCode"]);
        self.past_day(referral, "issueDate");
        self.length(referral, "period", 1..=2);
        self.digits(referral, "period");
        self.length(referral, "periodCode", 1..=1);
        if let Some(provider) = self.needed_object(referral, "provider") {
            self.provider(provider);
        }
        if let Some(code) = self.needed(referral, "typeCode") {
            let is_known = match self.kind {
                Kind::General | Kind::Specialist => matches!(code, "S" | "D"),
                Kind::Pathology => code == "P",
            };
            self.require(is_known, "S104", "typeCode");
        }
    }

    fn service(&mut self, service: &Object, before: &[&Object]) {
        const FLAGS: [&str; 5] = [
            "duplicateServiceOverrideInd",
            "multipleProcedureOverrideInd",
            "aftercareOverrideInd",
            "rule3ExemptInd",
            "s4b3ExemptInd",
        ];
        const NUMBERS: [(&str, usize, usize); 6] = [
            ("itemNumber", 1, 5),
            ("chargeAmount", 1, 9),
            ("fieldQuantity", 1, 2),
            ("numberOfPatientsSeen", 1, 2),
            ("timeDuration", 3, 3),
            ("lspNumber", 1, 6),
        ];
        const OTHERS: [&str; 7] = [
            "id",
            "selfDeemedCode",
            "restrictiveOverrideCode",
            "scpId",
            "collectionDateTime",
            "accessionDateTime",
            "text",
        ];
        let numbers = NUMBERS.map(|(name, _, _)| name);
        let members: Vec<&str> = FLAGS.iter().chain(&numbers).chain(&OTHERS).copied().collect();
        self.closed(service, &members);
        let item = self.needed(service, "itemNumber");
        for (name, least, most) in NUMBERS {
            self.length(service, name, least..=most);
            self.digits(service, name);
        }
        for name in FLAGS {
            self.length(service, name, 1..=1);
        }
        self.length(service, "restrictiveOverrideCode", 2..=2);
        self.length(service, "scpId", 3..=5);
        if let Some(code) = self.given(service, "selfDeemedCode") {
            match self.kind {
                Kind::General => self.note("S113", "selfDeemedCode"),
                Kind::Specialist => self.require(matches!(code, "SD" | "SS"), "S104", "selfDeemedCode"),
                Kind::Pathology => self.require(code == "SD", "S104", "selfDeemedCode"),
            }
        }
        let is_override = service.get("duplicateServiceOverrideInd").and_then(Value::as_str) == Some("Y");
        let is_twice = before
            .iter()
            .any(|other| item.is_some() && other.get("itemNumber").and_then(Value::as_str) == item);
        self.require(is_override || !is_twice, "9632", "itemNumber");
    }

    fn provider(&mut self, provider: &Object) {
        self.closed(provider, &["providerNumber"]);
        if let Some(number) = self.needed(provider, "providerNumber") {
            self.require(checks::is_provider_number(number), "S108", "providerNumber");
        }
    }

    /// The objects of a list that is not empty, not too long and numbered from one.
    fn numbered<'a>(&mut self, object: &'a Object, name: &str, most: usize, width: usize) -> Vec<&'a Object> {
        let Some(list) = object.get(name).and_then(Value::as_array) else {
            self.note("S101", name);
            return Vec::new();
        };
        self.require((1..=most).contains(&list.len()), "S109", name);
        let items: Vec<&Object> = list.iter().filter_map(Value::as_object).collect();
        self.require(items.len() == list.len(), "S112", name);
        for (place, item) in items.iter().enumerate() {
            if let Some(id) = self.needed(item, "id") {
                self.require(id == format!("{:0width$}", place + 1), "S110", "id");
            }
        }
        items
    }

    fn past_day(&mut self, object: &Object, name: &str) -> Option<Date> {
        let text = self.needed(object, name)?;
        let day = checks::date(text);
        self.require(day.is_some(), "S105", name);
        self.require(day.is_none_or(|day| day <= self.today), "S111", name);
        day.filter(|day| *day <= self.today)
    }

    fn needed<'a>(&mut self, object: &'a Object, name: &str) -> Option<&'a str> {
        self.require(object.contains_key(name), "S101", name);
        self.given(object, name)
    }

    fn given<'a>(&mut self, object: &'a Object, name: &str) -> Option<&'a str> {
        let value = object.get(name)?;
        self.require(value.is_string(), "S102", name);
        value.as_str()
    }

    fn needed_object<'a>(&mut self, object: &'a Object, name: &str) -> Option<&'a Object> {
        let inner = object.get(name).and_then(Value::as_object);
        self.require(inner.is_some(), "S101", name);
        inner
    }

    fn length(&mut self, object: &Object, name: &str, allowed: std::ops::RangeInclusive<usize>) {
        let text = object.get(name).and_then(Value::as_str);
        self.require(text.is_none_or(|text| allowed.contains(&text.chars().count())), "S102", name);
    }

    fn digits(&mut self, object: &Object, name: &str) {
        let text = object.get(name).and_then(Value::as_str);
        self.require(text.is_none_or(|text| text.bytes().all(|byte| byte.is_ascii_digit())), "S103", name);
    }

    fn closed(&mut self, object: &Object, members: &[&str]) {
        for name in object.keys() {
            self.require(members.contains(&name.as_str()), "S112", name);
        }
    }

    fn require(&mut self, holds: bool, code: &str, place: &str) {
        if !holds {
            self.note(code, place);
        }
    }

    fn note(&mut self, code: &str, place: &str) {
        self.found.push(Finding::new(code, place));
    }
}
