//! `hellomapper demo-owner` as a newcomer runs it, beside an invented Australia.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::process::{Command, Output};

use cluster::SERVICES;
use demo::{Plan, PlanInput, testing::input};
use kernel::testing::Database;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

const EMAIL: &str = "Newcomer@example.org";

/// Databases, and the program's own folder.
struct Desk {
    database: Database,
    home: TempDir,
}

impl Desk {
    fn over(database: Database) -> Self {
        Self { database, home: tempfile::tempdir().unwrap() }
    }

    /// With an invented Australia of which some practices collect payments.
    async fn with_demo() -> Self {
        let database = Database::new().await;
        let plan = Plan::new(PlanInput { appointments_max: 10_000, ..input(60, 1) }).unwrap();
        let core = database.core("payments", demo::testing::now()).await;
        assert!(payments::demo::load(&core, &plan).await.unwrap() > 0);
        let mut calendars = database.connect("bookings_migrate").await;
        bookings::demo::load(&mut calendars, &plan, &|_| ()).await.unwrap();
        calendars.close().await.unwrap();
        Self::over(database)
    }

    /// Runs the program with nothing in its environment but where the databases and its folder are.
    fn run(&self, email: &str, more: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hellomapper"));
        command.env_clear().current_dir(self.home.path()).env("HELLOMAPPER_HOME", self.home.path());
        for service in SERVICES {
            let upper = service.to_uppercase();
            command.env(format!("DATABASE_URL_{upper}"), self.database.url(&format!("{service}_app")));
        }
        command.envs(more.iter().copied()).args(["demo-owner", email]).output().unwrap()
    }

    /// Runs it well, and gives what it printed.
    fn says(&self, email: &str) -> String {
        let output = self.run(email, &[]);
        let (said, wrong) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{} {said} {wrong}", output.status);
        said
    }

    /// Runs it in vain, and gives what it complained of.
    fn complains(&self, email: &str, more: &[(&str, &str)]) -> String {
        let output = self.run(email, more);
        assert!(!output.status.success(), "{}", text(&output.stdout));
        text(&output.stderr)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn count(admin: &mut PgConnection, what: &'static str) -> i64 {
    sqlx::query_scalar(what).fetch_one(admin).await.unwrap()
}

/// Who works where, as what, and how often that has changed.
async fn memberships(admin: &mut PgConnection) -> Vec<(Uuid, Uuid, Vec<String>, i32)> {
    sqlx::query_as(
        "select organization_id, account_id, roles, version from users.membership order by created_at",
    )
    .fetch_all(admin)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_newcomer_owns_a_practice_with_payments_and_appointments() {
    let desk = Desk::with_demo().await;
    let mut admin = desk.database.administrator().await;
    let said = desk.says(EMAIL);

    let owned = memberships(&mut admin).await;
    let [(practice, account, roles, _)] = owned.as_slice() else { panic!("{owned:?}") };
    assert_eq!(roles, &["owner"]);
    let email: String = sqlx::query_scalar("select email from users.account where account_id = $1")
        .bind(account)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(email, EMAIL);
    let status: String =
        sqlx::query_scalar("select status from payments.practice_account where organization_id = $1")
            .bind(practice)
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert_eq!(status, "ready");
    let appointments: i64 = sqlx::query_scalar(
        "select count(*) from bookings.appointment join bookings.role using (practitioner_role_id) \
         where organization_id = $1",
    )
    .bind(practice)
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert!(appointments > 0);

    // What to open, and that the account which was just made needs a password first.
    let calendar = format!("http://localhost:8080/calendar/{practice}");
    let sign_in = format!("http://localhost:8080/account/sign-in?to=/calendar/{practice}");
    for address in [calendar.as_str(), &sign_in, "/account/forgotten", "/account/security"] {
        assert!(said.contains(address), "{address}: {said}");
    }
    assert!(!said.to_lowercase().contains("newcomer"), "{said}");
    let written =
        "select count(*) from users.audit_entry where actor_kind = 'system' and actor = 'demo-owner'";
    assert_eq!(count(&mut admin, written).await, 2, "the account and the membership");
}

#[tokio::test]
async fn once_more_changes_nothing_and_an_account_that_is_there_is_taken() {
    let desk = Desk::with_demo().await;
    let mut admin = desk.database.administrator().await;
    let first = desk.says(EMAIL);
    let before = memberships(&mut admin).await;
    // The same address in other letters is the same account.
    assert_eq!(desk.says("newcomer@EXAMPLE.org"), first);
    assert_eq!(memberships(&mut admin).await, before);
    assert_eq!(count(&mut admin, "select count(*) from users.account").await, 1);

    // Somebody who works there already is asked for no new account, and keeps what they do.
    sqlx::query("update users.membership set roles = array['reception']").execute(&mut admin).await.unwrap();
    desk.says(EMAIL);
    let [(_, _, roles, version)]: [_; 1] = memberships(&mut admin).await.try_into().unwrap();
    assert_eq!((roles.as_slice(), version), (["owner".to_owned(), "reception".to_owned()].as_slice(), 2));
}

#[tokio::test]
async fn what_cannot_be_is_said_and_nothing_is_made() {
    let desk = Desk::with_demo().await;
    let mut admin = desk.database.administrator().await;
    let wrong = desk.complains("newcomer", &[]);
    assert!(wrong.contains("Enter an e-mail address such as name@example.com"), "{wrong}");
    let production = [
        ("HELLOMAPPER_ENV", "production"),
        ("HELLOMAPPER_PUBLIC_URL", "https://hellomapper.example"),
        ("SMTP_URL", "smtps://mail.example"),
    ];
    let wrong = desk.complains(EMAIL, &production);
    assert!(wrong.contains("production has no invented practices"), "{wrong}");

    let empty = Desk::over(Database::new().await);
    let wrong = empty.complains(EMAIL, &[]);
    assert!(wrong.contains("no invented practice") && wrong.contains("cargo xtask run"), "{wrong}");
    let mut nobody = empty.database.administrator().await;
    for conn in [&mut admin, &mut nobody] {
        assert_eq!(count(conn, "select count(*) from users.account").await, 0);
        assert_eq!(count(conn, "select count(*) from users.membership").await, 0);
    }
}
