//! Licence expressions such as `(MIT OR Apache-2.0) AND Unicode-3.0`.

/// Whether the expression can be satisfied with the allowed licences alone. One that cannot be read cannot be satisfied.
pub(super) fn satisfied(expression: &str, allowed: &[String]) -> bool {
    // A slash is how old manifests say OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest, allowed).is_some_and(|answer| answer && rest.is_empty())
}

/// `a OR b`, the loosest.
fn any(words: &mut &[&str], allowed: &[String]) -> Option<bool> {
    let mut answer = all(words, allowed)?;
    while take(words, "OR") {
        answer |= all(words, allowed)?;
    }
    Some(answer)
}

/// `a AND b`.
fn all(words: &mut &[&str], allowed: &[String]) -> Option<bool> {
    let mut answer = one(words, allowed)?;
    while take(words, "AND") {
        answer &= one(words, allowed)?;
    }
    Some(answer)
}

/// A licence, one with an exception, or brackets around more.
fn one(words: &mut &[&str], allowed: &[String]) -> Option<bool> {
    if take(words, "(") {
        let answer = any(words, allowed)?;
        return take(words, ")").then_some(answer);
    }
    let name = next(words).filter(|word| !["AND", "OR", "WITH", ")"].contains(word))?;
    let full = if take(words, "WITH") { format!("{name} WITH {}", next(words)?) } else { name.to_string() };
    Some(allowed.contains(&full))
}

fn next<'a>(words: &mut &[&'a str]) -> Option<&'a str> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    Some(first)
}

fn take(words: &mut &[&str], word: &str) -> bool {
    let found = words.first() == Some(&word);
    if found {
        next(words);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(expression: &str) -> bool {
        satisfied(expression, &["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(String::from))
    }

    #[test]
    fn one_of_several_is_enough_where_it_says_or() {
        assert!(ok("MIT") && ok("GPL-3.0 OR MIT") && ok("MIT/Apache-2.0"));
        assert!(!ok("GPL-3.0") && !ok("GPL-3.0 OR Apache-2.0"));
    }

    #[test]
    fn all_are_needed_where_it_says_and() {
        assert!(ok("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!ok("MIT AND OpenSSL") && !ok("(MIT OR Apache-2.0) AND OpenSSL"));
        assert!(ok("GPL-3.0 AND OpenSSL OR MIT"), "AND binds tighter than OR");
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert!(ok("Apache-2.0 WITH LLVM-exception"));
        assert!(!ok("Apache-2.0") && !ok("MIT WITH LLVM-exception"));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "OR MIT", "MIT MIT", "MIT AND", "MIT WITH"] {
            assert!(!ok(expression), "{expression:?}");
        }
    }
}
