//! What patterns do with the place that they are held against.

use proc_macro2::Ident;
use syn::{Expr, Member, Pat};

use super::{Holds, Walk, part_of};
use crate::workflow::names;

impl Walk<'_> {
    /// A scrutinee: its patterns take parts of it, or look into what it points into; only `ref` points into the place.
    pub(super) fn looked_into(&mut self, expr: &Expr, pats: &[&Pat]) {
        let Some((ident, part)) = part_of(expr) else { return self.place(expr, true) };
        let ident = ident.clone();
        let before = self.mentions.len();
        for pat in pats {
            self.taken_apart(&ident, &part, pat);
        }
        self.mentions.iter_mut().skip(before).for_each(|mention| mention.named = part.len());
        if self.mentions.len() == before {
            self.part(&ident, part, false, false, Holds::Nothing);
        }
    }

    fn taken_apart(&mut self, ident: &Ident, part: &[String], pat: &Pat) {
        let within = |member: &str| {
            let mut inner = part.to_vec();
            inner.push(member.to_owned());
            inner
        };
        match pat {
            Pat::Ident(made) if names::makes_binding(made) => {
                let by_ref = made.by_ref.is_some();
                let holds = if by_ref { Holds::Itself } else { Holds::Inherited };
                self.part(ident, part.to_vec(), !by_ref, false, holds);
                if let Some((_, inner)) = &made.subpat {
                    self.taken_apart(ident, part, inner);
                }
            }
            Pat::Struct(found) => {
                for field in &found.fields {
                    let member = match &field.member {
                        Member::Named(name) => name.to_string(),
                        Member::Unnamed(index) => index.index.to_string(),
                    };
                    self.taken_apart(ident, &within(&member), &field.pat);
                }
            }
            Pat::Tuple(found) if !found.elems.iter().any(|elem| matches!(elem, Pat::Rest(_))) => {
                for (index, elem) in found.elems.iter().enumerate() {
                    self.taken_apart(ident, &within(&index.to_string()), elem);
                }
            }
            Pat::Or(found) => found.cases.iter().for_each(|case| self.taken_apart(ident, part, case)),
            Pat::Paren(found) => self.taken_apart(ident, part, &found.pat),
            Pat::Type(found) => self.taken_apart(ident, part, &found.pat),
            Pat::Guard(found) => self.taken_apart(ident, part, &found.pat),
            Pat::Wild(_) | Pat::Rest(_) => {}
            // A part of a variant or of a slice has no name: it is the whole that is taken, if anything is.
            pat => {
                let made = names::bindings_of(pat);
                let by_ref = made.iter().any(|made| made.by_ref.is_some());
                let takes = made.iter().any(|made| made.by_ref.is_none());
                let holds = if by_ref { Holds::Itself } else { Holds::Inherited };
                self.part(ident, part.to_vec(), takes, false, holds);
            }
        }
    }
}
