//! A study from a template: the tables of the sample market become those of a user's prices.

use super::options::Kind;
use super::own::Own;

/// Assets on a line of a long list.
const A_LINE: usize = 10;
/// More assets than these are not listed: the study takes all of its file.
const LISTED: usize = 60;
/// The best subset of more stocks than these takes minutes a decision.
const MANY: usize = 60;

/// The study for a user's prices.
pub fn fill(kind: Kind, own: &Own) -> String {
    let mut text = String::new();
    for (header, part) in sections(kind.text()) {
        text += &match header {
            "" => heading(part, own),
            "[market]" => market(kind, own),
            "[walk_forward]" => walk_forward(own),
            "[estimate.covariance]" if own.factors.is_none() => covariance(own),
            "[estimate.expected_returns]" if own.factors.is_none() => expected_returns(own),
            // The market's beta comes from the factors.
            "[allocate.beta]" if own.factors.is_none() => String::new(),
            "[allocate]" if kind == Kind::IndexTracking && is_large(own) => LARGE.to_owned(),
            "[allocate.search]" if is_large(own) => LOCAL_SEARCH.to_owned(),
            "[allocate]" => holdings(part, own),
            "[allocate.bounds]" => bounds(kind, part, own),
            "[allocate.objective]" => part.replace("window = 252", &window(own)),
            "[[period]]" | "[[target]]" => String::new(),
            _ => part.to_owned(),
        };
    }
    text += &clean(own);
    text += &period(own);
    text += if kind.tracks() { TARGET } else { "" };
    text.trim_end().to_owned() + "\n"
}

const TARGET: &str = "\
# A target, with which the report compares the result; remove the # to have it.
# [[target]]
# measure = \"tracking_error\" # any key of measures.json
# max     = 0.05 # a fraction: 5 % per year
";

/// Of so many stocks.
const LARGE: &str = "\
[allocate]
max_holdings = 40 # maximum number of stocks
l2_penalty   = 0.01 # fewer sessions than stocks: without it the window fits any index perfectly

";

/// A proof would take minutes a decision.
const LOCAL_SEARCH: &str = "\
[allocate.search]
nodes = 0 # stocks are exchanged while that tracks better; more nodes look for a proof, the ledger has the gap

";

fn is_large(own: &Own) -> bool {
    own.assets.len() > MANY
}

/// The tables of a study, each with the comments above its header; the first has none.
fn sections(text: &str) -> Vec<(&str, &str)> {
    let mut starts = vec![0];
    let (mut at, mut comments) = (0, None);
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            starts.push(comments.unwrap_or(at));
        }
        comments = line.starts_with('#').then(|| comments.unwrap_or(at));
        at += line.len();
    }
    starts.push(text.len());
    let part = |pair: &[usize]| {
        let part = &text[pair[0]..pair[1]];
        let header = part.lines().find(|line| line.starts_with('[')).unwrap_or_default();
        (if pair[0] == 0 { "" } else { header.trim_end() }, part)
    };
    starts.windows(2).map(part).collect()
}

/// What the file is, how it is run, and its name.
fn heading(part: &str, own: &Own) -> String {
    let sample = |line: &&str| !line.contains("--data DIR");
    let lines = part.lines().filter(sample).map(|line| match line.find("runs as is") {
        Some(at) => format!("{}runs on {}", &line[..at], own.shown),
        None if is_large(own) => {
            line.replace(": the best subset by branch and bound, with proof", "")
        }
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn market(kind: Kind, own: &Own) -> String {
    let parquet = own.file.to_ascii_lowercase().ends_with(".parquet");
    let source = if parquet { "parquet" } else { "csv" };
    let dir = &own.folder;
    let place = if dir.is_empty() { String::new() } else { format!(", dir = {}", quoted(dir)) };
    let mut lines = vec![
        "[market]".to_owned(),
        format!(
            "source    = {{ kind = \"{source}\"{place} }} # the folder of the files, as seen from this one"
        ),
    ];
    let roles = [
        ("prices", Some(&own.file)),
        ("benchmark", own.benchmark_file.as_ref()),
        ("factors", own.factors.as_ref()),
    ];
    let files =
        roles.iter().filter_map(|(role, file)| Some(format!("{role} = {}", quoted((*file)?))));
    let files = files.collect::<Vec<_>>().join(", ");
    lines.push(format!("files     = {{ {files} }} # in that folder"));
    lines.push(assets(own).trim_end().to_owned());
    if let Some(benchmark) = &own.benchmark {
        let role = match kind {
            Kind::Replica => "the fund that is replicated; it is never held",
            Kind::IndexTracking => "the index; it is never held",
            _ => "for relative measures",
        };
        lines.push(format!("benchmark = {} # {role}", quoted(benchmark)));
    }
    if own.factors.is_some() {
        let what = "the three Fama-French factors and the risk-free rate";
        lines.push(format!("factors   = \"french3\" # {what}"));
    }
    if own.has_gaps {
        lines.push(
            "max_gap   = 5 # after a longer gap in its prices an asset is a new one".to_owned(),
        );
    }
    lines.join("\n") + "\n\n"
}

fn assets(own: &Own) -> String {
    let all: Vec<String> = own.assets.iter().map(|asset| quoted(asset)).collect();
    let holds_benchmark = own.benchmark.as_ref().is_some_and(|name| own.assets.contains(name));
    if all.len() > LISTED && !holds_benchmark {
        return "assets    = [\"*\"] # every ticker of the file but the benchmark may be held\n"
            .to_owned();
    }
    if all.len() <= A_LINE {
        return format!("assets    = [{}] # may be held\n", all.join(", "));
    }
    let lines: Vec<String> =
        all.chunks(A_LINE).map(|line| format!("    {},\n", line.join(", "))).collect();
    format!("# What may be held.\nassets = [\n{}]\n", lines.concat())
}

fn walk_forward(own: &Own) -> String {
    let last = match own.factors_end.filter(|end| *end < own.range.1) {
        Some(end) => {
            format!("last = {end} # the factors end here, and the prices on {}", own.range.1)
        }
        None => format!("# last = {} # without it, to the last date of the prices", own.range.1),
    };
    let others = match own.every {
        "month" => "or \"week\", or a number of sessions: \"5d\"",
        _ => "a number of sessions; or \"week\" or \"month\"",
    };
    format!(
        "[walk_forward]\n\
         first = {} # no decision before this date; windows reach further back\n\
         {last}\n\
         every = \"{}\" # {others}\n\n",
        own.first, own.every
    )
}

fn window(own: &Own) -> String {
    format!("window = {}", own.window)
}

fn covariance(own: &Own) -> String {
    format!(
        "[estimate.covariance]\n\
         kind   = \"ledoit_wolf\" # the sample covariance, shrunk towards equal variances\n\
         window = {} # rows of prices before each decision\n\n",
        own.window
    )
}

fn expected_returns(own: &Own) -> String {
    // James and Stein need more rows than assets.
    let kind = if own.window > own.assets.len() + 2 {
        "\"shrinkage\" # mean returns, shrunk towards their common mean"
    } else {
        "\"sample_mean\" # mean returns"
    };
    format!(
        "[estimate.expected_returns]\n\
         kind   = {kind}\n\
         window = {} # rows of prices before each decision\n\n",
        own.window
    )
}

/// A maximum number of stocks that leaves a choice.
fn holdings(part: &str, own: &Own) -> String {
    // Assets that all have a beta near 1 leave no portfolio with one near 0.
    let relaxed = "gross_leverage = 2.0 # maximum sum of absolute weights\n\
                   fallbacks = [\"relax\"] # limits that conflict are relaxed, and the ledger says so";
    let plain = "gross_leverage = 2.0 # maximum sum of absolute weights";
    let part = if own.factors.is_some() { part.replace(plain, relaxed) } else { part.to_owned() };
    part.replace("max_holdings = 8", &format!("max_holdings = {}", most(own)))
}

fn most(own: &Own) -> usize {
    (own.assets.len() / 2).clamp(1, 8)
}

/// Maximum weights that can sum to 1, at half as many again.
fn bounds(kind: Kind, part: &str, own: &Own) -> String {
    let held = if kind == Kind::IndexTracking { most(own) } else { own.assets.len().div_ceil(2) };
    let least = (150.0 / held as f64).ceil() / 100.0;
    let line = |usual: f64| format!("max = {:.2}", usual.max(least).min(1.0));
    part.replace("max = 0.30", &line(0.30)).replace("max = 0.5 ", &format!("{} ", line(0.5)))
}

fn clean(own: &Own) -> String {
    if !own.has_gaps {
        return String::new();
    }
    "# What is done about findings of the data check; walkfolio explain clean has more.\n\
     [clean]\n\
     gap = { kind = \"forward_fill\", limit_days = 5 } # the last price stands for one that is missing\n\n"
        .to_owned()
}

fn period(own: &Own) -> String {
    let Some(first) = own.last_year() else { return String::new() };
    format!(
        "# A period that is measured separately, in addition to the whole sample; repeat [[period]] for more.\n\
         [[period]]\n\
         name  = \"last-year\" # its heading in the tables\n\
         first = {first} # its first session; `last` would be its last one\n\n"
    )
}

/// A text in TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
