//! Whether a password was stolen somewhere, as far as the server's list knows. The password is hashed here and five of
//! its hash's forty digits are sent; what comes back is compared here.

use sha1::{Digest as _, Sha1};
use shared_types::{Problem, problem::FieldError, users::BreachedPasswords};

use crate::{
    api::{ApiClient, users},
    browser,
};

/// Whether somebody may have this password in a list of stolen ones; never where the server has no list.
///
/// # Errors
/// The service's problem.
pub async fn is_breached(client: &ApiClient, password: &str) -> Result<bool, Problem> {
    let hash = hash(&browser::composed(password));
    let (prefix, suffix) = hash.split_at(BreachedPasswords::PREFIX);
    let list = users::list_breached_passwords(client, prefix).await?;
    Ok(is_among(&list, suffix))
}

/// Refuses such a password: whoever tries stolen ones would get in with it.
///
/// # Errors
/// `/problems/invalid` with the field `/password`, or the service's problem.
pub async fn refuse(client: &ApiClient, password: &str) -> Result<(), Problem> {
    if !is_breached(client, password).await? {
        return Ok(());
    }
    let words = "This password is in a list of stolen ones, and people try those first. Choose another, and change it \
        wherever else you use it";
    Err(Problem::invalid(vec![FieldError::new("/password", words)]))
}

fn is_among(list: &BreachedPasswords, suffix: &str) -> bool {
    list.suffixes.iter().any(|known| known == suffix)
}

/// SHA-1 as the list has it: forty hexadecimal digits in capitals. It protects nothing here, it only finds.
fn hash(password: &str) -> String {
    Sha1::digest(password.as_bytes()).iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use shared_types::users::BreachedPasswords;

    use super::{hash, is_among};

    // printf 'password' | sha1sum
    #[test]
    fn a_stolen_password_is_found_by_the_rest_of_its_hash() {
        let hash = hash("password");
        assert_eq!(hash, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
        let (prefix, suffix) = hash.split_at(BreachedPasswords::PREFIX);
        assert_eq!(prefix, "5BAA6");
        let list = |suffix: &str| BreachedPasswords { suffixes: vec!["0".repeat(35), suffix.to_owned()] };
        assert!(is_among(&list(suffix), suffix));
        assert!(!is_among(&list(&suffix.replace('8', "9")), suffix));
        assert!(!is_among(&BreachedPasswords::default(), suffix));
    }
}
