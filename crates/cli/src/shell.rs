//! `walkfolio completions` and `walkfolio man`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Arguments;
use crate::failure::Failure;

/// For which shell.
#[derive(Debug, Args)]
pub struct CompletionsOptions {
    /// The shell
    pub shell: Shell,
}

/// Where to.
#[derive(Debug, Args)]
pub struct ManOptions {
    /// The folder of the pages; it is made if need be
    pub folder: PathBuf,
}

pub fn completions(options: &CompletionsOptions) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "walkfolio", &mut script);
    say!("{}", String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}

pub fn man(options: &ManOptions) -> Result<ExitCode, Failure> {
    let folder = &options.folder;
    let refused = |path: &Path, error: &std::io::Error| {
        let hint = "name a folder that can be written".to_owned();
        Failure::plain(format!("cannot write {}: {error}", path.display()), Some(hint))
    };
    fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
    let mut program = Arguments::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help");
    for command in std::iter::once(&program).chain(commands) {
        let page = Man::new(command.clone());
        let path = folder.join(page.get_filename());
        let mut text = Vec::new();
        page.render(&mut text)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| refused(&path, &error))?;
        say!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
