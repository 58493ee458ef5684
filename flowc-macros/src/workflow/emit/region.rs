//! Branches, maps and loops.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::{Emit, Env, Place, rewrite};
use crate::span;
use crate::workflow::model::{BindingId, Block, For, Head, If, Loop, Match, StmtKind, Use, Value};
use crate::workflow::names;

impl Emit<'_> {
    fn head(&self, head: &Head, env: &Env, helper: proc_macro2::Span) -> TokenStream {
        match head {
            Head::Plain(expr) => {
                let expr = rewrite::places(expr, &env.refs, helper);
                quote!(#expr)
            }
            Head::Step(call) => self.step(call, env),
            Head::Catch(call) => self.catch(call, env),
        }
    }

    fn braced(&self, block: &Block, env: Env) -> TokenStream {
        let inside = self.block(block, env, None);
        let mut out = TokenStream::new();
        block.brace.surround(&mut out, |tokens| tokens.extend(inside));
        out
    }

    pub(super) fn branch_if(&self, found: &If, env: &Env) -> TokenStream {
        let token = found.token;
        let head = self.head(&found.head, env, token.span);
        let mut inside = env.clone();
        let head = match &found.pat {
            Some((keyword, pat, eq)) => {
                hide(pat, &mut inside);
                quote!(#keyword #pat #eq #head)
            }
            None => head,
        };
        let then = self.braced(&found.then, inside);
        let otherwise = found.otherwise.as_ref().map(|(token, block)| {
            let block = self.braced(block, env.clone());
            quote!(#token #block)
        });
        quote!(#token #head #then #otherwise)
    }

    pub(super) fn branch_match(&self, found: &Match, env: &Env) -> TokenStream {
        let token = found.token;
        let head = self.head(&found.head, env, token.span);
        let arms = found.arms.iter().map(|arm| {
            let (attrs, pat, arrow) = (&arm.attrs, &arm.pat, arm.arrow);
            let mut inside = env.clone();
            hide(pat, &mut inside);
            let guard = arm.guard.as_ref().map(|(token, guard)| {
                let guard = rewrite::places(guard, &inside.refs, token.span);
                quote!(#token #guard)
            });
            let body = self.braced(&arm.body, inside);
            quote!(#(#attrs)* #pat #guard #arrow #body)
        });
        let mut out = quote!(#token #head);
        found.brace.surround(&mut out, |inside| inside.extend(arms));
        out
    }

    pub(super) fn repeat_loop(&self, found: &Loop, env: &Env) -> TokenStream {
        let token = found.token;
        let (max, round) = (self.fresh("__flowc_max"), self.fresh("round"));
        let at = super::step::at(env, token.span);
        let bound = rewrite::places(&found.max, &env.refs, token.span);
        let vertex = Literal::u32_unsuffixed(found.vertex);
        let around = env.around.max(found.first_inner);
        let body = self.block(&found.body, Env { round: Some(round.clone()), around, ..env.clone() }, None);
        let leave = quote_spanned! {self.exit()=>
            return ::core::result::Result::Err(#at.vertex(#vertex).out_of_rounds(#max));
        };
        let mut inside = quote! {
            if #round == #max {
                #leave
            }
            #round += 1;
            #body
        };
        let mut block = TokenStream::new();
        found.body.brace.surround(&mut block, |tokens| tokens.extend(std::mem::take(&mut inside)));
        let here = span::hidden_at(token.span);
        // A constant bound costs nothing; a local one lives in the future of the run.
        let bound = match &*bound {
            syn::Expr::Lit(lit) => quote_spanned!(here=> #[allow(non_upper_case_globals)] const #max: usize = #lit;),
            bound => quote_spanned!(here=> let #max: usize = #bound;),
        };
        quote! {
            {
                #bound
                let mut #round = 0_usize;
                #token #block
            }
        }
    }

    pub(super) fn repeat_for(&self, found: &For, env: &Env) -> TokenStream {
        let token = found.token;
        let here = span::hidden_at(token.span);
        let (at, index, frame) = (span::local("at"), self.fresh("index"), self.fresh("frame"));
        let exec = self.fresh("exec");
        let around = super::step::at(env, token.span);
        let max = self.fresh("max");
        let vertex = Literal::u32_unsuffixed(found.vertex);
        let mut env = env.clone();
        // All items look at what is around them at once: they get references.
        let mut shared = TokenStream::new();
        let mut outer: BTreeMap<BindingId, Vec<&[String]>> = BTreeMap::new();
        for used in free(&found.body).filter(|used| used.binding.0 < found.first_inner) {
            // What a pattern points into stays one place, since the pattern is held against it.
            let place = if used.own { used.part.as_slice() } else { used.part.get(..used.named).unwrap_or_default() };
            outer.entry(used.binding).or_default().push(place);
        }
        let mut over_env = env.clone();
        for (id, parts) in outer {
            let Some(name) = self.name(id) else { continue };
            let text = name.to_string();
            if env.refs.contains(&text) || parts.iter().any(|part| part.is_empty()) {
                if env.refs.contains(&text) && !env.refs.is_held(&text) {
                    continue;
                }
                let held = env.refs.insert(text.clone());
                over_env.refs.insert(text);
                shared.extend(if held { quote!(let #name = &*#name;) } else { quote!(let #name = &#name;) });
                continue;
            }
            // Other parts of the value may be gone already, or go elsewhere.
            for part in
                parts.iter().filter(|part| !parts.iter().any(|other| is_within(part, other))).collect::<BTreeSet<_>>()
            {
                let held = self.fresh("part");
                let members = part.iter().filter_map(|member| syn::parse_str::<syn::Member>(member).ok());
                shared.extend(quote!(let #held = &#name #(.#members)*;));
                env.refs.insert_part(text.clone(), part.to_vec(), held);
            }
        }
        let over = rewrite::places(&found.over, &over_env.refs, token.span);
        let bound = rewrite::places(&found.max, &over_env.refs, token.span);
        // Its type is said here, else rustc would speak of the parameters of `map`.
        let bound = quote_spanned!(here=> { let #max: usize = #bound; #max });
        let pat = &found.pat;
        let mut inside = env.clone();
        hide(pat, &mut inside);
        inside.round = None;
        inside.fixed = inside.fixed.max(found.first_inner);
        let value = if found.collect {
            self.collected(&found.body, inside)
        } else {
            let body = self.block(&found.body, inside, None);
            quote!(::core::result::Result::Ok::<_, __f::Failure>({ #body }))
        };
        let mapped = quote_spanned! {here=>
            __f::mapped(#around.vertex(#vertex), __f::map(#around.vertex(#vertex), #bound, #over, move |#index: u32, #pat| {
                let #frame = __f::Frame::item(#around.vertex(#vertex), #index);
                let #exec = #at.exec();
                async move {
                    let #at = __f::At::new(#exec, &#frame);
                    #value
                }
            }).await)
        };
        let mapped = self.or_fail(&mapped, &Place::one(token.span));
        quote!({ #shared #mapped })
    }

    /// An item whose failure is collected. That of a single step keeps the node's own error.
    fn collected(&self, body: &Block, env: Env) -> TokenStream {
        let ok = quote!(::core::result::Result::Ok);
        if let [stmt] = body.stmts.as_slice() {
            if let (StmtKind::Tail, Value::Step(call), false) = (&stmt.kind, &stmt.value, stmt.broken) {
                let caught = self.catch(call, &env);
                return quote!(#ok::<_, __f::Failure>(#caught));
            }
        }
        let body = self.block(body, env, None);
        quote!(#ok::<_, __f::Failure>(async { #ok::<_, __f::Failure>({ #body }) }.await))
    }
}

/// Names that a pattern makes hold their values themselves.
fn hide(pat: &syn::Pat, env: &mut Env) {
    for made in names::bindings_of(pat) {
        env.refs.remove(&made.ident.to_string());
    }
}

/// What the statements of a block use.
fn free(block: &Block) -> impl Iterator<Item = &Use> {
    block.stmts.iter().flat_map(|stmt| stmt.uses.iter()).filter(|used| !used.order)
}

/// Whether `part` is a part of the part `other`, and not all of it.
fn is_within(part: &[String], other: &[String]) -> bool {
    part.len() > other.len() && part.starts_with(other)
}
