//! Statements without blocks in them.

use crate::program::{Ty, Writer};

impl Writer {
    pub(crate) fn statement(&mut self, depth: usize) -> String {
        self.in_call.clear();
        let line = match self.random.below(100) {
            0..40 => {
                let value = self.step_v();
                self.let_step(depth, &value, Ty::V)
            }
            40..54 => self.other_step(depth),
            54..70 => self.plain(),
            70..76 => self.effect(),
            76..92 if depth < 3 => self.branch(depth),
            92..100 if depth < 2 => self.repeat(depth),
            _ => {
                let value = self.step_v();
                self.let_step(depth, &value, Ty::V)
            }
        };
        self.in_call.clear();
        format!("{line}\n")
    }

    fn let_step(&mut self, depth: usize, value: &str, ty: Ty) -> String {
        let id = self.next_id;
        let mut after = String::new();
        if depth == 0 && self.random.chance(10) {
            let makers: Vec<(usize, u32)> =
                self.makers.iter().copied().filter(|(index, _)| !self.vars[*index].hidden).collect();
            if let Some((index, earlier)) = self.random.pick(&makers).copied() {
                after = format!("⟪#[after({})] ⟫", self.vars[index].name);
                self.after.push((id, earlier));
            }
        }
        if self.random.chance(3) {
            return format!("{after}let _unused{id} = {value};");
        }
        let name = self.name();
        let made = self.define(&name, ty);
        // A workflow that is called writes down its steps, and not itself.
        if depth == 0 && !value.starts_with("⟪sub⟫") {
            self.makers.push((made, id));
        }
        let annotation = if ty == Ty::V && self.random.chance(10) { ": V" } else { "" };
        format!("{after}let {name}{annotation} = {value};")
    }

    fn other_step(&mut self, depth: usize) -> String {
        let (node, ty) = match self.random.below(9) {
            0 | 1 => ("to_p", Ty::P),
            7 => ("to_o", Ty::O),
            8 => ("to_t", Ty::T),
            2 => ("to_e", Ty::E),
            3 => ("to_l", Ty::List),
            4 => ("to_c", Ty::C),
            5 => ("to_k", Ty::K),
            _ => {
                let arg = self.borrow_v();
                let call = self.call("to_t", &[arg]);
                let (a, b) = (self.name(), self.name());
                if a == b {
                    self.define(&a, Ty::V);
                    return format!("let ({a}, _) = {call};");
                }
                self.define(&a, Ty::V);
                self.define(&b, Ty::V);
                return format!("let ({a}, {b}) = {call};");
            }
        };
        let arg = self.borrow_v();
        let call = self.call(node, &[arg]);
        self.let_step(depth, &call, ty)
    }

    fn effect(&mut self) -> String {
        if self.random.chance(70) {
            let arg = self.borrow_v();
            let call = self.call("note", &[arg]);
            let before = ["", "", "let _ = ", "let _done = "][self.random.below(4)];
            format!("{before}{call};")
        } else {
            let arg = self.move_v();
            let call = self.call("note_m", &[arg]);
            format!("{call};")
        }
    }

    pub(crate) fn let_plain(&mut self, value: &str, ty: Ty, borrows: Option<usize>) -> String {
        let name = self.name();
        let made = self.define(&name, ty);
        self.vars[made].borrows = borrows;
        format!("let {name} = {value};")
    }

    /// A value that is computed in place.
    fn plain(&mut self) -> String {
        self.try_plain().unwrap_or_else(|| {
            let c = self.copy_c();
            let other = self.copy_c();
            self.let_plain(&format!("{c}.plus({other})"), Ty::C, None)
        })
    }

    fn try_plain(&mut self) -> Option<String> {
        let name = |writer: &Self, index: usize| writer.vars[index].name.clone();
        if self.random.chance(35) {
            return self.wide_plain();
        }
        Some(match self.random.below(18) {
            0 | 1 => {
                let x = self.whole(Ty::V)?;
                let text = format!("&{}", name(self, x));
                self.let_plain(&text, Ty::RefV, Some(x))
            }
            2 => {
                let x = self.whole(Ty::P)?;
                let text = format!("&{}.a", name(self, x));
                self.let_plain(&text, Ty::RefV, Some(x))
            }
            3 => {
                let x = self.whole(Ty::P)?;
                let text = format!("&{}", name(self, x));
                self.let_plain(&text, Ty::RefP, Some(x))
            }
            4 => {
                let x = self.whole(Ty::P)?;
                let text = format!("{}.first()", name(self, x));
                self.let_plain(&text, Ty::RefV, Some(x))
            }
            5 => {
                let x = self.whole(Ty::List)?;
                let text = format!("{}.first()", name(self, x));
                self.let_plain(&text, Ty::OptV, Some(x))
            }
            6 => {
                let x = self.whole(Ty::List)?;
                let text = format!("&{}", name(self, x));
                self.let_plain(&text, Ty::RefList, Some(x))
            }
            7 => {
                let x = self.take(Ty::V)?;
                let text = name(self, x);
                self.let_plain(&text, Ty::V, None)
            }
            8 => {
                let part = self.take_part()?;
                self.let_plain(&part, Ty::V, None)
            }
            9 => {
                let x = self.take(Ty::P)?;
                let text = name(self, x);
                let (a, b) = (self.name(), self.name());
                if a == b || a == "n" || b == "n" {
                    self.let_plain(&text, Ty::P, None)
                } else {
                    self.define(&a, Ty::V);
                    self.define(&b, Ty::V);
                    format!("let P {{ a: {a}, b: {b}, .. }} = {text};")
                }
            }
            10 => {
                let x = self.whole(Ty::P)?;
                let text = format!("{}.total()", name(self, x));
                self.let_plain(&text, Ty::C, None)
            }
            11 => {
                let x = self.whole(Ty::K)?;
                let text = format!("{}.clone()", name(self, x));
                self.let_plain(&text, Ty::K, None)
            }
            12 => {
                let (x, y) = (self.whole(Ty::V)?, self.whole(Ty::V)?);
                let text = format!("C::read(&format!(\"{{}} {{{}:?}}\", {}.0))", name(self, y), name(self, x));
                self.let_plain(&text, Ty::C, None)
            }
            13 => {
                let (x, y) = (self.take(Ty::V)?, self.take(Ty::V)?);
                let text = format!("vec![{}, {}]", name(self, x), name(self, y));
                self.let_plain(&text, Ty::List, None)
            }
            14 => {
                let (x, c) = (self.whole(Ty::V)?, self.copy_c());
                let text = format!("C::of(Some(1_u64).map_or(0, |one| one ^ {}.0 ^ {c}.0))", name(self, x));
                self.let_plain(&text, Ty::C, None)
            }
            15 => {
                let (x, y) = (self.take(Ty::V)?, self.take(Ty::V)?);
                let c = self.copy_c();
                let text = format!("P {{ b: {}, a: {}, n: {c} }}", name(self, x), name(self, y));
                self.let_plain(&text, Ty::P, None)
            }
            16 => {
                let x = self.take(Ty::V)?;
                let other = self.borrow_v();
                let text = format!("{}.with({other})", name(self, x));
                self.let_plain(&text, Ty::V, None)
            }
            _ => {
                let x = self.whole(Ty::V)?;
                let text = format!("K::of(&{})", name(self, x));
                self.let_plain(&text, Ty::K, None)
            }
        })
    }

    /// The last expression of a block, out of what nothing has used.
    pub(crate) fn gather(&mut self, depth: usize, first: usize, value: bool) -> String {
        self.in_call.clear();
        let mut out = String::new();
        let left = |writer: &Self| {
            let fits = |index: &usize| {
                let var = &writer.vars[*index];
                *index >= first && !var.used && !var.moved && !var.hidden && matches!(var.ty, Ty::V | Ty::RefV)
            };
            (0..writer.vars.len()).filter(fits).count()
        };
        while left(self) > 3 {
            let args = [self.borrow_v(), self.borrow_v(), self.borrow_v()];
            self.in_call.clear();
            let call = self.call("bbb", &args);
            let name = self.name();
            self.define(&name, Ty::V);
            out += &format!("let {name} = {call};\n");
        }
        if !value {
            let arg = self.borrow_v();
            return format!("{out}{};\n", self.call("note", &[arg]));
        }
        if depth < 2 && self.random.chance(15) {
            self.fuel += 2;
            let branch = self.branch_value(depth);
            return format!("{out}{branch}\n");
        }
        let value = if self.random.chance(12) { self.move_v() } else { self.step_v() };
        self.in_call.clear();
        format!("{out}{value}\n")
    }
}
