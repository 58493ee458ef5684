//! What a name says: which calls are steps, and which name was meant.

use syn::punctuated::Punctuated;
use syn::{Expr, ExprPath, Pat, PathArguments};

const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    "f32", "f64",
];

/// Macros that only read their arguments.
const READING_MACROS: &[&str] = &[
    "format",
    "format_args",
    "print",
    "println",
    "eprint",
    "eprintln",
    "write",
    "writeln",
    "panic",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "todo",
    "unimplemented",
    "unreachable",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
];

/// Whether the callee is a path all in snake case that starts with neither a primitive type nor a binding.
pub(crate) fn is_step_path(path: &ExprPath, is_binding: impl Fn(&str) -> bool) -> bool {
    if path.qself.is_some() {
        return false;
    }
    let segments = &path.path.segments;
    let count = segments.len();
    let snake = segments.iter().enumerate().all(|(i, segment)| {
        let args_fit = matches!(segment.arguments, PathArguments::None) || i + 1 == count;
        args_fit && is_snake(&segment.ident.to_string())
    });
    let Some(first) = segments.first() else { return false };
    let first = first.ident.to_string();
    let hidden = path.path.leading_colon.is_none() && is_binding(&first);
    let reserved = PRIMITIVES.contains(&first.as_str()) || (count == 1 && first == "catch");
    snake && !reserved && !hidden
}

/// The `_` among the type arguments of a path.
pub(crate) fn inferred(path: &ExprPath) -> Option<proc_macro2::Span> {
    struct Find(Option<proc_macro2::Span>);
    impl<'a> syn::visit::Visit<'a> for Find {
        fn visit_type_infer(&mut self, found: &'a syn::TypeInfer) {
            self.0.get_or_insert(found.underscore_token.span);
        }
    }
    let mut find = Find(None);
    syn::visit::Visit::visit_expr_path(&mut find, path);
    find.0
}

/// Whether a name is that of a type without a path.
pub(crate) fn is_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

/// Whether a method with this name borrows its receiver, by all conventions.
pub(crate) fn only_looks(method: &str) -> bool {
    gives_owned(method)
        || matches!(
            method,
            "iter"
                | "as_str"
                | "as_ref"
                | "as_slice"
                | "as_bytes"
                | "as_deref"
                | "contains"
                | "contains_key"
                | "starts_with"
                | "ends_with"
        )
}

/// Whether a method with this name changes its receiver, by all conventions.
pub(crate) fn changes(method: &str) -> bool {
    matches!(
        method,
        "push"
            | "push_str"
            | "push_back"
            | "push_front"
            | "insert"
            | "extend"
            | "append"
            | "remove"
            | "clear"
            | "retain"
    )
}

/// Whether what a method with this name gives points into nothing of its receiver. All others may.
pub(crate) fn gives_owned(method: &str) -> bool {
    matches!(method, "clone" | "to_owned" | "to_string" | "len" | "is_empty")
}

/// Whether a value of this type points into nothing, whatever made it.
pub(crate) fn is_owned_type(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    path.qself.is_none()
        && path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            name == "String" || (name != "str" && PRIMITIVES.contains(&name.as_str()))
        })
}

/// Whether a pattern points into the place that it is held against: `ref x`.
pub(crate) fn has_ref(pat: &Pat) -> bool {
    bindings_of(pat).iter().any(|made| made.by_ref.is_some())
}

pub(crate) fn is_snake(name: &str) -> bool {
    let name = name.strip_prefix("r#").unwrap_or(name);
    name.chars().next().is_some_and(|c| c == '_' || c.is_lowercase()) && !name.chars().any(char::is_uppercase)
}

/// Whether an identifier pattern makes a binding; `None` and `MAX` are names of constants.
pub(crate) fn makes_binding(pat: &syn::PatIdent) -> bool {
    pat.by_ref.is_some()
        || pat.mutability.is_some()
        || pat.subpat.is_some()
        || !pat.ident.to_string().trim_start_matches('_').starts_with(char::is_uppercase)
}

/// Every binding that a pattern makes, in order.
pub(crate) fn bindings_of(pat: &Pat) -> Vec<syn::PatIdent> {
    struct Collect(Vec<syn::PatIdent>);
    impl<'a> syn::visit::Visit<'a> for Collect {
        fn visit_pat_ident(&mut self, pat: &'a syn::PatIdent) {
            if makes_binding(pat) && !self.0.iter().any(|seen| seen.ident == pat.ident) {
                self.0.push(pat.clone());
            }
            syn::visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut collect = Collect(Vec::new());
    syn::visit::Visit::visit_pat(&mut collect, pat);
    collect.0
}

/// The same for the pattern of a `let`: a name alone is a binding there, whatever its letters, since a constant would not match
/// everything.
pub(crate) fn bindings_of_let(pat: &Pat) -> Vec<syn::PatIdent> {
    match pat {
        Pat::Ident(made) if made.subpat.is_none() => vec![made.clone()],
        pat => bindings_of(pat),
    }
}

/// An arm's pattern and its guard.
pub(crate) fn split_guard(pat: &Pat) -> (&Pat, Option<(&syn::token::If, &Expr)>) {
    match pat {
        Pat::Guard(guarded) => (&guarded.pat, Some((&guarded.if_token, &guarded.guard))),
        pat => (pat, None),
    }
}

pub(crate) fn only_reads(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| READING_MACROS.contains(&last.ident.to_string().as_str()))
}

/// The arguments of a macro of the standard library that takes expressions, if they can be read.
pub(crate) fn expressions(mac: &syn::Macro) -> Option<Punctuated<Expr, syn::Token![,]>> {
    let vec = mac.path.segments.last().is_some_and(|last| last.ident == "vec");
    (vec || only_reads(&mac.path)).then(|| mac.parse_body_with(Punctuated::parse_terminated).ok()).flatten()
}

/// The candidate that `name` was probably meant to be.
pub(crate) fn similar<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance > 0 && *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put, dropped, changed or swapped with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let change = at(&last, j) + usize::from(x != y);
            let mut best = change.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(similar("fcts", ["facts", "docs"]), Some("facts"));
        assert_eq!(similar("dosc", ["facts", "docs"]), Some("docs"));
        assert_eq!(similar("reply", ["facts", "docs"]), None);
    }
}
