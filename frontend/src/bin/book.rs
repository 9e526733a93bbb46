//! What the browser runs to book, and for guests' bookings.

fn main() {
    frontend::run::<frontend::bundle::Book>();
}
