//! The language of filters: `te < 0.08 and (holdings_mean <= 6 or study = "long-short")`.
//!
//! Keys are columns and measures; words and texts are compared with `=` and `!=`, numbers and dates
//! with `<`, `<=`, `>`, `>=` too; `and` binds closer than `or`, `not` closer than both.

use std::collections::BTreeSet;
use std::ops::Range;

use super::columns::{Key, Type};
use crate::filter_error::FilterError;

/// The most comparisons that a filter may have.
pub const MAX_COMPARISONS: usize = 64;

/// A condition on a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare { key: Key, operator: Operator, value: Value },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Unequal,
}

/// What a key is compared with, of the key's type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A key, a word, a number or a date, as it was written.
    Word(String),
    /// A text in quotes.
    Quoted(String),
    Operator(Operator),
    Open,
    Close,
}

/// Reads a filter; `known` are the measures of the catalogue's runs.
pub(super) fn parse(text: &str, known: &BTreeSet<String>) -> Result<Condition, FilterError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, known, comparisons: 0, depth: 0 };
    let condition = parser.any()?;
    match parser.peek() {
        None => Ok(condition),
        Some(_) => Err(parser.fault("`and`, `or` or the end was expected here", None)),
    }
}

fn fault(text: &str, span: Range<usize>, message: &str, hint: Option<String>) -> FilterError {
    FilterError { text: text.to_owned(), message: message.to_owned(), span, hint }
}

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, FilterError> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let token = match first {
            ' ' | '\t' | '\n' | '\r' => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '<' | '>' | '=' | '!' => {
                let more = rest.next_if(|(_, next)| *next == '=').is_some();
                match (first, more) {
                    ('<', false) => Token::Operator(Operator::Less),
                    ('<', true) => Token::Operator(Operator::AtMost),
                    ('>', false) => Token::Operator(Operator::Greater),
                    ('>', true) => Token::Operator(Operator::AtLeast),
                    ('=', _) => Token::Operator(Operator::Equal),
                    ('!', true) => Token::Operator(Operator::Unequal),
                    _ => {
                        let hint = Some("unequal is `!=`".to_owned());
                        return Err(fault(text, start..start + 1, "`!` alone means nothing", hint));
                    }
                }
            }
            '"' | '\'' => {
                let mut quoted = String::new();
                loop {
                    match rest.next() {
                        Some((_, next)) if next == first => break,
                        Some((_, next)) => quoted.push(next),
                        None => {
                            let span = start..text.len();
                            return Err(fault(text, span, "the text has no closing quote", None));
                        }
                    }
                }
                Token::Quoted(quoted)
            }
            first if is_part(first) => {
                let mut word = first.to_string();
                while let Some((_, next)) = rest.next_if(|(_, next)| is_part(*next)) {
                    word.push(next);
                }
                Token::Word(word)
            }
            _ => {
                let span = start..start + first.len_utf8();
                let hint = "put a text with other signs into quotes";
                let message = format!("`{first}` has no meaning in a filter");
                return Err(fault(text, span, &message, Some(hint.to_owned())));
            }
        };
        let end = rest.peek().map_or(text.len(), |(next, _)| *next);
        tokens.push((token, start..end));
    }
    Ok(tokens)
}

fn is_part(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '.' | '-' | '+' | '%' | ':')
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [(Token, Range<usize>)],
    at: usize,
    known: &'a BTreeSet<String>,
    comparisons: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    /// A fault at the token that is next.
    fn fault(&self, message: &str, hint: Option<String>) -> FilterError {
        let end = self.text.len()..self.text.len();
        let span = self.tokens.get(self.at).map_or(end, |(_, span)| span.clone());
        fault(self.text, span, message, hint)
    }

    /// A fault at the token before.
    fn fault_before(&self, message: &str, hint: Option<String>) -> FilterError {
        let span = self.tokens[self.at - 1].1.clone();
        fault(self.text, span, message, hint)
    }

    fn any(&mut self) -> Result<Condition, FilterError> {
        let mut conditions = vec![self.all()?];
        while self.is_word("or") {
            self.at += 1;
            conditions.push(self.all()?);
        }
        Ok(one_or(Condition::Any, conditions))
    }

    fn all(&mut self) -> Result<Condition, FilterError> {
        let mut conditions = vec![self.one()?];
        while self.is_word("and") {
            self.at += 1;
            conditions.push(self.one()?);
        }
        Ok(one_or(Condition::All, conditions))
    }

    fn one(&mut self) -> Result<Condition, FilterError> {
        self.depth += 1;
        if self.depth > MAX_COMPARISONS {
            return Err(self.fault("the filter is nested too deeply", None));
        }
        let condition = if self.is_word("not") {
            self.at += 1;
            Condition::Not(Box::new(self.one()?))
        } else if self.peek() == Some(&Token::Open) {
            self.at += 1;
            let inner = self.any()?;
            if self.peek() != Some(&Token::Close) {
                return Err(self.fault("a `)` was expected here", None));
            }
            self.at += 1;
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition, FilterError> {
        self.comparisons += 1;
        if self.comparisons > MAX_COMPARISONS {
            let message = format!("a filter has at most {MAX_COMPARISONS} comparisons");
            return Err(self.fault(&message, None));
        }
        let Some(Token::Word(word) | Token::Quoted(word)) = self.peek() else {
            let hint = "a filter compares keys with values: te < 0.08 and holdings_mean <= 6";
            return Err(self.fault("a key was expected here", Some(hint.to_owned())));
        };
        let key = Key::parse(word, self.known)
            .map_err(|hint| self.fault(&format!("unknown key `{word}`"), Some(hint)))?;
        self.at += 1;
        let Some(&Token::Operator(operator)) = self.peek() else {
            let message = format!("a comparison was expected after `{}`", key.name());
            return Err(self.fault(&message, Some("one of < <= > >= = !=".to_owned())));
        };
        self.at += 1;
        let Some(Token::Word(word) | Token::Quoted(word)) = self.peek() else {
            let message = format!("a value was expected for `{}`", key.name());
            return Err(self.fault(&message, None));
        };
        let word = word.clone();
        self.at += 1;
        let value = self.value(&key, operator, &word)?;
        Ok(Condition::Compare { key, operator, value })
    }

    /// The value of a comparison, of the type that its key has.
    fn value(&self, key: &Key, operator: Operator, word: &str) -> Result<Value, FilterError> {
        let of = match key {
            Key::Column(column) => column.of,
            Key::Measure(_) => Type::Number,
        };
        let name = key.name();
        let equality = matches!(operator, Operator::Equal | Operator::Unequal);
        if !equality && matches!(of, Type::Text | Type::Hash | Type::Flag) {
            let message = format!("`{name}` is no number: it is equal to a value or not");
            return Err(self.fault_before(&message, Some("compare with = or !=".to_owned())));
        }
        let wrong = |what: &str, hint: &str| {
            let message = format!("`{name}` is {what}, `{word}` is not");
            self.fault_before(&message, Some(hint.to_owned()))
        };
        match of {
            Type::Text | Type::Hash => Ok(Value::Text(word.to_owned())),
            Type::Number => number(word)
                .map(Value::Number)
                .ok_or_else(|| wrong("a number", "write it as 0.08 or as 8%")),
            Type::Flag => match word {
                "true" | "yes" => Ok(Value::Number(1.0)),
                "false" | "no" => Ok(Value::Number(0.0)),
                _ => Err(wrong("true or false", "write true or false")),
            },
            Type::Date => {
                date(word).map(Value::Text).ok_or_else(|| wrong("a date", "write it as 2026-11-24"))
            }
            Type::Moment => moment(word)
                .map(Value::Text)
                .ok_or_else(|| wrong("a moment", "write it as 2026-11-24 or 2026-11-24T18:00:00Z")),
        }
    }
}

/// The one condition itself, or several joined.
fn one_or(join: fn(Vec<Condition>) -> Condition, mut conditions: Vec<Condition>) -> Condition {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            join(conditions)
        }
    }
}

/// A number, or one with a percent sign.
fn number(word: &str) -> Option<f64> {
    let (digits, scale) = match word.strip_suffix('%') {
        Some(digits) => (digits, 100.0),
        None => (word, 1.0),
    };
    let value: f64 = digits.parse().ok()?;
    value.is_finite().then_some(value / scale)
}

fn date(word: &str) -> Option<String> {
    let date: jiff::civil::Date = word.parse().ok()?;
    (word.len() == 10).then(|| date.to_string())
}

/// A day, or a moment as the catalogue writes it.
fn moment(word: &str) -> Option<String> {
    date(word).or_else(|| {
        let moment: jiff::Timestamp = word.parse().ok()?;
        Some(moment.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
    })
}

#[cfg(test)]
mod tests;
