//! Search through HTTP beside the same statements through pgbench, at one size.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use shared_types::providers::Order;

use super::{
    Bench,
    http::Client,
    load::{Measured, Target, closed, open},
    pgbench::{Bound, Pgbench, Raw, SCRIPTS_MAX, write_scripts},
    questions::Understood,
};
use crate::databases::Databases;

/// One order of results, both ways.
#[derive(Debug, Serialize)]
pub struct InOrder {
    pub http: Measured,
    pub pgbench: Raw,
    /// Requests per second through HTTP for each statement per second through pgbench.
    pub http_vs_pgbench: f64,
}

/// Everything about search at one size.
#[derive(Debug, Serialize)]
pub struct Search {
    /// The headline: the default order.
    pub by_distance: InOrder,
    pub by_soonest: InOrder,
    /// Half of the requests in either order.
    pub mixed: Measured,
    /// By distance, at half the rate that was reached, timed from when each request was due.
    pub half_load: Measured,
    /// By distance, pgbench asking for the place as well, as every request through HTTP does.
    pub pgbench_with_place: Raw,
    pub http_vs_pgbench_with_place: f64,
}

/// Measures.
///
/// # Errors
/// When pgbench cannot be run.
pub fn measure(
    bench: &Bench<'_>,
    databases: &Databases,
    target: Target,
    questions: &[Understood],
) -> Result<Search> {
    let ask = |order| paths(questions, "/api/v1/providers/search", order);
    let (distance, soonest) = (ask(Order::Distance), ask(Order::Soonest));
    let by_distance = in_order(bench, databases, target, questions, Order::Distance, &distance)?;
    let place_and_search =
        questions.iter().map(|asked| Ok(asked.place_sql()? + &asked.sql(Order::Distance)?));
    let pgbench_with_place =
        raw(bench, databases, target, "place", place_and_search.collect::<Result<_>>()?)?;
    let half = by_distance.http.per_second / 2.0;
    let half_load = open(target, half, in_turn(&distance))?;
    let by_soonest = in_order(bench, databases, target, questions, Order::Soonest, &soonest)?;
    let mixed: Vec<_> = distance.into_iter().zip(soonest).flat_map(|(near, soon)| [near, soon]).collect();
    Ok(Search {
        http_vs_pgbench_with_place: super::ratio(by_distance.http.per_second, pgbench_with_place.per_second),
        by_distance,
        by_soonest,
        mixed: gets(target, &mixed)?,
        half_load,
        pgbench_with_place,
    })
}

/// Paths of all questions.
pub fn paths(questions: &[Understood], page: &str, order: Order) -> Vec<String> {
    questions.iter().map(|asked| format!("{page}?{}", asked.question.query(order))).collect()
}

/// Asks for each path in turn, as fast as the clients can.
///
/// # Errors
/// When processor time cannot be read.
pub fn gets(target: Target, paths: &[String]) -> Result<Measured> {
    closed(target, in_turn(paths))
}

fn in_turn(paths: &[String]) -> impl Fn(&mut Client, usize) -> Option<Result<()>> + Sync {
    move |client, index| Some(client.get(paths.get(index % paths.len().max(1))?).map(drop))
}

fn in_order(
    bench: &Bench<'_>,
    databases: &Databases,
    target: Target,
    questions: &[Understood],
    order: Order,
    paths: &[String],
) -> Result<InOrder> {
    let http = gets(target, paths)?;
    let statements = questions.iter().map(|asked| asked.sql(order)).collect::<Result<_>>()?;
    let name = match order {
        Order::Distance => "distance",
        Order::Soonest => "soonest",
    };
    let pgbench = raw(bench, databases, target, name, statements)?;
    Ok(InOrder { http_vs_pgbench: super::ratio(http.per_second, pgbench.per_second), http, pgbench })
}

/// Runs the statements through pgbench, several to a script since it takes only so many scripts.
fn raw(
    bench: &Bench<'_>,
    databases: &Databases,
    target: Target,
    name: &str,
    statements: Vec<String>,
) -> Result<Raw> {
    let each = statements.len().div_ceil(SCRIPTS_MAX).max(1);
    let folder: &Path = &bench.home.join("scripts").join(databases.embedded()?.1).join(name);
    let scripts = write_scripts(folder, statements.chunks(each).map(|chunk| chunk.concat()))?;
    let pgbench = Pgbench {
        databases,
        watched: target.watched,
        service: "providers",
        scripts: &scripts,
        protocol: "simple",
        variables: &[],
    };
    pgbench.run(Bound::Seconds(target.warm_up.as_secs().max(1)))?;
    Ok(pgbench.run(Bound::Seconds(target.time.as_secs().max(1)))?.of_questions(each))
}
