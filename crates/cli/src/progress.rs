//! One line of progress, and Ctrl-C.

use std::fmt::Write;
use std::sync::LazyLock;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use walkfolio::{Interrupt, Observer};

static STOP: LazyLock<Interrupt> = LazyLock::new(Interrupt::new);

/// Shows how far a walk is, on a terminal only.
pub struct Progress {
    bar: ProgressBar,
}

/// From here on Ctrl-C and SIGTERM stop a walk in the middle of a decision; a second one ends the program at
/// once.
pub fn catch_ctrl_c() {
    let caught = ctrlc::set_handler(|| {
        if STOP.is_raised() {
            std::process::exit(130);
        }
        STOP.raise();
    });
    if let Err(error) = caught {
        report!("warning: Ctrl-C will end the program without a checkpoint: {error}");
    }
}

/// Whether nobody watches: without a terminal, or where a build server keeps what is printed.
pub fn quiet() -> bool {
    use std::io::IsTerminal;
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !std::io::stderr().is_terminal()
        || set("CI")
        || std::env::var_os("TERM").is_some_and(|t| t == "dumb")
}

impl Progress {
    /// A line that counts `unit`s.
    pub fn new(unit: &'static str) -> Self {
        // Nothing is drawn before there is a rate.
        let bar = ProgressBar::hidden();
        let template = format!("{{bar:24}} {{pos}} of {{len}} {unit} · {{rate}} · {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.with_key("rate", rate));
        }
        Self { bar }
    }

    /// Removes the line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// How many steps there are, once they have begun.
    pub fn steps(&self) -> Option<u64> {
        self.bar.length()
    }

    /// Whether Ctrl-C was pressed.
    pub fn stopped() -> bool {
        STOP.is_raised()
    }
}

/// So many a second, in as many digits as matter.
fn rate(state: &ProgressState, text: &mut dyn Write) {
    let rate = state.per_sec();
    let digits = usize::from(rate < 10.0);
    let _ = write!(text, "{rate:.digits$}/s");
}

impl Observer for Progress {
    fn begin(&self, decisions: usize) {
        self.bar.set_length(decisions as u64);
        self.bar.set_position(0);
        self.bar.reset();
    }

    fn decided(&self) {
        self.bar.inc(1);
        if !quiet() && self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    fn cancelled(&self) -> bool {
        Self::stopped()
    }

    fn interrupt(&self) -> Interrupt {
        STOP.clone()
    }
}
