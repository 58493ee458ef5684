//! Arguments and calls that rustc accepts.

use crate::program::{Ty, Writer};

/// The name of a part.
pub(crate) fn field(ty: Ty, part: usize) -> &'static str {
    match ty {
        Ty::T => ["0", "1"][part],
        _ => ["a", "b"][part],
    }
}

impl Writer {
    fn visible(&self, ty: Ty) -> Vec<usize> {
        let fits = |index: &usize| {
            let var = &self.vars[*index];
            var.ty == ty && !var.moved && !var.hidden
        };
        (0..self.vars.len()).filter(fits).collect()
    }

    /// One of `list`, sooner one that nothing has used.
    fn choose(&mut self, list: &[usize]) -> Option<usize> {
        let fresh: Vec<usize> = list.iter().copied().filter(|index| !self.vars[*index].used).collect();
        let from = if !fresh.is_empty() && self.random.chance(70) { &fresh } else { list };
        let found = self.random.pick(from).copied()?;
        self.vars[found].used = true;
        Some(found)
    }

    /// What a binding borrows from in the end.
    pub(crate) fn root(&self, mut index: usize) -> usize {
        while let Some(from) = self.vars[index].borrows {
            index = from;
        }
        index
    }

    fn note_borrow(&mut self, index: usize) {
        let root = self.root(index);
        self.in_call.push(root);
    }

    /// A name of this type, whole, to borrow or copy.
    pub(crate) fn whole(&mut self, ty: Ty) -> Option<usize> {
        let list: Vec<usize> =
            self.visible(ty).into_iter().filter(|index| self.vars[*index].parts == [false; 2]).collect();
        let found = self.choose(&list)?;
        self.note_borrow(found);
        Some(found)
    }

    /// Takes a name of this type, whole.
    pub(crate) fn take(&mut self, ty: Ty) -> Option<usize> {
        let list: Vec<usize> = self
            .visible(ty)
            .into_iter()
            .filter(|index| self.vars[*index].parts == [false; 2] && self.may_move(*index))
            .collect();
        let found = self.choose(&list)?;
        self.vars[found].moved = true;
        self.end_borrows(found);
        Some(found)
    }

    pub(crate) fn may_move(&mut self, index: usize) -> bool {
        if !self.vars[index].own || self.vars[index].moved || self.in_call.contains(&index) {
            return false;
        }
        let borrows = |other: &usize| *other != index && self.root(*other) == index && !self.vars[*other].moved;
        if (0..self.vars.len()).filter(borrows).any(|other| self.in_call.contains(&other) || self.vars[other].mutable) {
            return false;
        }
        let users = (0..self.vars.len()).filter(borrows).count();
        // The last use of what borrows from it has been.
        users == 0 || self.random.chance(30)
    }

    pub(crate) fn end_borrows(&mut self, index: usize) {
        for other in 0..self.vars.len() {
            if other != index && self.root(other) == index {
                self.vars[other].moved = true;
            }
        }
    }

    /// `&V`.
    pub(crate) fn borrow_v(&mut self) -> String {
        let mut list = self.visible(Ty::V);
        list.extend(self.visible(Ty::RefV));
        let with_any = |index: &usize| self.vars[*index].parts != [true; 2];
        list.extend(self.visible(Ty::P).into_iter().filter(with_any));
        list.extend(self.visible(Ty::T).into_iter().filter(with_any));
        list.extend(self.visible(Ty::RefP));
        let Some(found) = self.choose(&list) else { return "&V::new(5)".to_owned() };
        self.note_borrow(found);
        let name = self.vars[found].name.clone();
        match self.vars[found].ty {
            Ty::V => format!("&{name}"),
            Ty::RefV => name,
            ty => {
                let gone = self.vars[found].parts;
                let part = usize::from(gone[0] || (!gone[1] && self.random.chance(40)));
                format!("&{name}.{}", field(ty, part))
            }
        }
    }

    /// `V`, the value itself.
    pub(crate) fn move_v(&mut self) -> String {
        if self.random.chance(20) {
            if let Some(part) = self.take_part() {
                return part;
            }
        }
        if self.random.chance(20) {
            if let Some(value) = self.wide_value() {
                return value;
            }
        }
        if self.random.chance(15) {
            if let Some(found) = self.whole(Ty::K) {
                return format!("{}.clone().into_v()", self.vars[found].name);
            }
        }
        if self.random.chance(10) {
            if let Some(found) = self.take(Ty::K) {
                return format!("{}.into_v()", self.vars[found].name);
            }
        }
        match self.take(Ty::V) {
            Some(found) => self.vars[found].name.clone(),
            None => "V::new(6)".to_owned(),
        }
    }

    /// A part of a `P`, moved out of it.
    pub(crate) fn take_part(&mut self) -> Option<String> {
        let ty = if self.random.chance(60) { Ty::P } else { Ty::T };
        let list: Vec<usize> = self
            .visible(ty)
            .into_iter()
            .filter(|index| self.vars[*index].parts != [true; 2] && self.may_move(*index))
            .collect();
        let found = self.choose(&list)?;
        let part = usize::from(self.vars[found].parts[0] || (!self.vars[found].parts[1] && self.random.chance(50)));
        self.vars[found].parts[part] = true;
        self.end_borrows(found);
        Some(format!("{}.{}", self.vars[found].name, field(self.vars[found].ty, part)))
    }

    /// `C`, a copy.
    pub(crate) fn copy_c(&mut self) -> String {
        let mut list = self.visible(Ty::C);
        list.extend(self.visible(Ty::P));
        list.extend(self.visible(Ty::RefP));
        let Some(found) = self.choose(&list).filter(|_| !self.random.chance(10)) else {
            return ["C(4)", "BASE"][self.random.below(2)].to_owned();
        };
        if self.vars[found].ty != Ty::C {
            self.note_borrow(found);
        }
        let name = &self.vars[found].name;
        if self.vars[found].ty == Ty::C { name.clone() } else { format!("{name}.n") }
    }

    /// A call of a step, in both forms.
    pub(crate) fn call(&mut self, node: &str, args: &[String]) -> String {
        let id = self.id();
        let await_ = if node.starts_with("sync") { "" } else { "⟦.await⟧" };
        format!("{node}({id}, {}⟦, s⟧){await_}", args.join(", "))
    }

    /// A step that gives a `V`.
    pub(crate) fn step_v(&mut self) -> String {
        const FORMS: &[(&str, &str)] = &[
            ("b", "b"),
            ("b", "b"),
            ("m", "m"),
            ("bb", "bb"),
            ("bb", "bb"),
            ("bm", "bm"),
            ("bm", "bm"),
            ("mb", "mb"),
            ("mm", "mm"),
            ("bbb", "bbb"),
            ("bmb", "bmb"),
            ("c_b", "cb"),
            ("c_m", "cm"),
            ("c_c", "cc"),
            ("sync_b", "b"),
            ("sync_bm", "bm"),
        ];
        if self.random.chance(25) {
            if let Some(call) = self.rare_step() {
                return call;
            }
        }
        let (node, form) = FORMS[self.random.below(FORMS.len())];
        let outer = std::mem::take(&mut self.in_call);
        self.in_call.clone_from(&outer);
        let args: Vec<String> = form
            .chars()
            .map(|kind| match kind {
                'b' if self.fuel > 3 && self.random.chance(8) => {
                    let arg = self.borrow_v();
                    format!("&{}", self.call("b", &[arg]))
                }
                'b' => self.borrow_v(),
                'm' => self.move_v(),
                _ => self.copy_c(),
            })
            .collect();
        self.in_call = outer;
        self.call(node, &args)
    }

    /// A step for what is not a `V`.
    fn rare_step(&mut self) -> Option<String> {
        let depth = self.in_call.len();
        let borrow = |writer: &mut Self, ty| {
            writer.whole(ty).map(|found| {
                let name = writer.vars[found].name.clone();
                if matches!(ty, Ty::RefP | Ty::RefList | Ty::OptV | Ty::C) { name } else { format!("&{name}") }
            })
        };
        let (node, arg) = match self.random.below(14) {
            9 => ("t_b", borrow(self, Ty::T)?),
            10 => ("t_m", self.take(Ty::T).map(|found| self.vars[found].name.clone())?),
            11 => ("o_m", self.take(Ty::O).map(|found| self.vars[found].name.clone())?),
            12 => ("o_b", borrow(self, Ty::O).map(|name| format!("{}.as_ref()", name.trim_start_matches('&')))?),
            13 => {
                let outer = self.in_call.clone();
                let (x, y) = (self.borrow_v(), self.move_v());
                self.in_call = outer;
                let id = self.id();
                return Some(format!("⟪sub⟫⟦plain_sub⟧({id}, {x}, {y}⟦, s⟧)⟦.await⟧"));
            }
            0 => ("l_b", borrow(self, Ty::List)?),
            1 => ("l_b", borrow(self, Ty::RefList)?),
            2 => ("p_b", borrow(self, Ty::P)?),
            3 => ("p_b", borrow(self, Ty::RefP)?),
            4 => ("k_b", borrow(self, Ty::K)?),
            5 => ("o_b", borrow(self, Ty::OptV)?),
            6 => ("l_m", self.take(Ty::List).map(|found| self.vars[found].name.clone())?),
            7 => ("p_m", self.take(Ty::P).map(|found| self.vars[found].name.clone())?),
            _ => match self.random.below(2) {
                0 => ("k_m", format!("{}.clone()", borrow(self, Ty::K)?.trim_start_matches('&'))),
                _ => ("k_m", self.take(Ty::K).map(|found| self.vars[found].name.clone())?),
            },
        };
        let call = self.call(node, &[arg]);
        self.in_call.truncate(depth);
        Some(call)
    }
}
