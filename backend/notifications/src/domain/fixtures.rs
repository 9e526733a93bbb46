//! Facts for this crate's own tests.

use shared_types::{
    AudCents, Zone,
    bookings::{AppointmentFact, AppointmentStatus, BookedRole, CancellationPolicy, Quote},
    notifications::ReminderNames,
    payments::{
        funding::FundingMode,
        quote::{Collection, QuoteTerms, TaxCode},
    },
};

use super::{money::Payer, plan::Quiet, sender::Sender, upcoming::Upcoming};

pub fn sender() -> Sender {
    Sender::new("HelloMapper <no-reply@example.org>", "https://hellomapper.example").expect("a mailbox")
}

/// The address that bookings tells of a visit by video or phone.
pub const BY_VIDEO: &str = "by video or phone";

/// Tuesday 24 November 2026, 9:15 am to 9:45 am in Sydney.
pub fn appointment() -> AppointmentFact {
    let id = |number| uuid::Uuid::from_u128(number);
    let instant = |text: &str| text.parse().expect("an instant");
    AppointmentFact {
        booking_id: id(1).into(),
        appointment_id: id(2).into(),
        sequence: 3,
        status: AppointmentStatus::Confirmed,
        role: BookedRole {
            practitioner_role_id: id(3).into(),
            slug: "kim-lee-parramatta".to_owned(),
            name: "Kim Lee".to_owned(),
            profession_name: Some("Physiotherapist".to_owned()),
            organization_id: Some(id(4).into()),
            organization_name: Some("Harbour Practice; Rooms, East".to_owned()),
            phone: Some("(02) 5550 1234".to_owned()),
            address: "1 Example Street, Parramatta NSW 2150".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
        },
        discreet: false,
        appointment_type_name: "Pelvic floor assessment".to_owned(),
        telehealth: false,
        start: instant("2026-11-23T22:15:00Z"),
        end: instant("2026-11-23T22:45:00Z"),
        quote_id: id(5).into(),
        price_cents: AudCents(8500),
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5000) },
        bulk_billed: false,
        patient_name: "Ada Nguyen".to_owned().into(),
        email: "ada@example.org".to_owned().into(),
        manage_token: Some("0123456789abcdef0123456789abcdef".to_owned().into()),
        account_id: None,
        patient_id: None,
        reason: None,
        reply_by: None,
        quote: None,
        late_fee_cents: AudCents::ZERO,
        claimant: None,
        series_id: None,
        text_to: None,
    }
}

/// The same, collected in that way; a deposit is $20.
pub fn collected(collection: Collection) -> AppointmentFact {
    let fact = appointment();
    let terms = QuoteTerms {
        hold_id: uuid::Uuid::from_u128(6).into(),
        organization_id: uuid::Uuid::from_u128(4).into(),
        appointment_type_id: uuid::Uuid::from_u128(7).into(),
        start: fact.start,
        funding: FundingMode::Private,
        collection,
        tax_code: TaxCode::FreeHealth,
        total_cents: fact.price_cents,
        deposit_cents: if collection == Collection::Deposit { AudCents(2000) } else { AudCents::ZERO },
        late_fee_cents: fact.policy.late_fee_cents,
        no_show_fee_cents: AudCents::ZERO,
        free_until_hours: fact.policy.free_until_hours,
    };
    let quote = Quote {
        quote_id: fact.quote_id,
        booking_id: fact.booking_id,
        fee_cents: fact.price_cents,
        rebate_cents: AudCents::ZERO,
        gap_cents: fact.price_cents,
        expires_at: fact.start,
        terms: Some(terms),
        kid: "k".to_owned(),
        signature: "s".to_owned(),
    };
    AppointmentFact { quote: Some(quote), ..fact }
}

/// Who pays for it.
pub fn payer() -> Payer {
    let AppointmentFact { booking_id, role, start, patient_name, email, .. } = appointment();
    Payer {
        booking_id,
        organization_id: role.organization_id,
        start,
        zone: role.time_zone,
        name: patient_name,
        email,
        is_booked: true,
        settled_version: 0,
    }
}

/// The same, as it is kept for reminders.
pub fn upcoming() -> Upcoming {
    let AppointmentFact { booking_id, role, discreet, start, end, patient_name, email, .. } = appointment();
    Upcoming {
        booking_id,
        organization_id: role.organization_id,
        start,
        end,
        zone: role.time_zone,
        quiet: Quiet::at(role.time_zone),
        names: ReminderNames::Plain,
        discreet,
        practitioner_name: role.name,
        organization_name: Some("Harbour Practice".to_owned()),
        phone: role.phone,
        address: role.address,
        patient_name,
        email,
    }
}
