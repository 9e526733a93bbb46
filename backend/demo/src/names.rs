//! Invented names, addresses and numbers to call. Names are put together from parts, so that they sound like the
//! many places Australians come from and belong to nobody. Mail goes to example.org and example.net (RFC 2606);
//! phone numbers are of the blocks that ACMA keeps for fiction
//! (<https://www.acma.gov.au/phone-numbers-use-tv-shows-films-and-creative-works>, as remembered on 2026-11-22).

use jiff::{ToSpan, civil::Date};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use shared_types::{providers::Gender, slug::slugify};

use crate::random::{pick, weigh};

/// Who comes to an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// `Elwyn Emberfield`.
    pub name: String,
    /// Between a few months and 91 years ago.
    pub date_of_birth: Date,
    /// At example.org.
    pub email: String,
    /// In E.164.
    pub mobile: &'static str,
}

/// Parts of names that go together, and the language whoever is called so may speak beside English.
struct Origin {
    given: &'static [&'static str],
    female: &'static [&'static str],
    male: &'static [&'static str],
    family: &'static [&'static str],
    family_ends: &'static [&'static str],
    languages: &'static [(&'static str, u32)],
}

const ORIGINS: [(usize, u32); 8] = [(0, 46), (1, 11), (2, 12), (3, 7), (4, 8), (5, 6), (6, 6), (7, 4)];

const PARTS: [Origin; 8] = [
    Origin {
        given: &["Bren", "Mar", "El", "Cor", "Had", "Tam", "Wil", "Ros", "Har", "Lin", "Ab", "Jos"],
        female: &["ella", "ith", "adie", "wyn", "essa", "ora", "ine"],
        male: &["ric", "don", "vick", "lan", "ton", "mund", "by"],
        family: &[
            "Wattle", "Ember", "Winter", "Thorn", "Ash", "Fern", "Merri", "Hollow", "Brindle", "Copper",
            "Larks", "Quill", "Heather", "Moss", "Salt", "Silver",
        ],
        family_ends: &[
            "brook", "wick", "mere", "dale", "field", "grove", "stead", "croft", "more", "well", "bury",
        ],
        languages: &[("en", 100)],
    },
    Origin {
        given: &["Xia", "Mei", "Lin", "Yue", "Jing", "Hui", "Zhen", "Qiao", "Shu", "Rui"],
        female: &["lan", "rou", "xuan", "ying", "qing"],
        male: &["hao", "wen", "feng", "bo", "ping"],
        family: &["Zhou", "Liang", "Han", "Qin", "Shao", "Wei", "Tong", "Bai", "Luo", "Meng"],
        family_ends: &["yun", "shan", "he", "lin", "hai", "ting", "bei"],
        languages: &[("zh", 60), ("yue", 40)],
    },
    Origin {
        given: &["An", "Pri", "Dev", "Kav", "Nil", "Rohi", "Sur", "Tej", "Ish", "Man"],
        female: &["isha", "ali", "ika", "ini", "aya"],
        male: &["esh", "arun", "ith", "avan", "endra"],
        family: &["Chand", "Meha", "Ranga", "Sura", "Vela", "Kalya", "Bhara", "Nanda", "Giri", "Thama"],
        family_ends: &["valan", "otra", "puri", "nath", "deshi", "kanti", "mani"],
        languages: &[("hi", 30), ("pa", 22), ("ne", 12), ("ta", 14), ("si", 9), ("ur", 8), ("bn", 5)],
    },
    Origin {
        given: &["Sam", "Nad", "Far", "Zay", "Lay", "Kar", "Ham", "Ras", "Mun", "Jal"],
        female: &["ira", "iya", "een", "ana", "ouda"],
        male: &["eem", "ir", "oud", "id", "az"],
        family: &["Hadd", "Nasr", "Manz", "Sabb", "Qasim", "Tahr", "Badr", "Khal", "Zahr", "Shar"],
        family_ends: &["awi", "ani", "iyan", "azadeh", "oury", "aneh"],
        languages: &[("ar", 70), ("fa", 30)],
    },
    Origin {
        given: &["Cal", "Elen", "Mar", "Nic", "Stav", "Lor", "Fran", "Dor", "Vit", "Al"],
        female: &["iope", "essa", "ina", "oula", "etta"],
        male: &["andro", "ios", "aldo", "etto", "imo"],
        family: &["Papa", "Kara", "Mara", "Della", "Monta", "Santo", "Vassi", "Cala", "Ferra", "Luca"],
        family_ends: &["ndreos", "lakis", "veno", "rosso", "tino", "poulou", "bella"],
        languages: &[("el", 50), ("it", 50)],
    },
    Origin {
        given: &["Thu", "Lan", "Minh", "Bao", "Kim", "Ngoc", "Hoa", "Tuy", "Mai", "Dao"],
        female: &["anh", "vy", "my", "chi", "linh"],
        male: &["duc", "khoa", "long", "quan", "son"],
        family: &["Tran", "Pham", "Dang", "Ly", "Bui", "Vo", "Truong", "Doan"],
        family_ends: &["vu", "do", "lam", "thai", "hoa", "mai"],
        languages: &[("vi", 60), ("tl", 20), ("ko", 12), ("id", 8)],
    },
    Origin {
        given: &["Zor", "Mil", "Dra", "Kat", "Bog", "Ire", "Vas", "Lud", "Sta", "Ann"],
        female: &["ena", "ica", "gana", "arzyna", "eva"],
        male: &["an", "oslav", "omir", "ek", "imir"],
        family: &["Kowal", "Novo", "Petro", "Zele", "Bora", "Javo", "Lipo", "Kraso", "Vrano", "Sto"],
        family_ends: &["ndic", "venko", "czyn", "rik", "linski", "mirov"],
        languages: &[("pl", 22), ("mk", 22), ("sr", 20), ("hr", 16), ("ru", 20)],
    },
    Origin {
        given: &["Tau", "Ade", "Sio", "Mak", "Olu", "Lup", "Tev", "Amo", "Nko", "Fet"],
        female: &["lani", "ola", "ana", "ele", "ita"],
        male: &["lua", "wale", "fetu", "neo", "tama"],
        family: &["Tava", "Maka", "Olu", "Koro", "Fale", "Mana", "Adu", "Sefo", "Lolo", "Nga"],
        family_ends: &["lani", "seko", "mbe", "wale", "tini", "faga", "rua"],
        languages: &[("sm", 35), ("so", 20), ("sw", 15), ("am", 15), ("mi", 15)],
    },
];

/// A person's name and what they speak.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) gender: Option<Gender>,
    pub(crate) languages: Vec<&'static str>,
}

pub(crate) fn person(rng: &mut ChaCha8Rng) -> Person {
    let gender = weigh(
        rng,
        &[(Some(Gender::Female), 60), (Some(Gender::Male), 37), (Some(Gender::Other), 1), (None, 2)],
    );
    let (name, origin) = name(rng, gender);
    let mut languages = vec!["en"];
    if rng.random_bool(0.55) {
        languages.push(weigh(rng, origin.languages));
    }
    if rng.random_bool(0.06) {
        languages.push(weigh(rng, &[("fr", 25), ("de", 20), ("es", 30), ("ja", 12), ("tr", 8), ("asf", 5)]));
    }
    // Who is of the first origin speaks English, which is there already.
    languages.dedup();
    Person { name, gender, languages }
}

fn name(rng: &mut ChaCha8Rng, gender: Option<Gender>) -> (String, &'static Origin) {
    let origin = &PARTS[weigh(rng, &ORIGINS)];
    // Other genders take either.
    let female = match gender {
        Some(Gender::Female) => true,
        Some(Gender::Male) => false,
        Some(Gender::Other) | None => rng.random(),
    };
    let given_ends = if female { origin.female } else { origin.male };
    let name = [
        *pick(rng, origin.given),
        *pick(rng, given_ends),
        " ",
        *pick(rng, origin.family),
        *pick(rng, origin.family_ends),
    ];
    (name.concat(), origin)
}

/// Who comes; `today` is the day at the place.
pub(crate) fn party(rng: &mut ChaCha8Rng, today: Date) -> Party {
    let (name, _) = name(rng, None);
    let mut email: String =
        name.chars().map(|c| if c == ' ' { '.' } else { c.to_ascii_lowercase() }).collect();
    email.push_str(&rng.random_range(10..100).to_string());
    email.push_str("@example.org");
    let days: i32 = rng.random_range(200..91 * 365);
    Party {
        name,
        date_of_birth: today.saturating_sub(days.days()),
        email,
        mobile: pick::<&str>(rng, &PARTY_MOBILES),
    }
}

/// Mobile numbers kept for fiction, but for those of 0491 570, which people type when they try the product and which
/// must not have bookings already.
const PARTY_MOBILES: [&str; 22] = [
    "+61491571266",
    "+61491571491",
    "+61491571804",
    "+61491572549",
    "+61491572665",
    "+61491572983",
    "+61491573770",
    "+61491573087",
    "+61491574118",
    "+61491574632",
    "+61491575254",
    "+61491575789",
    "+61491576398",
    "+61491576801",
    "+61491577426",
    "+61491577644",
    "+61491578957",
    "+61491578148",
    "+61491578888",
    "+61491579212",
    "+61491579760",
    "+61491579455",
];

const NATURE: [&str; 40] = [
    "Wattle",
    "Banksia",
    "Lorikeet",
    "Silver Wren",
    "Ironbark",
    "Jacaranda",
    "Kookaburra",
    "Waratah",
    "Paperbark",
    "Magpie",
    "Saltbush",
    "Bluegum",
    "Kingfisher",
    "Lilly Pilly",
    "Bottlebrush",
    "Currawong",
    "Red Cedar",
    "Rosella",
    "Boronia",
    "Grevillea",
    "Pelican",
    "Spotted Gum",
    "Galah",
    "Myrtle",
    "Tea Tree",
    "Bellbird",
    "Snow Gum",
    "Grass Tree",
    "Brolga",
    "Sundew",
    "Firetail",
    "Honeyeater",
    "Kangaroo Paw",
    "Quandong",
    "Mulga",
    "Correa",
    "Pardalote",
    "Tallowwood",
    "Whipbird",
    "Coolamon",
];

const FEATURES: [&str; 12] = [
    "Creek", "Hill", "Lane", "Corner", "Park", "Rise", "Bend", "Gully", "Green", "Point", "Crossing", "Yard",
];

/// `Banksia Creek Physiotherapy`, `Parramatta Lorikeet Medical Centre`.
pub(crate) fn practice(rng: &mut ChaCha8Rng, suburb: &str, work: &str) -> String {
    let nature = pick(rng, &NATURE);
    match rng.random_range(0..3) {
        0 => format!("{suburb} {nature} {work}"),
        1 => format!("{nature} {} {work}", pick(rng, &FEATURES)),
        _ => format!("{nature} {work} {suburb}"),
    }
}

/// What a practice of a profession calls its work. A profession that is not known here works in `Health`.
pub(crate) fn work(profession_slug: &str, several: bool) -> &'static str {
    if several && profession_slug != "general-practitioner" {
        return "Health";
    }
    match profession_slug {
        "general-practitioner" => "Medical Centre",
        "physiotherapist" => "Physiotherapy",
        "psychologist" => "Psychology",
        "dentist" => "Dental",
        "podiatrist" => "Podiatry",
        "optometrist" => "Eye Care",
        "chiropractor" => "Chiropractic",
        "osteopath" => "Osteopathy",
        "pharmacist" => "Pharmacy",
        "dietitian" => "Nutrition",
        "speech-pathologist" => "Speech Pathology",
        "occupational-therapist" => "Occupational Therapy",
        "exercise-physiologist" => "Exercise Physiology",
        "midwife" => "Midwifery",
        "audiologist" => "Hearing",
        "psychiatrist" | "counsellor" | "social-worker" => "Rooms",
        "cardiologist" => "Heart Clinic",
        "dermatologist" => "Skin Clinic",
        "ophthalmologist" => "Eye Clinic",
        "paediatrician" => "Children's Clinic",
        "obstetrician-gynaecologist" => "Women's Health",
        "ent-surgeon"
        | "general-surgeon"
        | "orthopaedic-surgeon"
        | "endocrinologist"
        | "gastroenterologist" => "Specialist Rooms",
        "registered-nurse" | "nurse-practitioner" => "Nursing",
        "aboriginal-and-torres-strait-islander-health-practitioner" => "Community Health",
        "acupuncturist" => "Chinese Medicine",
        "remedial-massage-therapist" => "Massage",
        "radiologist" => "Imaging",
        _ => "Health",
    }
}

/// `reception.banksia-creek-4f2@example.org`.
pub(crate) fn practice_email(rng: &mut ChaCha8Rng, name: &str, tag: &str) -> String {
    let words: Vec<&str> = name.split(' ').take(2).collect();
    let domain = if rng.random_bool(0.5) { "example.org" } else { "example.net" };
    format!("reception.{}-{tag}@{domain}", slugify(&words.join(" ")))
}

/// A fixed line in E.164, of a block kept for fiction: `+61255501234`.
pub(crate) fn phone(rng: &mut ChaCha8Rng, state: &str) -> String {
    let area = match state {
        "VIC" | "TAS" => 3,
        "QLD" => 7,
        "SA" | "WA" | "NT" => 8,
        _ => 2,
    };
    let block = if rng.random() { "5550" } else { "7010" };
    format!("+61{area}{block}{:04}", rng.random_range(0..10_000))
}

/// `12 Saltbush Street`, `Level 2, 118 Galah Road`.
pub(crate) fn street(rng: &mut ChaCha8Rng) -> String {
    let kind = weigh(
        rng,
        &[
            ("Street", 45),
            ("Road", 25),
            ("Avenue", 10),
            ("Parade", 6),
            ("Lane", 5),
            ("Drive", 6),
            ("Place", 3),
        ],
    );
    let line = format!("{} {} {kind}", rng.random_range(1..320), pick(rng, &NATURE));
    match rng.random_range(0..10) {
        0 => format!("Level {}, {line}", rng.random_range(1..9)),
        1 | 2 => format!("Suite {}, {line}", rng.random_range(1..21)),
        3 => format!("Shop {}, {line}", rng.random_range(1..31)),
        _ => line,
    }
}
