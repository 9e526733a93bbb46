//! What the browser runs for accounts and practices: every page.

fn main() {
    frontend::run::<frontend::bundle::Member>();
}
