//! Policies written at a step.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, ExprPath};

use crate::diag::Diag;
use crate::options::{Policies, Site};

/// The policy that the attributes of a step make, as a constant over that of the node; `inputs` is how many it is called with.
pub(crate) fn of(attributes: &[Attribute], node: &ExprPath, inputs: usize, diag: &mut Diag) -> Option<TokenStream> {
    let mut policies = Policies::default();
    for attribute in attributes {
        policies.attribute(attribute, diag);
    }
    if policies.is_empty() {
        return None;
    }
    let policy = policies.tokens(&Site { step: node.to_token_stream(), borrowed: vec![false; inputs] });
    Some(quote!(&const { #policy.over(<#node as ::flowc::__private::Step>::POLICY) }))
}
