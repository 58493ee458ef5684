//! A program while it is written, and what rustc will know of its bindings.
//!
//! Both forms come from one text: what stands in `⟪ ⟫` is only in the workflow, what stands in `⟦ ⟧` only in plain Rust.

use crate::random::Random;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ty {
    V,
    C,
    K,
    P,
    E,
    List,
    RefV,
    RefP,
    RefList,
    OptV,
    /// `(V, V)`.
    T,
    /// `Option<V>`.
    O,
    /// A closure from a number to a number.
    F,
    /// A closure that gives the `V` that it holds.
    G,
}

#[derive(Debug, Clone)]
pub(crate) struct Var {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    /// It may be moved here: it is no binding from around a `for` or `loop`, and no reference.
    pub(crate) own: bool,
    pub(crate) moved: bool,
    /// Another binding has its name.
    pub(crate) hidden: bool,
    /// Moved out of a `P` or a tuple.
    pub(crate) parts: [bool; 2],
    /// What it borrows from.
    pub(crate) borrows: Option<usize>,
    pub(crate) used: bool,
    pub(crate) mutable: bool,
}

pub(crate) struct Program {
    pub(crate) text: String,
    pub(crate) case: String,
    /// The workflow on inputs that it owns, if all its nodes can be called elsewhere.
    pub(crate) remote: Option<String>,
}

pub(crate) struct Writer {
    pub(crate) random: Random,
    pub(crate) vars: Vec<Var>,
    pub(crate) next_id: u32,
    pub(crate) next_name: u32,
    /// How many blocks are around.
    pub(crate) depth: usize,
    /// Steps that may still be written.
    pub(crate) fuel: usize,
    /// Bindings that the call which is being written borrows.
    pub(crate) in_call: Vec<usize>,
    /// `#[after]`: the later step, the earlier one.
    pub(crate) after: Vec<(u32, u32)>,
    /// The step that made a top-level binding.
    pub(crate) makers: Vec<(usize, u32)>,
}

pub(crate) fn program(seed: u64) -> Program {
    let mut random = Random::new(seed);
    for _ in 0..4 {
        random.below(2);
    }
    let fuel = 5 + random.below(21);
    let mut writer = Writer {
        random,
        vars: Vec::new(),
        next_id: 100,
        next_name: 0,
        depth: 0,
        fuel,
        in_call: Vec::new(),
        after: Vec::new(),
        makers: Vec::new(),
    };
    let kinds = [
        ("p", Ty::V, "V"),
        ("q", Ty::V, "V"),
        ("n", Ty::C, "C"),
        ("k", Ty::K, "K"),
        ("t", Ty::P, "P"),
        ("l", Ty::List, "Vec<V>"),
    ];
    let (mut params, mut args, mut owned) = (String::new(), String::new(), String::new());
    for (name, ty, text) in kinds {
        if ty != Ty::V && writer.random.chance(60) {
            continue;
        }
        let borrowed = matches!(ty, Ty::V | Ty::P | Ty::List) && writer.random.chance(20);
        let ty = match ty {
            Ty::V if borrowed => Ty::RefV,
            Ty::P if borrowed => Ty::RefP,
            Ty::List if borrowed => Ty::RefList,
            ty => ty,
        };
        let reference = if borrowed { "&" } else { "" };
        params += &format!("{name}: {reference}{text}, ");
        args += &format!("{reference}input::{name}(), ");
        owned += &format!("input::{name}(), ");
        writer.define(name, ty);
    }
    let body = writer.block(0, true, None);
    let (flow, plain) = (only(&body, '⟪', '⟦'), only(&body, '⟦', '⟪'));
    let text = format!(
        "workflow! {{\n    pub fn flow{seed}({params}) -> V {{\n{flow}    }}\n}}\n\
         async fn plain{seed}({params}s: &Record) -> V {{\n{plain}}}\n"
    );
    let after: String = writer.after.iter().map(|(later, earlier)| format!("({later}, {earlier}), ")).collect();
    let case = format!(
        "Case {{ name: \"flow{seed}\", \
         flow: |app| Box::pin(async move {{ flow{seed}({args}).run(app).await.map(|v| v.0).map_err(|f| f.to_string()) }}), \
         plain: |app| Box::pin(async move {{ Ok(plain{seed}({args}&app.record).await.0) }}), after: &[{after}] }}"
    );
    // What `o_b` takes borrows inside, so nothing else could own it.
    let remote = (!text.contains("o_b("))
        .then(|| format!("visitor = visitor.case(\"flow{seed}\", || flowc::schema::owned::<flow{seed}>(({owned})));"));
    Program { text, case, remote }
}

/// The text without the marks, and without what stands in `drop` marks.
fn only(text: &str, keep: char, drop: char) -> String {
    let close = |open| if open == '⟪' { '⟫' } else { '⟧' };
    let (mut out, mut dropping) = (String::new(), false);
    for letter in text.chars() {
        if letter == drop {
            dropping = true;
        } else if letter == close(drop) {
            dropping = false;
        } else if letter != keep && letter != close(keep) && !dropping {
            out.push(letter);
        }
    }
    out
}

impl Writer {
    pub(crate) fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.fuel = self.fuel.saturating_sub(1);
        self.next_id
    }

    /// A new name, or one that is taken already.
    pub(crate) fn name(&mut self) -> String {
        let taken: Vec<String> =
            self.vars.iter().filter(|var| !var.hidden && !var.mutable).map(|var| var.name.clone()).collect();
        if self.random.chance(6) {
            if let Some(name) = self.random.pick(&taken) {
                return name.clone();
            }
        }
        self.next_name += 1;
        format!("x{}", self.next_name)
    }

    pub(crate) fn define(&mut self, name: &str, ty: Ty) -> usize {
        for var in &mut self.vars {
            var.hidden |= var.name == name;
        }
        let own = !matches!(ty, Ty::C | Ty::RefV | Ty::RefP | Ty::RefList | Ty::OptV | Ty::F);
        self.vars.push(Var {
            name: name.to_owned(),
            ty,
            own,
            moved: false,
            hidden: false,
            parts: [false; 2],
            borrows: None,
            used: false,
            mutable: false,
        });
        self.vars.len() - 1
    }

    /// A block with statements and, as its last expression, a `V`. `made` are bindings that its head makes.
    pub(crate) fn block(&mut self, depth: usize, value: bool, made: Option<(&str, Ty, Option<usize>)>) -> String {
        let first = self.vars.len();
        let around = std::mem::replace(&mut self.depth, depth);
        if let Some((name, ty, root)) = made {
            let made = self.define(name, ty);
            self.vars[made].borrows = root;
        }
        let mut out = String::new();
        let count = if depth == 0 { usize::MAX } else { self.random.below(4) };
        for _ in 0..count {
            if self.fuel == 0 {
                break;
            }
            out += &self.statement(depth);
        }
        out += &self.gather(depth, first, value);
        self.depth = around;
        out
    }

    /// What happens in a block whose bindings are gone behind it: moves stay, shadows do not.
    pub(crate) fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let hidden: Vec<bool> = self.vars.iter().map(|var| var.hidden).collect();
        let out = inside(self);
        self.vars.truncate(hidden.len());
        for (var, was) in self.vars.iter_mut().zip(hidden) {
            var.hidden = was;
        }
        out
    }

    /// Blocks of which one will run: what one of them moves is gone behind them.
    pub(crate) fn one_of<T>(&mut self, arms: Vec<Box<dyn FnOnce(&mut Self) -> T + '_>>) -> Vec<T> {
        let before = self.vars.clone();
        let mut after = before.clone();
        let mut out = Vec::new();
        for arm in arms {
            self.vars.clone_from(&before);
            out.push(self.scoped(arm));
            for (merged, var) in after.iter_mut().zip(&self.vars) {
                merged.moved |= var.moved;
                merged.used |= var.used;
                merged.parts = [merged.parts[0] | var.parts[0], merged.parts[1] | var.parts[1]];
            }
        }
        self.vars = after;
        out
    }

    /// A block that may run more than once: it moves nothing from around it, but what `carried` says.
    pub(crate) fn repeated<T>(&mut self, carried: Option<usize>, inside: impl FnOnce(&mut Self) -> T) -> T {
        let own: Vec<bool> = self.vars.iter().map(|var| var.own).collect();
        for (index, var) in self.vars.iter_mut().enumerate() {
            var.own &= Some(index) == carried;
        }
        let out = self.scoped(inside);
        for (var, was) in self.vars.iter_mut().zip(own) {
            var.own = was;
        }
        out
    }
}
