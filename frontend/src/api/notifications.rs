//! The notifications service: one function per endpoint.

use shared_types::{
    MessageId, OrganizationId, Problem, PushSubscriptionId,
    notifications::{
        FindMailReminders, MailReminders, Preferences, PutMailReminders, ReadNotices,
        push::{PushSubscription, PutPushSubscription},
    },
};

use super::{ApiClient, Method, money::with_cursor, segment};

/// Server-sent events named `notices`, each a `NoticeCount`.
pub const STREAM: &str = "/api/v1/notifications/me/stream";

const PREFERENCES: &str = "/api/v1/notifications/me/preferences";
const PUSH_SUBSCRIPTIONS: &str = "/api/v1/notifications/me/push-subscriptions";

/// `Notices`: what one was told.
pub fn list_notices() -> String {
    "/api/v1/notifications/me/notices".to_owned()
}

/// `Preferences`: how one wants to be told of things.
pub fn get_preferences() -> String {
    PREFERENCES.to_owned()
}

/// Changes that.
///
/// # Errors
/// `/problems/stale-version` when it changed meanwhile, `/problems/invalid` with fields.
pub async fn put_preferences(client: &ApiClient, wanted: &Preferences) -> Result<Preferences, Problem> {
    client.send(Method::Put, PREFERENCES, Some(wanted), None).await
}

/// Whether reminders go to one's own address.
///
/// # Errors
/// `/problems/invalid` when the ticket is not believed any more.
pub async fn find_mail_reminders(
    client: &ApiClient,
    find: &FindMailReminders,
) -> Result<MailReminders, Problem> {
    client.send(Method::Post, "/api/v1/notifications/me/mail-reminders/find", Some(find), None).await
}

/// Stops them there, or has them sent again.
///
/// # Errors
/// As [`find_mail_reminders`].
pub async fn put_mail_reminders(
    client: &ApiClient,
    wanted: &PutMailReminders,
) -> Result<MailReminders, Problem> {
    client.send(Method::Put, "/api/v1/notifications/me/mail-reminders", Some(wanted), None).await
}

/// Marks notices as read.
///
/// # Errors
/// The service's problem.
pub async fn read_notices(client: &ApiClient, read: ReadNotices) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/notifications/me/notices/read", Some(&read), None).await
}

/// `PushSubscriptions`: on which devices one is told.
pub fn list_push_subscriptions() -> String {
    PUSH_SUBSCRIPTIONS.to_owned()
}

/// Has one told on a browser from now on.
///
/// # Errors
/// `/problems/invalid` when it is no browser's address, or there are ten already.
pub async fn put_push_subscription(
    client: &ApiClient,
    wanted: &PutPushSubscription,
) -> Result<PushSubscription, Problem> {
    client.send(Method::Put, PUSH_SUBSCRIPTIONS, Some(wanted), None).await
}

/// Tells one nothing there any more.
///
/// # Errors
/// 404 when it is none of one's own.
pub async fn delete_push_subscription(client: &ApiClient, id: PushSubscriptionId) -> Result<(), Problem> {
    let path = format!("{PUSH_SUBSCRIPTIONS}/{id}");
    client.send(Method::Delete, &path, None::<&()>, None).await
}

fn way_out(token: &str) -> String {
    format!("/api/v1/notifications/unsubscribe/{}", segment(token))
}

/// `Option<MailReminders>`: whether reminders go to the address that a reminder's link came to; `null` where it does not work.
pub fn find_unsubscribe(token: &str) -> String {
    format!("{}/state", way_out(token))
}

/// No more reminders to the address that a reminder's link came to.
///
/// # Errors
/// 404 for an unknown or expired link.
pub async fn unsubscribe(client: &ApiClient, token: &str) -> Result<(), Problem> {
    client.send::<(), ()>(Method::Post, &way_out(token), None, None).await
}

/// Takes that back.
///
/// # Errors
/// 404 for an unknown or expired link.
pub async fn subscribe_again(client: &ApiClient, token: &str) -> Result<(), Problem> {
    client.send::<(), ()>(Method::Delete, &way_out(token), None, None).await
}

fn practice(organization_id: OrganizationId, rest: &str) -> String {
    format!("/api/v1/notifications/practices/{organization_id}{rest}")
}

/// `Page<UndeliveredMessage>`: what did not reach those who have an appointment with the practice, the newest first.
pub fn list_undelivered(organization_id: OrganizationId, cursor: Option<&str>) -> String {
    with_cursor(&practice(organization_id, "/undelivered"), cursor)
}

/// Has one of them tried anew.
///
/// # Errors
/// 404 when it waits already, its words are forgotten, or they are not true any more.
pub async fn send_again(
    client: &ApiClient,
    organization_id: OrganizationId,
    message_id: MessageId,
) -> Result<(), Problem> {
    let path = practice(organization_id, &format!("/undelivered/{message_id}/send-again"));
    client.send::<(), ()>(Method::Post, &path, None, None).await
}

const PLATFORM_UNDELIVERED: &str = "/api/v1/notifications/platform/undelivered";

/// `Page<UndeliveredPlatformMessage>`: what did not arrive and is about no practice's booking, the newest first; for administrators.
pub fn list_platform_undelivered(cursor: Option<&str>) -> String {
    with_cursor(PLATFORM_UNDELIVERED, cursor)
}

/// Has one of them tried anew.
///
/// # Errors
/// 404 when it waits already, its words are forgotten, or they are of no use any more.
pub async fn send_platform_again(client: &ApiClient, message_id: MessageId) -> Result<(), Problem> {
    let path = format!("{PLATFORM_UNDELIVERED}/{message_id}/send-again");
    client.send::<(), ()>(Method::Post, &path, None, None).await
}

/// `Page<MessagePreview>`: what messages say, about an appointment that is made up; for administrators.
pub fn list_previews() -> String {
    "/api/v1/notifications/platform/previews".to_owned()
}

/// The same, for a practice's staff.
pub fn list_practice_previews(organization_id: OrganizationId) -> String {
    practice(organization_id, "/previews")
}
