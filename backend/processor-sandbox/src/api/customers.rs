//! Customers.

use serde_json::{Value, json};

use crate::{
    call::{Call, Reply},
    object::Object,
    world::World,
};

const TEXTS: [&str; 4] = ["email", "name", "phone", "description"];

/// A new customer.
pub fn create(world: &mut World, call: &Call) -> Reply {
    let id = world.id("cus_");
    let customer =
        new(world, call.account(), &id, &call.metadata("metadata"), |name| call.text_or_null(name));
    Ok(customer.0)
}

/// A customer of a payment page.
pub fn new(
    world: &mut World,
    account: Option<&str>,
    id: &str,
    metadata: &Value,
    text: impl Fn(&str) -> Value,
) -> Object {
    let customer = Object(json!({
        "id": id,
        "object": "customer",
        "balance": 0,
        "created": world.now(),
        "currency": null,
        "default_source": null,
        "delinquent": false,
        "description": text("description"),
        "email": text("email"),
        "invoice_settings": { "default_payment_method": null },
        "livemode": false,
        "metadata": metadata,
        "name": text("name"),
        "phone": text("phone"),
        "preferred_locales": [],
    }));
    world.add(account, &customer);
    world.tell("customer.created", &customer);
    customer
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "customer", id)?.0)
}

/// Changes what is given.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut customer = world.find(call.account(), "customer", id)?;
    for name in TEXTS {
        if call.form.has(name) {
            customer.set(name, call.text_or_null(name));
        }
    }
    customer.lay_over("metadata", &call.metadata("metadata"));
    world.put(&customer);
    world.tell("customer.updated", &customer);
    Ok(customer.0)
}

/// Forgets one, and lets its cards go.
pub fn delete(world: &mut World, call: &Call, id: &str) -> Reply {
    let customer = world.find(call.account(), "customer", id)?;
    world.tell("customer.deleted", &customer);
    world.remove(id);
    Ok(json!({ "id": id, "object": "customer", "deleted": true }))
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "customer", &["email"])
}

/// The cards of one.
pub fn methods(world: &World, call: &Call, id: &str) -> Reply {
    world.find(call.account(), "customer", id)?;
    let methods = world.all(call.account(), "payment_method").rev();
    call.cut(methods.filter(|method| method.text("customer") == Some(id)).cloned().collect())
}
