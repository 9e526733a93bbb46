//! What the browser runs to look for care: takes over the page that the server rendered.

fn main() {
    frontend::run::<frontend::bundle::Find>();
}
