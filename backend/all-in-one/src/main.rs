//! The program `hellomapper`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match hellomapper::cli::run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("hellomapper: {error:#}");
            ExitCode::FAILURE
        }
    }
}
