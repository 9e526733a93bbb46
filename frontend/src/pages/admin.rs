//! Pages for administrators. The server renders their frame for everybody alike; what they show is fetched by the browser.

pub mod disputes;
