//! FHIR R4 as this service speaks it (<https://hl7.org/fhir/R4/>, read 2026-11-26): our own values as resources, and what others
//! send us as our own values. No I/O, and no rule of booking: those are where they are for everybody else.
//!
//! Operations are those of IHE's profile (<https://profiles.ihe.net/ITI/Scheduling/>), the bulk feed is SMART Scheduling Links
//! (<https://github.com/smart-on-fhir/smart-scheduling-links>).

mod appointment;
mod capability;
mod directory;
mod ids;
mod parameters;
mod patient;
mod search;
mod slot;
mod types;

pub use self::{
    appointment::{OwnAppointment, booked, by_holder, held, proposed},
    capability::capability_statement,
    directory::{STATES, healthcare_service, location, practitioner_role, schedule},
    ids::SlotId,
    parameters::{Parameters, reference},
    patient::{as_elements, confirmation},
    search::{COUNT, Terms, window, wrong},
    slot::{SlotStatus, by_page, of_token, slot},
    types::{Appointment, Base, Bundle, Entry, Resource, Slot},
};
