//! `walkfolio completions` and `walkfolio man`.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::args::{Arguments, CompletionsOptions, ManOptions};
use crate::failure::Failure;
use crate::file;

pub fn completions(options: &CompletionsOptions) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "walkfolio", &mut script);
    say!("{}", String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}

pub fn man(options: &ManOptions) -> Result<ExitCode, Failure> {
    let folder = &options.folder;
    let mut program = Arguments::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help");
    for command in std::iter::once(&program).chain(commands) {
        let page = Man::new(command.clone());
        let path = folder.join(page.get_filename());
        let mut text = Vec::new();
        page.render(&mut text).map_err(|error| Failure::plain(error.to_string(), None))?;
        file::write(&path, &text)?;
        say!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
