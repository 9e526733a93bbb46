//! Where a practice is told of its appointments.

use shared_types::{
    OrganizationId, Problem, WebhookDeliveryId, WebhookId,
    bookings::webhook::{CreateWebhook, SetWebhookActive, Webhook, WebhookDelivery, WebhookSecret},
};

use super::{ApiClient, Method};

/// `Webhooks`.
pub fn list_webhooks(organization_id: OrganizationId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/webhooks")
}

/// `WebhookDeliveries`: what one was told.
pub fn list_deliveries(organization_id: OrganizationId, webhook_id: WebhookId) -> String {
    format!("{}/deliveries", one(organization_id, webhook_id))
}

/// Has the practice told at an address from now on. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid` for an address that is not called.
pub async fn create_webhook(
    client: &ApiClient,
    organization_id: OrganizationId,
    webhook: &CreateWebhook,
    key: String,
) -> Result<WebhookSecret, Problem> {
    client.send(Method::Post, &list_webhooks(organization_id), Some(webhook), Some(key)).await
}

/// Tells it of nothing any more.
///
/// # Errors
/// The service's problem.
pub async fn delete_webhook(
    client: &ApiClient,
    organization_id: OrganizationId,
    webhook_id: WebhookId,
) -> Result<(), Problem> {
    client.send(Method::Delete, &one(organization_id, webhook_id), None::<&()>, None).await
}

/// Switches it on or off.
///
/// # Errors
/// The service's problem.
pub async fn set_webhook_active(
    client: &ApiClient,
    organization_id: OrganizationId,
    webhook_id: WebhookId,
    active: bool,
) -> Result<Webhook, Problem> {
    let path = format!("{}/active", one(organization_id, webhook_id));
    client.send(Method::Post, &path, Some(&SetWebhookActive { active }), None).await
}

/// Has another secret sign.
///
/// # Errors
/// The service's problem.
pub async fn rotate_webhook_secret(
    client: &ApiClient,
    organization_id: OrganizationId,
    webhook_id: WebhookId,
) -> Result<WebhookSecret, Problem> {
    let path = format!("{}/secret", one(organization_id, webhook_id));
    client.send(Method::Post, &path, None::<&()>, None).await
}

/// Sends a test.
///
/// # Errors
/// The service's problem.
pub async fn ping_webhook(
    client: &ApiClient,
    organization_id: OrganizationId,
    webhook_id: WebhookId,
) -> Result<WebhookDelivery, Problem> {
    let path = format!("{}/ping", one(organization_id, webhook_id));
    client.send(Method::Post, &path, None::<&()>, None).await
}

/// Tells it something once more.
///
/// # Errors
/// The service's problem.
pub async fn redeliver(
    client: &ApiClient,
    organization_id: OrganizationId,
    webhook_id: WebhookId,
    delivery_id: WebhookDeliveryId,
) -> Result<WebhookDelivery, Problem> {
    let path = format!("{}/{delivery_id}/redeliver", list_deliveries(organization_id, webhook_id));
    client.send(Method::Post, &path, None::<&()>, None).await
}

fn one(organization_id: OrganizationId, webhook_id: WebhookId) -> String {
    format!("{}/{webhook_id}", list_webhooks(organization_id))
}
