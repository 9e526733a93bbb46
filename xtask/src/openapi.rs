//! The committed descriptions of the services.

use anyhow::Result;

use crate::{
    process::{READ_THE_COMPILER, cargo, step},
    sql::TestCluster,
};

/// Writes `docs/openapi/` anew: by the test that otherwise compares it, since the services that describe themselves must run
/// for it.
pub fn rewrite() -> Result<()> {
    let cluster = TestCluster::start()?;
    cluster.migrate()?;
    step(
        "descriptions",
        cargo()
            .args(["test", "--workspace", "--test", "openapi", "--quiet", "--", "--exact"])
            .arg("documents::the_committed_descriptions_are_what_the_code_says")
            .env("SQLX_OFFLINE", "true")
            .env("HELLOMAPPER_TEST_CLUSTER", cluster.folder())
            .env("HELLOMAPPER_WRITE_OPENAPI", "1"),
        READ_THE_COMPILER,
    )?;
    Ok(())
}
