//! What the browser runs: takes over the page that the server rendered.

fn main() {
    yew::Renderer::<frontend::App>::new().hydrate();
}
