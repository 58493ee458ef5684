//! Policies written at a step.

use proc_macro2::TokenStream;
use syn::Attribute;

use crate::diag::Diag;

/// The policy that the attributes of a step say, as a constant.
pub(crate) fn of(attributes: &[Attribute], _diag: &mut Diag) -> Option<TokenStream> {
    let _ = attributes;
    None
}
