//! What the runs of a comparison are called.

use std::path::Path;

use super::column::Column;

/// Names columns by their folders; a folder that the program named is called after its study. What
/// different names begin with is left out, and equal ones are numbered.
pub fn name(columns: &mut [Column]) {
    let names: Vec<String> = columns.iter().map(called).collect();
    let parts: Vec<Vec<&str>> = names.iter().map(|name| name.split('-').collect()).collect();
    let shortest = parts.iter().map(Vec::len).min().unwrap_or(1);
    let same = |at: &usize| parts.iter().all(|part| part[*at] == parts[0][*at]);
    let shared = (0..shortest.saturating_sub(1)).take_while(same).count();
    let common = if parts.iter().all(|part| *part == parts[0]) { 0 } else { shared };
    let short: Vec<String> = parts.iter().map(|parts| parts[common..].join("-")).collect();
    for (index, column) in columns.iter_mut().enumerate() {
        let equal = |until: usize| short[..until].iter().filter(|s| **s == short[index]).count();
        column.name = match equal(short.len()) {
            1 => short[index].clone(),
            _ => format!("{} {}", short[index], equal(index + 1)),
        };
    }
}

/// The name of a run's folder, or of its study where the folder is `STUDY-UTC-HASH`.
fn called(column: &Column) -> String {
    let path = Path::new(&column.folder);
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let study = &column.manifest.study;
    let folder = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let folder = folder.unwrap_or_else(|| study.clone());
    let rest = folder.strip_prefix(study.as_str()).and_then(|rest| rest.strip_prefix('-'));
    let is_own = rest.and_then(|rest| rest.split_once('-')).is_some_and(|(utc, hash)| {
        utc.len() == 16 && utc.ends_with('Z') && hash.len() >= 8 && !hash.contains('-')
    });
    if is_own { study.clone() } else { folder }
}
