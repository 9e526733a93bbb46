//! Sorts of service, by which a patient agrees before a visit.

/// What a service is called before it is given: the schedule's categories 1 to 8, in order. (MBS Online, read 2026-11-22.)
pub const SORTS_OF_SERVICE: [&str; 8] = [
    "Professional attendance",
    "Diagnostic procedure or investigation",
    "Therapeutic procedure",
    "Oral and maxillofacial service",
    "Diagnostic imaging service",
    "Pathology service",
    "Cleft lip and cleft palate service",
    "Allied health or other service",
];
/// What most visits are.
pub const USUAL_SORT: &str = SORTS_OF_SERVICE[0];
/// What stands between the sorts of a visit that brings several.
pub const BETWEEN_SORTS: &str = "; ";
