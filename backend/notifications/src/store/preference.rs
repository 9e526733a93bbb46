//! Table `notifications.preference`: how accounts want to be told of things.

use jiff::civil::{Time, time};
use shared_types::{
    AccountId, Zone,
    notifications::{Preferences, ReminderNames},
};
use sqlx::PgConnection;

use super::appointment::read_zone;

/// What an account has said; what holds for everybody where it has said nothing.
pub async fn find(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Preferences> {
    let row = sqlx::query!(
        "select version, in_app, names, quiet_from, quiet_until, time_zone from notifications.preference \
         where account_id = $1",
        account_id.0,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(Preferences::default()) };
    Ok(Preferences {
        version: row.version,
        in_app: row.in_app,
        names: read_names(&row.names)?,
        quiet_from: read_minutes(row.quiet_from)?,
        quiet_until: read_minutes(row.quiet_until)?,
        time_zone: row.time_zone.as_deref().map(read_zone).transpose()?,
    })
}

/// Keeps what an account says, whose version is the one after the version that was seen. False when somebody else has said
/// something meanwhile.
pub async fn put(conn: &mut PgConnection, account_id: AccountId, new: &Preferences) -> sqlx::Result<bool> {
    let put = sqlx::query!(
        "insert into notifications.preference as old (account_id, version, in_app, names, quiet_from, quiet_until, \
         time_zone) select $1, $2, $3, $4, $5, $6, $7 \
         where $2 = 1 or exists (select from notifications.preference where account_id = $1) \
         on conflict on constraint preference_pkey do update set version = excluded.version, in_app = excluded.in_app, \
         names = excluded.names, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, \
         time_zone = excluded.time_zone where old.version = excluded.version - 1",
        account_id.0,
        new.version,
        new.in_app,
        new.names.code(),
        minutes(new.quiet_from),
        minutes(new.quiet_until),
        new.time_zone.map(Zone::name),
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

fn minutes(time: Time) -> i16 {
    i16::from(time.hour()) * 60 + i16::from(time.minute())
}

/// Reads a time of the day, in minutes since midnight.
pub fn read_minutes(minutes: i16) -> sqlx::Result<Time> {
    let (hour, minute) = (i8::try_from(minutes / 60), i8::try_from(minutes % 60));
    match (hour, minute) {
        (Ok(hour @ 0..=23), Ok(minute @ 0..=59)) => Ok(time(hour, minute, 0, 0)),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => {
            Err(sqlx::Error::Decode("the database holds a time that no day has".into()))
        }
    }
}

/// Reads which names reminders may have.
pub fn read_names(code: &str) -> sqlx::Result<ReminderNames> {
    let unknown = || sqlx::Error::Decode("the database holds unknown names".into());
    ReminderNames::from_code(code).ok_or_else(unknown)
}
