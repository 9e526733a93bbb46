//! The rule file against the simulator: whatever keeps its rules is taken, and whatever breaks one alone is refused with that
//! rule's code. Claims and mutants are made from the file and know nothing of the simulator's code.

use std::collections::BTreeSet;

use claims_simulator::rules::{self, Kind};
use proptest::prelude::*;
use serde_json::Value;

use crate::file::{self, Rule, TODAY};

const KINDS: [(char, Kind); 3] = [('O', Kind::General), ('S', Kind::Specialist), ('P', Kind::Pathology)];

fn refused(message: &Value, kind: Kind) -> BTreeSet<String> {
    rules::check(message, kind, TODAY).into_iter().map(|found| found.code).collect()
}

proptest! {
    #[test]
    fn every_claim_that_keeps_the_rules_is_taken(
        which in 0_usize..3,
        events in 1_usize..=80,
        services in 1_usize..=14,
        left_out in any::<u64>(),
    ) {
        let (letter, kind) = KINDS[which];
        let message = file::claim(letter, events, services, left_out);
        prop_assert_eq!(refused(&message, kind), BTreeSet::new(), "{}", message);
    }
}

#[test]
fn every_mutant_is_refused_with_its_rules_code() {
    let mut mutants = 0;
    for rule in file::rules() {
        for (letter, kind) in KINDS.into_iter().filter(|(letter, _)| rule.types.contains(*letter)) {
            for mutant in file::mutants(&rule, letter) {
                let expected = BTreeSet::from([rule.code.clone()]);
                assert_eq!(refused(&mutant, kind), expected, "{rule:?} as {letter}: {mutant}");
                mutants += 1;
            }
        }
    }
    assert!(mutants > 200, "{mutants} mutants");
}

#[test]
fn every_rule_has_a_mutant_and_a_source() {
    for rule in file::rules() {
        let made = rule.types.chars().map(|letter| file::mutants(&rule, letter).len()).sum::<usize>();
        assert!(made > 0, "{rule:?}");
        assert!(!rule.source.is_empty() && !rule.code.is_empty(), "{rule:?}");
    }
}

#[test]
fn eighty_visits_of_fourteen_services_are_the_most() {
    assert_eq!(refused(&file::claim('O', 80, 14, 0), Kind::General), BTreeSet::new());
    let too_much = BTreeSet::from(["S109".to_owned()]);
    assert_eq!(refused(&file::claim('O', 81, 14, 0), Kind::General), too_much);
    assert_eq!(refused(&file::claim('O', 80, 15, 0), Kind::General), too_much);
}

/// The rule as it is read.
#[test]
fn the_file_is_read_whole() {
    let count = |test: &str| file::rules().iter().filter(|rule: &&Rule| rule.test == test).count();
    assert!(count("required") > 20 && count("length") > 15 && count("forbidden") == 3);
}
