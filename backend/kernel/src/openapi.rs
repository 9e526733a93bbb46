//! A service's description of itself (OpenAPI 3.1.0, <https://spec.openapis.org/oas/v3.1.0>, read 2026-11-26), made from
//! the types of its handlers. What a handler takes and gives says what it is, or it is no handler of a route; so the
//! description cannot differ from the code.

mod arguments;
mod document;
mod links;
mod operation;
mod replies;

pub use self::operation::Operation;
pub(crate) use self::{document::document, links::Follows};

/// Describes an operation by its handler's types.
pub(crate) type Describe = fn(&mut Operation<'_>);

/// What a handler takes. One that reads no body, query or header of its own has nothing to add: who calls, the state.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what it reads of a request",
    note = "implement `kernel::openapi::Argument` for an extractor of one's own"
)]
pub trait Argument {
    /// Adds what it reads.
    fn describe(_: &mut Operation<'_>) {}
}

/// What a handler gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what it replies",
    note = "reply with `Json`, `Disclosed`, `NoContent`, `Created`, `Accepted`, `Written` or `Either` of them"
)]
pub trait Reply {
    /// Adds the reply, at the status that what is around it asked for.
    fn describe(operation: &mut Operation<'_>, status: u16);
}

/// An error that always leaves as a problem (RFC 9457).
pub trait Refusing {}

impl Refusing for crate::Reject {}

/// A handler whose arguments and reply say what they are. `T` is as with [`axum::handler::Handler`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handler that says what it takes and gives",
    note = "each argument is a `kernel::openapi::Argument`, and what it returns a `kernel::openapi::Reply`"
)]
pub trait Described<T> {
    /// Describes the operation.
    fn describe(operation: &mut Operation<'_>);
}

macro_rules! described {
    ($($argument:ident)*) => {
        impl<F, Fut, R, M, $($argument,)*> Described<(M, $($argument,)*)> for F
        where
            F: FnOnce($($argument,)*) -> Fut,
            Fut: Future<Output = R>,
            R: Reply,
            $($argument: Argument,)*
        {
            fn describe(operation: &mut Operation<'_>) {
                $(<$argument as Argument>::describe(operation);)*
                <R as Reply>::describe(operation, 200);
            }
        }
    };
}

described!();
described!(A);
described!(A B);
described!(A B C);
described!(A B C D);
described!(A B C D E);
described!(A B C D E G);
described!(A B C D E G H);
described!(A B C D E G H I);

#[cfg(test)]
mod tests;
