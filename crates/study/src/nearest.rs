//! Words that were probably meant.

/// The known word that is most like one that is not.
pub(crate) fn nearest(word: &str, known: &[String]) -> Option<String> {
    most_like(word, known).map(|candidate| format!("did you mean `{candidate}`?"))
}

pub(crate) fn most_like(word: &str, known: &[String]) -> Option<String> {
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.clone())
}
