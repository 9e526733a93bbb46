//! `GET /fhir/metadata`: what can be asked here, as FHIR says it.

use axum::extract::State as Extract;
use kernel::{
    Reject, Written,
    fhir::{FhirJson, written},
};

use crate::state::State;

/// The capability statement.
pub async fn fhir_metadata(Extract(state): Extract<State>) -> Result<Written<FhirJson>, Reject> {
    written(&*state.capabilities)
}
