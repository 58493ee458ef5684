//! Strands side by side.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::body::Ctx;
use super::{Emit, Env, Place};
use crate::span;
use crate::workflow::model::{BindingId, StmtKind, Value};
use crate::workflow::plan::{self, Group, Shape, Slot, SlotKind, Stores, Strand};

/// A future, and the pattern that its value is taken apart with.
type Branch = (TokenStream, TokenStream);

impl Emit<'_> {
    pub(super) fn group(&self, group: &Group, ctx: &Ctx<'_>, env: &mut Env) -> TokenStream {
        let stores = plan::stores(group, &ctx.deps, ctx.block, &self.flow.bindings);
        let mut out = self.release(group, ctx, env);
        let crossed = group.crossed || !stores.slots.is_empty() || !stores.flags.is_empty();
        let progress = self.fresh("progress");
        if crossed {
            out.extend(quote!(let #progress = __f::Progress::new();));
        }
        let flags: Vec<(usize, Ident)> = stores.flags.iter().map(|item| (*item, self.fresh("flag"))).collect();
        for (_, flag) in &flags {
            out.extend(quote!(let #flag = __f::Flag::new();));
        }
        let slots = self.slots(&stores, &flags, &progress, ctx, env, &mut out);

        let required = group.strands.iter().any(|strand| !strand.optional);
        let optional = group.strands.iter().any(|strand| strand.optional);
        let (mut main, mut side) = (Vec::new(), Vec::new());
        for (index, strand) in group.strands.iter().enumerate() {
            let mut inner = env.clone();
            inner.tail_expression = false;
            for item in &strand.items {
                if let Some((_, flag)) = flags.iter().find(|(flagged, _)| flagged == item) {
                    inner.raises.entry(*item).or_default().push((flag.clone(), progress.clone()));
                }
                let waits = stores.waits.get(item).into_iter().flatten();
                let waits: Vec<Ident> = waits.filter_map(|before| flag_of(&flags, *before)).collect();
                if !waits.is_empty() {
                    inner.waits.entry(*item).or_default().extend(waits);
                }
            }
            for (id, slot) in &slots {
                let made_here = ctx.deps.maker.get(id).and_then(|maker| group.strand_of(*maker)) == Some(index);
                if made_here {
                    inner.puts.insert(*id, slot.clone());
                } else {
                    inner.slots.insert(*id, slot.clone());
                }
            }
            Self::guarded(strand, ctx, &mut inner);
            let outputs = self.outputs(group, &strand.items, &inner, ctx);
            // What is used behind the group is waited for, even if only an arm there uses it; and so is what a group around this
            // one waits for, which would wait for ever.
            let waits = !strand.optional || !required || !outputs.is_empty() || Self::is_awaited(strand, ctx, env);
            let branch = self.strand(&strand.shape, &strand.items, &outputs, ctx, &mut inner);
            // rustc infers types in the order of the text, so strands that give each other values stand in their own order.
            let branch = if crossed && required && optional {
                let name = self.fresh("strand");
                let (future, pattern) = branch;
                out.extend(quote!(let #name = #future;));
                (quote!(#name), pattern)
            } else {
                branch
            };
            if waits { &mut main } else { &mut side }.push(branch);
            // What was put into a slot of a group around this one is looked for there by what follows.
            let put: Vec<BindingId> = env.puts.keys().filter(|id| !inner.puts.contains_key(id)).copied().collect();
            for id in put {
                if let Some(slot) = env.puts.remove(&id).filter(|slot| slot.kind != SlotKind::Passed) {
                    env.slots.insert(id, slot);
                }
            }
        }

        let (mut future, pattern) = join(main);
        if !side.is_empty() {
            let (side, _) = join(side);
            future = quote!(__f::beside(#future, #side));
        }
        if crossed {
            future = quote!(__f::quiesce(&#progress, #future));
        }
        let items = group.strands.iter().flat_map(|strand| strand.items.iter().copied());
        let place = Place::statements(ctx.block, items);
        let joined = self.or_fail(&quote!(#future.await), &place);
        out.extend(quote!(#[allow(unused_mut, clippy::let_unit_value)] let #pattern = #joined;));
        for item in group.strands.iter().flat_map(|strand| &strand.items) {
            for id in ctx.block.stmts.get(*item).map(|stmt| stmt.defs.as_slice()).unwrap_or_default() {
                if group.escapes(&ctx.deps, *id) {
                    env.refs.remove(&self.text(*id));
                }
            }
        }
        for (id, slot) in &slots {
            // A slot of the group around stays where it is, and is looked for there.
            let around = env.slots.contains_key(id) || env.puts.contains_key(id);
            if slot.kind == SlotKind::Shared && group.escapes(&ctx.deps, *id) && !around {
                out.extend(self.out_of_slot(*id, slot, stores.pinned.contains(id), env));
            }
        }
        out
    }

    /// Lets go of what the row holds for reading: each strand looks for it by itself, and lets go of it in time.
    fn release(&self, group: &Group, ctx: &Ctx<'_>, env: &mut Env) -> TokenStream {
        let used = |id: &BindingId| {
            let mut users = ctx.deps.users.get(id).into_iter().flatten();
            users.any(|user| user.is_direct() && group.strand_of(user.item).is_some())
        };
        let mut held: Vec<BindingId> = env.drops.values().flatten().map(|(id, _)| *id).collect();
        held.retain(|id| env.guards.contains_key(id) && used(id));
        held.sort_unstable();
        held.dedup();
        let mut out = TokenStream::new();
        for id in held {
            if let (Some(slot), Some(name)) = (env.guards.remove(&id), self.name(id)) {
                env.refs.remove(&name.to_string());
                env.slots.insert(id, slot);
                out.extend(quote!(::core::mem::drop(#name);));
            }
        }
        out
    }

    /// Whether strands of a group around this one wait for something that happens in this strand.
    fn is_awaited(strand: &Strand, ctx: &Ctx<'_>, env: &Env) -> bool {
        let made = |item: &usize| ctx.block.stmts.get(*item).map(|stmt| stmt.defs.as_slice()).unwrap_or_default();
        strand
            .items
            .iter()
            .any(|item| env.raises.contains_key(item) || made(item).iter().any(|id| env.puts.contains_key(id)))
    }

    /// Where a strand lets go of what it holds for reading, so that another can take it.
    fn guarded(strand: &Strand, ctx: &Ctx<'_>, env: &mut Env) {
        for (id, slot) in env.slots.iter().chain(&env.puts).filter(|(_, slot)| slot.kind == SlotKind::Movable) {
            let users = ctx.deps.users.get(id).into_iter().flatten().filter(|user| user.is_direct());
            let mut readers: Vec<usize> =
                users.map(|user| user.item).filter(|item| strand.items.contains(item)).collect();
            // The one that takes it must not find it held by its own strand.
            let takes = slot.owner.is_some_and(|owner| readers.contains(&owner));
            if !takes {
                readers.drain(..readers.len().saturating_sub(1));
            }
            for reader in readers {
                let drops = env.drops.entry(reader).or_default();
                drops.retain(|(other, _)| other != id);
                drops.push((*id, takes.then(|| slot.clone())));
            }
        }
    }

    /// Declares the slots of a group.
    fn slots(
        &self,
        stores: &Stores,
        flags: &[(usize, Ident)],
        progress: &Ident,
        ctx: &Ctx<'_>,
        env: &mut Env,
        out: &mut TokenStream,
    ) -> Vec<(BindingId, Slot)> {
        let mut slots = Vec::new();
        for (id, kind) in &stores.slots {
            let (Some(name), Some(binding)) = (self.name(*id), self.flow.bindings.get(id.0)) else { continue };
            // What is a reference here already is read by all as it is, and cannot be taken by anyone.
            if stores.prefilled.contains(id) && (env.refs.contains(&name.to_string()) || env.slots.contains_key(id)) {
                continue;
            }
            // A group around this one keeps it already.
            if let Some(slot) = env.puts.get(id) {
                slots.push((*id, slot.clone()));
                continue;
            }
            // A value from around a loop that does not carry it is only looked at in its rounds.
            if stores.prefilled.contains(id) && id.0 < env.around && !self.is_mutable(*id) {
                continue;
            }
            let slot_name = self.fresh("slot");
            if stores.prefilled.contains(id) {
                out.extend(quote!(let #slot_name = __f::Movable::full(#name);));
            } else {
                let kind = match kind {
                    SlotKind::Shared => quote!(Shared),
                    SlotKind::Passed => quote!(Passed),
                    SlotKind::Movable => quote!(Movable),
                };
                let ty = binding.ty.as_ref().map(|ty| quote!(::<#ty>));
                out.extend(quote!(let #slot_name = __f::#kind #ty ::new();));
            }
            let waits = stores.takes.get(id).into_iter().flatten().filter_map(|item| flag_of(flags, *item)).collect();
            let owner = ctx.deps.owner(*id).map(|owner| owner.item);
            let slot = Slot { name: slot_name, progress: progress.clone(), kind: *kind, flags: waits, owner };
            slots.push((*id, slot));
        }
        slots
    }

    /// What a strand gives back: what it makes and the code behind the group uses.
    fn outputs(&self, group: &Group, items: &[usize], env: &Env, ctx: &Ctx<'_>) -> Vec<(Ident, bool)> {
        let mut outputs = Vec::new();
        for item in items {
            let Some(stmt) = ctx.block.stmts.get(*item) else { continue };
            for id in &stmt.defs {
                let kept = env.puts.contains_key(id);
                if let (false, true, Some(name)) = (kept, group.escapes(&ctx.deps, *id), self.name(*id)) {
                    outputs.push((name.clone(), self.is_mutable(*id)));
                }
            }
            if stmt.kind.is_tail() {
                outputs.push((ctx.result.clone(), false));
            }
        }
        outputs
    }

    fn strand(
        &self,
        shape: &Shape,
        items: &[usize],
        outputs: &[(Ident, bool)],
        ctx: &Ctx<'_>,
        env: &mut Env,
    ) -> Branch {
        if let [item] = items {
            if let Some(branch) = self.bare_step(*item, outputs, ctx, env) {
                return branch;
            }
        }
        let body = self.shape(shape, ctx, env);
        let names = outputs.iter().map(|(name, _)| name);
        let patterns = outputs.iter().map(|(name, mutable)| {
            let mutability = mutable.then(|| quote!(mut));
            quote!(#mutability #name)
        });
        let Place { from, to, .. } = Place::statements(ctx.block, items.iter().copied()).hidden();
        let keyword = quote_spanned!(from=> async);
        let ended = quote_spanned!(to=> ::core::result::Result::Ok::<_, __f::Failure>((#(#names,)*)));
        let block = quote_spanned!(to=> { #body #ended });
        let future = quote!(#keyword #block);
        (future, quote!((#(#patterns,)*)))
    }

    /// A strand of one plain step needs no async block: its own future will do.
    fn bare_step(&self, item: usize, outputs: &[(Ident, bool)], ctx: &Ctx<'_>, env: &Env) -> Option<Branch> {
        let stmt = ctx.block.stmts.get(item)?;
        let Value::Step(call) = &stmt.value else { return None };
        let touches = stmt.uses.iter().any(|used| env.slots.contains_key(&used.binding))
            || stmt.defs.iter().any(|id| env.puts.contains_key(id))
            || env.raises.contains_key(&item)
            || env.waits.contains_key(&item)
            || env.drops.contains_key(&item);
        if touches || !stmt.options.kept.is_empty() {
            return None;
        }
        let pattern = match (&stmt.kind, outputs) {
            (StmtKind::Let { pat: syn::Pat::Ident(_), ty: None, .. }, [(name, false)]) => quote!(#name),
            (StmtKind::Tail, [(name, false)]) if ctx.ty.is_none() => quote!(#name),
            (StmtKind::Effect, []) => quote!(_),
            _ => return None,
        };
        let parts = self.parts(call, env);
        let here = span::hidden_at(call.paren.span.open());
        let (begun, node, at) = (parts.begun, parts.node, parts.at);
        Some((quote_spanned!(here=> __f::settling::<#node, __X, _>(#at, #begun)), pattern))
    }

    fn out_of_slot(&self, id: BindingId, slot: &Slot, pinned: bool, env: &mut Env) -> TokenStream {
        let Some(name) = self.name(id) else { return TokenStream::new() };
        let (slot_name, at) = (&slot.name, span::local("at"));
        if pinned {
            env.refs.insert(name.to_string());
            let found = self.or_fail(&quote!(#slot_name.there(#at)), &Place::one(name.span()));
            quote!(let #name = #found;)
        } else {
            let found = self.or_fail(&quote!(#slot_name.into_value(#at)), &Place::one(name.span()));
            quote!(let #name = #found;)
        }
    }
}

fn flag_of(flags: &[(usize, Ident)], item: usize) -> Option<Ident> {
    flags.iter().find(|(flagged, _)| *flagged == item).map(|(_, flag)| flag.clone())
}

/// Joins any number of futures, eight at a time.
fn join(mut branches: Vec<Branch>) -> Branch {
    loop {
        if branches.len() == 1 {
            return branches.pop().unwrap_or_default();
        }
        let mut next = Vec::new();
        for chunk in branches.chunks(8) {
            match chunk {
                [one] => next.push(one.clone()),
                chunk => {
                    let name = span::local(&format!("join{}", chunk.len()));
                    let futures = chunk.iter().map(|(future, _)| future);
                    let patterns = chunk.iter().map(|(_, pattern)| pattern);
                    next.push((quote!(__f::#name(#(#futures),*)), quote!((#(#patterns),*))));
                }
            }
        }
        if next.is_empty() {
            return Branch::default();
        }
        branches = next;
    }
}
