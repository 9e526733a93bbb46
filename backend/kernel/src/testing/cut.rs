//! A service whose connection to the database ends in the middle of what it does, as it does when the process is killed there.
//! Which statement that is, is counted and not timed, so that a test goes through all of them.

use sqlx::{AssertSqlSafe, PgConnection};

use super::Database;

/// Counts the statements of a service that write, and ends the connection before one of them.
const COUNT: &str = "
create schema cut;
create sequence cut.writes;
create table cut.plan (nth bigint not null);
insert into cut.plan values (0);
create function cut.count() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if nextval('cut.writes') = (select nth from cut.plan) then
        perform pg_terminate_backend(pg_backend_pid());
        -- What ends it is noticed here, and not only after the statement.
        perform pg_sleep(10);
    end if;
    return null;
end $$;
create function cut.digest(of_schema text) returns text language plpgsql as $$
declare
    name text;
    one text;
    whole text := '';
begin
    for name in select tablename from pg_tables where schemaname = of_schema order by tablename loop
        execute format(
            'select md5(coalesce(string_agg(stored::text, chr(10) order by stored::text), '''')) from %I.%I as stored',
            of_schema, name
        ) into one;
        whole := whole || name || ' ' || one || chr(10);
    end loop;
    return whole;
end $$;
";

/// Cuts one service's connections off, on a database of its own.
pub struct Cuts {
    admin: PgConnection,
    service: &'static str,
}

impl Cuts {
    /// Nothing is cut yet.
    ///
    /// # Panics
    /// When they are there already.
    pub async fn of(database: &Database, service: &'static str) -> Self {
        let mut admin = database.administrator().await;
        sqlx::raw_sql(COUNT).execute(&mut admin).await.expect("an administrator may");
        let watch = format!(
            "do $$ declare name text; begin
                 for name in select tablename from pg_tables where schemaname = '{service}' loop
                     execute format('create trigger cut before insert or update or delete on {service}.%I '
                         'for each statement execute function cut.count()', name);
                 end loop;
             end $$"
        );
        // The service's name is ours.
        sqlx::raw_sql(AssertSqlSafe(watch)).execute(&mut admin).await.expect("an administrator may");
        Self { admin, service }
    }

    /// Everything that the service has stored, in a form that is the same exactly when that is.
    pub async fn stored(&mut self) -> String {
        sqlx::query_scalar("select cut.digest($1)")
            .bind(self.service)
            .fetch_one(&mut self.admin)
            .await
            .expect("an administrator may look")
    }

    /// Does something again and again: cut off before its first statement that writes, then before its second, and so on. The
    /// last time nothing cuts it off, and what that gave is given back with how often it was cut. After each cut `look` is
    /// told what was given, and whether the service stores the very same as before.
    ///
    /// # Panics
    /// When it does not come to an end.
    pub async fn everywhere<T>(
        &mut self,
        mut act: impl AsyncFnMut() -> T,
        mut look: impl FnMut(T, bool),
    ) -> (T, i64) {
        for nth in 1..1_000 {
            let before = self.stored().await;
            self.plan(nth).await;
            let given = act().await;
            if !self.came_to_it().await {
                self.plan(0).await;
                return (given, nth - 1);
            }
            self.plan(0).await;
            look(given, self.stored().await == before);
        }
        panic!("it writes on and on");
    }

    async fn plan(&mut self, nth: i64) {
        let planned = sqlx::query("update cut.plan set nth = $1").bind(nth);
        planned.execute(&mut self.admin).await.expect("one row");
        let anew = sqlx::query("select setval('cut.writes', 1, false)");
        anew.execute(&mut self.admin).await.expect("a sequence");
    }

    async fn came_to_it(&mut self) -> bool {
        sqlx::query_scalar("select is_called and last_value >= nth from cut.writes, cut.plan")
            .fetch_one(&mut self.admin)
            .await
            .expect("one row")
    }
}
