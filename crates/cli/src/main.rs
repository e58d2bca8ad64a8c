//! The program `walkfolio`: portfolios from past data only, walked forward through history.

// They panic where nobody reads; `say!` and `report!` do not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

/// Prints a line; a reader that has gone is no reason to fail.
macro_rules! say {
    ($($line:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($line)*);
    }};
}

/// The same on the error output.
macro_rules! report {
    ($($line:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($line)*);
    }};
}

mod account;
mod address;
mod args;
mod audit;
mod check;
mod classifier;
mod cluster;
mod colour;
mod compare;
mod daily;
mod decide;
mod drift;
mod explain;
mod failure;
mod fetch;
mod file;
mod folder;
mod help;
mod init;
mod layout;
mod nearest;
mod pdf;
mod progress;
mod report;
mod run;
mod runs;
mod sample;
mod selection_bias;
mod serve;
mod shell;
mod synonym;
mod table;
mod targets;
mod tearsheet;
mod threads;
mod under_way;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| synonym::exit(&error));
    progress::catch_ctrl_c();
    let outcome = match &arguments.command {
        Command::Run(options) => run::run(options),
        Command::Decide(options) => decide::decide(options),
        Command::Daily(options) => daily::daily(options),
        Command::Drift(options) => drift::drift(options),
        Command::Runs(options) => runs::runs(options),
        Command::Serve(options) => serve::serve(options),
        Command::Compare(options) => compare::compare(options),
        Command::Audit(options) => audit::audit(options),
        Command::Check(options) => check::check(options),
        Command::Fetch(options) => fetch::fetch(options),
        Command::Report(options) => report::report(options),
        Command::Tearsheet(options) => tearsheet::tearsheet(options),
        Command::Verify(options) => verify::verify(options),
        Command::Schema => report::schema(),
        Command::Init(options) => init::init(options),
        Command::Sample(options) => sample::sample(options),
        Command::Explain(options) => explain::explain(options),
        Command::Completions(options) => Ok(shell::completions(options)),
        Command::Man(options) => shell::man(options),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            report!("{failure}");
            failure.code()
        }
    }
}
