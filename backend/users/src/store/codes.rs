//! Lists of names as the database keeps them.

/// The names of some values.
pub fn write<T: Copy>(values: &[T], code: fn(T) -> &'static str) -> Vec<String> {
    values.iter().map(|value| code(*value).to_owned()).collect()
}

/// Reads [`write`].
///
/// # Errors
/// When the database holds a name this build does not know.
pub fn read<T>(names: &[String], from_code: fn(&str) -> Option<T>) -> sqlx::Result<Vec<T>> {
    names.iter().map(|name| one(name, from_code)).collect()
}

/// Reads one name.
///
/// # Errors
/// As [`read`].
pub fn one<T>(name: &str, from_code: fn(&str) -> Option<T>) -> sqlx::Result<T> {
    from_code(name)
        .ok_or_else(|| sqlx::Error::Decode(format!("the database holds an unknown name {name:?}").into()))
}
