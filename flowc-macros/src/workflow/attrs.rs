//! The attributes of a statement.

use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Token};

use super::names;
use crate::diag::Diag;
use crate::messages::workflow as messages;
use crate::options::POLICIES;

const ORDER: [&str; 3] = ["max", "on_error", "after"];
/// Lint attributes and the like: they stay on the `let`.
pub(crate) const KEPT: &[&str] = &["allow", "expect", "warn", "deny", "forbid", "doc"];

/// What the attributes of one statement say.
#[derive(Default)]
pub(crate) struct StepAttrs {
    pub(crate) max: Option<(Span, Expr)>,
    pub(crate) collect: Option<Span>,
    pub(crate) after: Vec<Ident>,
    /// Policies for one step, as written.
    pub(crate) policies: Vec<Attribute>,
    pub(crate) kept: Vec<Attribute>,
}

pub(crate) fn read(attrs: Vec<Attribute>, diag: &mut Diag) -> StepAttrs {
    let mut found = StepAttrs::default();
    for attr in attrs {
        let Some(name) = attr.path().get_ident().map(ToString::to_string) else {
            found.kept.push(attr);
            continue;
        };
        match name.as_str() {
            "max" => match attr.parse_args::<Expr>() {
                _ if found.max.is_some() => diag.at(attr.path(), messages::MAX_TWICE),
                Ok(max) => {
                    if is_zero(&max) {
                        diag.at(&max, messages::MAX_ZERO);
                    }
                    found.max = Some((attr.path().span(), max));
                }
                Err(_) => {
                    diag.at(&attr, messages::MAX_FORM);
                    found.max = Some((attr.path().span(), syn::parse_quote!(1)));
                }
            },
            "on_error" => match attr.parse_args::<Ident>() {
                Ok(mode) if mode == "collect" => found.collect = Some(attr.path().span()),
                Ok(mode) => diag.at(mode, messages::ON_ERROR_FORM),
                Err(_) => diag.at(&attr, messages::ON_ERROR_FORM),
            },
            "after" => match attr.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated) {
                Ok(names) if !names.is_empty() => found.after.extend(names),
                _ => diag.at(&attr, messages::AFTER_FORM),
            },
            name if is_policy(name) => found.policies.push(attr),
            name if KEPT.contains(&name) => found.kept.push(attr),
            name => {
                let similar = names::similar(name, ORDER.into_iter().chain(POLICIES));
                diag.at(attr.path(), messages::unknown_attribute(name, similar));
            }
        }
    }
    found
}

/// Whether an attribute is a policy of a step.
pub(crate) fn is_policy(name: &str) -> bool {
    POLICIES.contains(&name)
}

fn is_zero(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(lit) if matches!(&lit.lit, syn::Lit::Int(int) if int.base10_digits() == "0"))
}
