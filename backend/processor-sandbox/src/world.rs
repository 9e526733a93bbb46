//! Everything that the processor knows, and how it changes. It has no I/O: time and chance are given to it, and what there is
//! to tell is taken from it.

use std::collections::{BTreeMap, VecDeque};

use kernel::{Chance, Clock};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    faults::{Faults, Figures},
    idempotency::Answer,
    object::Object,
    passing::Plan,
    refusal::Refusal,
};

/// The API's version that objects are shaped after.
pub const VERSION: &str = "2026-09-30.endive";

/// The processor.
pub struct World {
    clock: Clock,
    chance: Chance,
    /// Where its pages are: `http://127.0.0.1:4711`.
    pub address: String,
    /// What goes wrong.
    pub faults: Faults,
    /// What was done.
    pub figures: Figures,
    /// What happened and was not handed on yet.
    pub untold: VecDeque<Notice>,
    /// What is kept.
    pub book: Book,
    /// Whether the book was changed since it was last written down.
    pub is_changed: bool,
    /// The request that is being answered, for events to name.
    pub request: Option<String>,
}

/// An event on its way to whoever listens.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Which event.
    pub event_id: String,
    /// The bytes that are signed.
    pub body: String,
}

/// What outlives the process.
#[derive(Default, Serialize, Deserialize)]
pub struct Book {
    objects: BTreeMap<String, Kept>,
    /// Ids in the order they were made, by account and kind.
    lists: BTreeMap<String, Vec<String>>,
    /// What time brings, by when and then by which was planned first.
    plans: BTreeMap<String, Plan>,
    planned: u64,
    /// The numbers of cards, and whether their holders proved who they are; by payment method.
    pub cards: BTreeMap<String, KeptCard>,
    /// Which payout a balance transaction went out with.
    pub paid_in: BTreeMap<String, String>,
    /// Replies, by account and idempotency key.
    pub answers: BTreeMap<String, Answer>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    account: Option<String>,
    object: Object,
}

/// What the processor knows of a card and tells nobody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptCard {
    /// As it was typed.
    pub number: String,
    /// Whether the bank asked its holder already.
    pub is_proven: bool,
}

impl World {
    /// A processor without customers, or with those of a book.
    pub fn new(clock: Clock, chance: Chance, address: String, book: Book) -> Self {
        Self {
            clock,
            chance,
            address,
            faults: Faults::default(),
            figures: Figures::default(),
            untold: VecDeque::new(),
            book,
            is_changed: false,
            request: None,
        }
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// A new id: `pi_` and 24 characters.
    pub fn id(&self, prefix: &str) -> String {
        format!("{prefix}{}", hex::encode(self.chance.bytes::<12>()))
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn by_chance(&self, percent: u8) -> bool {
        percent > 0 && u32::from_be_bytes(self.chance.bytes()) % 100 < u32::from(percent)
    }

    /// A number up to and with this one.
    pub fn up_to(&self, most: u64) -> u64 {
        u64::from_be_bytes(self.chance.bytes()) % most.saturating_add(1)
    }

    /// Keeps a new object of an account, or of the platform.
    pub fn add(&mut self, account: Option<&str>, object: &Object) {
        let key = list_key(account, object.kind());
        self.book.lists.entry(key).or_default().push(object.id());
        let kept = Kept { account: account.map(str::to_owned), object: object.clone() };
        self.book.objects.insert(object.id(), kept);
        self.is_changed = true;
    }

    /// Keeps what became of an object.
    pub fn put(&mut self, object: &Object) {
        if let Some(kept) = self.book.objects.get_mut(&object.id()) {
            kept.object = object.clone();
            self.is_changed = true;
        }
    }

    /// An object, whoever's it is.
    pub fn get(&self, id: &str) -> Option<&Object> {
        self.book.objects.get(id).map(|kept| &kept.object)
    }

    /// Whose an object is; none for the platform's.
    pub fn owner(&self, id: &str) -> Option<String> {
        self.book.objects.get(id)?.account.clone()
    }

    /// An object of the account that asks.
    ///
    /// # Errors
    /// `resource_missing`, when there is none or it is another account's.
    pub fn find(&self, account: Option<&str>, kind: &str, id: &str) -> Result<Object, Refusal> {
        self.book
            .objects
            .get(id)
            .filter(|kept| kept.account.as_deref() == account && kept.object.kind() == kind)
            .map(|kept| kept.object.clone())
            .ok_or_else(|| Refusal::no_such(kind, id))
    }

    /// The same for an id in a parameter: not the address is wrong then but the request.
    ///
    /// # Errors
    /// `resource_missing`.
    pub fn named(&self, account: Option<&str>, kind: &str, param: &str, id: &str) -> Result<Object, Refusal> {
        self.find(account, kind, id).map_err(|refusal| {
            Refusal { status: axum::http::StatusCode::BAD_REQUEST, ..refusal }.with("param", param)
        })
    }

    /// The ids of an account's objects, the oldest first.
    pub fn ids(&self, account: Option<&str>, kind: &str) -> &[String] {
        self.book.lists.get(&list_key(account, kind)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The objects themselves, the oldest first.
    pub fn all(&self, account: Option<&str>, kind: &str) -> impl DoubleEndedIterator<Item = &Object> {
        self.ids(account, kind).iter().filter_map(|id| self.get(id))
    }

    /// Forgets an object.
    pub fn remove(&mut self, id: &str) {
        if let Some(kept) = self.book.objects.remove(id)
            && let Some(ids) = self.book.lists.get_mut(&list_key(kept.account.as_deref(), kept.object.kind()))
        {
            ids.retain(|other| other != id);
            self.is_changed = true;
        }
    }

    /// Has something happen by itself at a time.
    pub fn plan(&mut self, at: i64, plan: Plan) {
        self.book.planned += 1;
        self.book.plans.insert(format!("{at:012}.{:012}", self.book.planned), plan);
        self.is_changed = true;
    }

    /// Takes what is due first.
    pub fn due(&mut self) -> Option<Plan> {
        let first = self.book.plans.first_entry()?;
        let at: i64 = first.key().split('.').next()?.parse().ok()?;
        if at > self.clock.now().as_second() {
            return None;
        }
        self.is_changed = true;
        Some(first.remove())
    }

    /// Says that something happened to an object, of the account that owns it.
    pub fn tell(&mut self, name: &str, object: &Object) {
        let account = self.owner(&object.id());
        let mut event = json!({
            "id": self.id("evt_"),
            "object": "event",
            "api_version": VERSION,
            "created": self.now(),
            "data": { "object": object.told() },
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": null, "idempotency_key": self.request },
            "type": name,
        });
        if let Some(account) = &account {
            event["account"] = Value::from(account.as_str());
        }
        let event = Object(event);
        self.add(account.as_deref(), &event);
        self.figures.events += 1;
        self.hand_on(&event);
    }

    /// Sends an event to whoever listens, again or for the first time.
    pub fn hand_on(&mut self, event: &Object) {
        self.untold.push_back(Notice { event_id: event.id(), body: event.0.to_string() });
    }
}

fn list_key(account: Option<&str>, kind: &str) -> String {
    format!("{}/{kind}", account.unwrap_or_default())
}
