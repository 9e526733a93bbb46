//! What the services say of themselves: it is committed, it hangs together, and they do as it says.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod documents;
mod done;
mod staff;
mod tried;
