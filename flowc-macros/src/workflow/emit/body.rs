//! The statements of a block, in the order of their plan.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Pat;

use super::{Emit, Env, rewrite};
use crate::span;
use crate::workflow::model::{BindingId, Block, Stmt, StmtKind, Use, Value};
use crate::workflow::plan::{self, Deps, Scope, Shape, Slot, SlotKind};

/// A block while it is emitted.
pub(super) struct Ctx<'b> {
    pub(super) block: &'b Block,
    pub(super) deps: Deps,
    /// Holds the value of the block where its last expression stands inside a strand.
    pub(super) result: Ident,
    /// The type of that value, where it is known.
    pub(super) ty: Option<TokenStream>,
}

impl Ctx<'_> {
    pub(super) fn tail(&self) -> Option<usize> {
        self.block.stmts.iter().position(|stmt| stmt.kind.is_tail())
    }

    /// Another statement of the block waits for this one without a value.
    fn is_ordered(&self, stmt: &Stmt) -> bool {
        let mut uses = self.block.stmts.iter().flat_map(|other| &other.uses);
        uses.any(|used| used.order && stmt.defs.contains(&used.binding))
    }
}

impl Emit<'_> {
    /// The statements of a block, and its value as the last expression.
    pub(super) fn block(&self, block: &Block, mut env: Env, ty: Option<TokenStream>) -> TokenStream {
        if block.leaves() {
            env.around = 0;
        }
        let deps = Deps::of(block, &self.scope(&env));
        let typed = |item: usize| {
            let defs = block.stmts.get(item).map(|stmt| stmt.defs.as_slice()).unwrap_or_default();
            defs.iter().all(|id| self.flow.bindings.get(id.0).is_some_and(|binding| binding.ty.is_some()))
        };
        let shape = if self.flow.sequential {
            plan::sequential(block.stmts.len())
        } else {
            plan::shape(&deps.order, (0..block.stmts.len()).collect(), &typed)
        };
        let ctx = Ctx { block, deps, result: self.fresh("result"), ty };
        let forward = self.forward(block);
        let taken = self.take_at_start(&ctx, &mut env);
        // A tail that is the last of a series stands as an expression; from anywhere else its value comes in a name.
        let tail = ctx.tail();
        env.tail_expression = tail.is_some() && tail == shape.last_item();
        let statements = self.shape(&shape, &ctx, &mut env);
        let result = (tail.is_some() && !env.tail_expression).then_some(&ctx.result);
        quote!(#forward #taken #statements #result)
    }

    fn scope(&self, env: &Env) -> Scope<'_> {
        Scope {
            bindings: &self.flow.bindings,
            mutable: &self.flow.mutable,
            fixed: env.fixed,
            around: env.around,
            outermost: !env.nested,
        }
    }

    /// Declares what is used before it is made, so that rustc can label both places.
    fn forward(&self, block: &Block) -> TokenStream {
        let mut out = TokenStream::new();
        for id in block.stmts.iter().flat_map(|stmt| &stmt.defs) {
            let Some(binding) = self.flow.bindings.get(id.0).filter(|binding| binding.forward) else { continue };
            let name = &binding.name;
            let ty = binding.ty.as_ref().map(|ty| quote!(: #ty));
            out.extend(quote!(let #name #ty;));
        }
        out
    }

    /// A value that only this block may take, and that several of its statements use, is taken before them all.
    fn take_at_start(&self, ctx: &Ctx<'_>, env: &mut Env) -> TokenStream {
        let mut out = TokenStream::new();
        let mut slots: Vec<BindingId> = env.slots.keys().copied().collect();
        slots.sort_unstable();
        for id in slots {
            let Some(slot) = env.slots.get(&id).filter(|slot| slot.kind != SlotKind::Shared) else { continue };
            let takes = slot.owner.is_none();
            let users = ctx.deps.users.get(&id).into_iter().flatten().filter(|user| user.is_direct()).count();
            // What points into it may go from strand to strand, and must not outlive it.
            let made = ctx.block.stmts.iter().flat_map(|stmt| &stmt.defs);
            let pointed_into = made
                .filter_map(|made| self.flow.bindings.get(made.0))
                .any(|binding| binding.roots.iter().any(|root| root.binding == id));
            if (takes && users > 1) || (pointed_into && users > 0) {
                out.extend(self.acquire(id, takes, env));
            }
        }
        out
    }

    pub(super) fn shape(&self, shape: &Shape, ctx: &Ctx<'_>, env: &mut Env) -> TokenStream {
        match shape {
            Shape::Item(item) => {
                let expression = env.tail_expression && ctx.tail() == Some(*item);
                self.item(*item, ctx, env, expression)
            }
            Shape::Seq(shapes) => shapes.iter().map(|shape| self.shape(shape, ctx, env)).collect(),
            Shape::Group(group) => self.group(group, ctx, env),
        }
    }

    /// Gets a value that another strand makes. It is then a local name: the value itself, or a reference to it.
    pub(super) fn acquire(&self, id: BindingId, take: bool, env: &mut Env) -> TokenStream {
        let (Some(slot), Some(name)) = (env.slots.remove(&id), self.name(id)) else { return TokenStream::new() };
        let slot_name = &slot.name;
        let text = name.to_string();
        let mutability = self.is_mutable(id).then(|| quote!(mut));
        let allow = self.is_mutable(id).then(|| quote!(#[allow(unused_mut)]));
        match slot.kind {
            SlotKind::Shared => {
                env.refs.insert(text);
                quote!(let #name = #slot_name.get().await;)
            }
            SlotKind::Movable if !take => {
                env.refs.insert(text);
                let read = quote!(let #name = #slot_name.read().await;);
                env.guards.insert(id, slot);
                read
            }
            SlotKind::Passed | SlotKind::Movable => {
                env.refs.remove(&text);
                let flags = &slot.flags;
                quote!(#(#flags.wait().await;)* #allow let #mutability #name = #slot_name.take().await;)
            }
        }
    }

    /// What a statement needs from other strands before it begins.
    pub(super) fn acquires(&self, item: usize, ctx: &Ctx<'_>, env: &mut Env) -> TokenStream {
        let mut out = TokenStream::new();
        let Some(stmt) = ctx.block.stmts.get(item) else { return out };
        if let Some(flags) = env.waits.get(&item) {
            out.extend(quote!(#(#flags.wait().await;)*));
        }
        // An arm looks for what it needs by itself, but a value that only one strand gets must not be lost in an arm.
        let now = |used: &&Use| {
            let kept = |slot: &Slot| slot.kind == SlotKind::Passed && slot.owner.is_some_and(|owner| owner != item);
            !used.order && (used.strong || env.slots.get(&used.binding).is_some_and(kept))
        };
        let mut seen: Vec<BindingId> = stmt.uses.iter().filter(now).map(|used| used.binding).collect();
        seen.sort_unstable();
        seen.dedup();
        for id in seen {
            let Some(slot) = env.slots.get(&id) else { continue };
            // In the block that made it the one who takes it is known; further in, whoever gets here is the one.
            let take = slot.owner.is_none_or(|owner| owner == item);
            out.extend(self.acquire(id, take, env));
        }
        out
    }

    /// One statement. The tail stands as an expression if `expression`.
    pub(super) fn item(&self, item: usize, ctx: &Ctx<'_>, env: &mut Env, expression: bool) -> TokenStream {
        let Some(stmt) = ctx.block.stmts.get(item) else { return TokenStream::new() };
        if stmt.broken {
            // At the end of its block it may have been the value, or a way out.
            let last = expression || item + 1 == ctx.block.stmts.len();
            return if last { quote!(loop {}) } else { TokenStream::new() };
        }
        let mut out = self.acquires(item, ctx, env);
        let value = self.value(stmt, item, env);
        out.extend(self.bind(stmt, &value, ctx, expression));
        for id in &stmt.defs {
            env.refs.remove(&self.text(*id));
        }
        for id in &stmt.defs {
            // Named in an `#[after(..)]`, it is used, though nothing takes its value.
            if let (true, Some(name)) = (self.flow.ordered.contains(id), self.name(*id)) {
                out.extend(quote!(let _ = &#name;));
            }
            out.extend(self.put(*id, env));
        }
        for (id, slot) in env.drops.remove(&item).unwrap_or_default() {
            if let Some(name) = self.name(id).filter(|_| env.guards.remove(&id).is_some()) {
                out.extend(quote!(::core::mem::drop(#name);));
                if let Some(slot) = slot {
                    env.refs.remove(&name.to_string());
                    env.slots.insert(id, slot);
                }
            }
        }
        for (flag, progress) in env.raises.get(&item).into_iter().flatten() {
            out.extend(quote!(#flag.raise(&#progress);));
        }
        out
    }

    /// A value that other strands wait for goes into its slot; what follows here reads it there.
    fn put(&self, id: BindingId, env: &mut Env) -> TokenStream {
        let (Some(slot), Some(name)) = (env.puts.remove(&id), self.name(id)) else { return TokenStream::new() };
        let (slot_name, progress) = (&slot.name, &slot.progress);
        let out = quote!(#slot_name.put(#name, &#progress););
        if slot.kind != SlotKind::Passed {
            env.slots.insert(id, slot);
        }
        out
    }

    fn bind(&self, stmt: &Stmt, value: &TokenStream, ctx: &Ctx<'_>, expression: bool) -> TokenStream {
        match &stmt.kind {
            StmtKind::Let { token, pat, ty, eq } => {
                let kept = &stmt.options.kept;
                let semi = quote_spanned!(span::hidden_at(eq.span)=> ;);
                if let (Pat::Ident(pat), true) = (pat, self.is_forward(stmt)) {
                    let name = &pat.ident;
                    return quote!(#name #eq #value #semi);
                }
                let ty = ty.as_ref().map(|ty| quote!(: #ty));
                // To be named by an `#[after(..)]` is a use, of which rustc sees nothing.
                let lint = ctx.is_ordered(stmt).then(|| quote!(#[allow(unused_variables)]));
                quote!(#(#kept)* #lint #token #pat #ty #eq #value #semi)
            }
            StmtKind::Effect if matches!(stmt.value, Value::Step(_)) => quote!(let _ = #value;),
            StmtKind::Effect => quote!(#value;),
            StmtKind::Tail if expression => value.clone(),
            StmtKind::Tail => {
                let (result, ty) = (&ctx.result, ctx.ty.as_ref().map(|ty| quote!(: #ty)));
                quote!(let #result #ty = #value;)
            }
            StmtKind::Assign { target, eq } => quote!(#target #eq #value;),
            StmtKind::Break { token, bare: true } => quote!(#token;),
            StmtKind::Break { token, .. } => quote!(#token #value;),
            StmtKind::Continue { token } => quote!(#token;),
        }
    }

    fn is_forward(&self, stmt: &Stmt) -> bool {
        stmt.defs.iter().any(|id| self.flow.bindings.get(id.0).is_some_and(|binding| binding.forward))
    }

    fn value(&self, stmt: &Stmt, item: usize, env: &Env) -> TokenStream {
        match &stmt.value {
            Value::Plain(expr) => {
                let helper = match &stmt.kind {
                    StmtKind::Let { eq, .. } | StmtKind::Assign { eq, .. } => eq.span,
                    _ => span::hidden(),
                };
                let expr = rewrite::places(expr, &env.refs, helper);
                quote!(#expr)
            }
            Value::Step(call) => self.step(call, env),
            Value::Catch(call) => self.catch(call, env),
            Value::If(found) => self.branch_if(found, &env.inside(item)),
            Value::Match(found) => self.branch_match(found, &env.inside(item)),
            Value::For(found) => self.repeat_for(found, &env.inside(item)),
            Value::Loop(found) => self.repeat_loop(found, &env.inside(item)),
            Value::Block(block) => {
                let inside = self.block(block, env.inside(item), None);
                let mut out = TokenStream::new();
                block.brace.surround(&mut out, |tokens| tokens.extend(inside));
                out
            }
            Value::Broken => TokenStream::new(),
        }
    }
}

impl Env {
    /// The surroundings of a block in a region: it is that statement itself that takes what it owns.
    fn inside(&self, item: usize) -> Self {
        let mut inside = Self {
            refs: self.refs.clone(),
            slots: self.slots.clone(),
            around: self.around,
            fixed: self.fixed,
            nested: true,
            round: self.round.clone(),
            ..Self::default()
        };
        for slot in inside.slots.values_mut() {
            match slot.owner {
                Some(owner) if owner == item => slot.owner = None,
                // Someone else takes it: here it is only read.
                Some(_) => slot.owner = Some(usize::MAX),
                None => {}
            }
        }
        inside
    }
}
