//! Charges and events: what was done, to be read.

use crate::{
    call::{Call, Reply},
    object::Object,
    world::World,
};

/// A charge.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "charge", id)?.0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "charge", &["customer", "payment_intent", "transfer_group"])
}

/// Something that happened.
pub fn find_event(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "event", id)?.0)
}

/// All that happened; of some kinds with `type` or `types[]`.
pub fn events(world: &World, call: &Call) -> Reply {
    let kinds = call.form.list("types");
    if kinds.is_empty() {
        return call.page(world, "event", &["type"]);
    }
    let is_wanted = |event: &&Object| event.text("type").is_some_and(|kind| kinds.contains(&kind));
    call.cut(world.all(call.account(), "event").rev().filter(is_wanted).cloned().collect())
}
