//! Sorts of service, as a patient agrees to them before the visit: the schedule's categories, and which items are of them.

use shared_types::payments::assignment::{BETWEEN_SORTS, SORTS_OF_SERVICE};

/// What a service of a category of the schedule is called before it is given.
fn words(category: &str) -> Option<&'static str> {
    let number: usize = category.trim_start_matches('0').parse().ok()?;
    SORTS_OF_SERVICE.get(number.checked_sub(1)?).copied()
}

/// What services of these categories are called together, each sort once; `None` where there is none, or one that nobody knows.
pub fn sorts_of(categories: &[String]) -> Option<String> {
    let mut sorts = Vec::new();
    for category in categories {
        let sort = words(category)?;
        if !sorts.contains(&sort) {
            sorts.push(sort);
        }
    }
    (!sorts.is_empty()).then(|| sorts.join(BETWEEN_SORTS))
}

/// Whether a text names sorts of service and nothing else.
pub fn names_sorts(text: &str) -> bool {
    text.trim().split(BETWEEN_SORTS).all(|sort| SORTS_OF_SERVICE.contains(&sort))
}

/// Whether what was agreed to by these sorts is agreed to for a service of a category. Words of a practice's own are for nothing: nobody
/// can say which items they mean.
pub fn is_for(sorts: &str, category: &str) -> bool {
    words(category).is_some_and(|sort| sorts.split(BETWEEN_SORTS).any(|agreed| agreed == sort))
}

#[cfg(test)]
mod tests {
    use super::{is_for, names_sorts, sorts_of};

    fn of(categories: &[&str]) -> Option<String> {
        let categories: Vec<String> = categories.iter().map(|&category| category.to_owned()).collect();
        sorts_of(&categories)
    }

    #[test]
    fn the_sorts_of_a_visit_are_its_items_categories_each_once() {
        assert_eq!(of(&["1", "01"]).as_deref(), Some("Professional attendance"));
        assert_eq!(of(&["1", "3", "1"]).as_deref(), Some("Professional attendance; Therapeutic procedure"));
        for unknown in [&[][..], &["9"], &["0"], &[""], &["1", "A"]] {
            assert_eq!(of(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn a_sort_is_for_items_of_its_category_and_for_no_others() {
        let both = "Professional attendance; Therapeutic procedure";
        assert!(is_for(both, "1") && is_for(both, "3") && !is_for(both, "2"));
        assert!(!is_for("Professional attendance", "3"));
        for own in ["Initial consultation", "", "professional"] {
            assert!(!is_for(own, "1") && !is_for(own, ""), "{own}");
            assert!(!names_sorts(own), "{own}");
        }
        assert!(names_sorts(both) && !names_sorts("Professional attendance\nItem 23: benefit $0.00"));
    }
}
