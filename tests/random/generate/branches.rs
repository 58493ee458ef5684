//! `if`, `match`, blocks.

use crate::program::{Ty, Writer};

type Arm<'a> = Box<dyn FnOnce(&mut Writer) -> String + 'a>;

impl Writer {
    pub(crate) fn branch(&mut self, depth: usize) -> String {
        if self.random.chance(20) {
            return self.branch_effect(depth);
        }
        let value = self.branch_value(depth);
        let name = self.name();
        self.define(&name, Ty::V);
        format!("let {name} = {value};")
    }

    fn condition(&mut self) -> String {
        let text = match self.random.below(3) {
            0 => {
                let arg = self.borrow_v();
                self.call("flag", &[arg])
            }
            1 => format!("{}.0 % 2 == 0", self.copy_c()),
            _ => match self.whole(Ty::V) {
                Some(found) => format!("{}.0 % 2 == 0", self.vars[found].name),
                None => format!("{} == C(3)", self.copy_c()),
            },
        };
        self.in_call.clear();
        text
    }

    fn branch_effect(&mut self, depth: usize) -> String {
        let condition = self.condition();
        let arms: Vec<Arm<'_>> =
            vec![Box::new(|writer| writer.block(depth + 1, false, None)), Box::new(|_| String::new())];
        let arms = self.one_of(arms);
        format!("if {condition} {{\n{}}}", arms[0])
    }

    /// An expression with blocks that gives a `V`.
    pub(crate) fn branch_value(&mut self, depth: usize) -> String {
        match self.random.below(14) {
            10 | 11 => self.if_let(depth),
            12 | 13 => self.match_parts(depth),
            0..4 => self.if_value(depth),
            4 | 5 => {
                let inside = self.scoped(|writer| writer.block(depth + 1, true, None));
                // A block with nothing in it but a value is that value.
                format!("{{\n{inside}}}")
            }
            6 | 7 => self.catch(depth),
            _ => self.match_enum(depth),
        }
    }

    fn if_value(&mut self, depth: usize) -> String {
        let condition = self.condition();
        if depth < 2 && self.random.chance(20) {
            let second = self.condition();
            let arms: Vec<Arm<'_>> = vec![
                Box::new(|writer| writer.block(depth + 1, true, None)),
                Box::new(|writer| writer.block(depth + 1, true, None)),
                Box::new(|writer| writer.block(depth + 1, true, None)),
            ];
            let arms = self.one_of(arms);
            return format!(
                "if {condition} {{\n{}}} else if {second} {{\n{}}} else {{\n{}}}",
                arms[0], arms[1], arms[2]
            );
        }
        let arms: Vec<Arm<'_>> = vec![
            Box::new(|writer| writer.block(depth + 1, true, None)),
            Box::new(|writer| writer.block(depth + 1, true, None)),
        ];
        let arms = self.one_of(arms);
        format!("if {condition} {{\n{}}} else {{\n{}}}", arms[0], arms[1])
    }

    fn catch(&mut self, depth: usize) -> String {
        let call = if self.random.chance(60) {
            let arg = self.borrow_v();
            self.call("try_b", &[arg])
        } else {
            let arg = self.move_v();
            self.call("try_m", &[arg])
        };
        self.in_call.clear();
        let name = self.name();
        let found = name.clone();
        let arms: Vec<Arm<'_>> = vec![
            Box::new(move |writer| writer.block(depth + 1, true, Some((&found, Ty::V, None)))),
            Box::new(|writer| writer.block(depth + 1, true, None)),
        ];
        let arms = self.one_of(arms);
        format!("match ⟪catch(⟫{call}⟪)⟫ {{\nOk({name}) => {{\n{}}}\nErr(_) => {{\n{}}}\n}}", arms[0], arms[1])
    }

    fn match_enum(&mut self, depth: usize) -> String {
        let mut root = None;
        let (head, reference) = match self.random.below(3) {
            0 => {
                let arg = self.borrow_v();
                (self.call("to_e", &[arg]), false)
            }
            1 => match self.take(Ty::E) {
                Some(found) => (self.vars[found].name.clone(), false),
                None => ("E::One(V::new(8))".to_owned(), false),
            },
            _ => match self.whole(Ty::E) {
                Some(found) => {
                    root = Some(found);
                    (format!("&{}", self.vars[found].name), true)
                }
                None => return self.if_value(depth),
            },
        };
        self.in_call.clear();
        let (one, two) = (self.name(), self.name());
        let inner = if reference { Ty::RefV } else { Ty::V };
        let (first, second) = (one.clone(), two.clone());
        let guard = if self.random.chance(30) { format!(" if {two}.0 % 2 == 0") } else { String::new() };
        let guarded = !guard.is_empty();
        let mut arms: Vec<Arm<'_>> = vec![
            Box::new(move |writer| writer.block(depth + 1, true, Some((&first, inner, root)))),
            Box::new(move |writer| writer.block(depth + 1, true, Some((&second, inner, root)))),
            Box::new(|writer| writer.block(depth + 1, true, None)),
        ];
        if guarded {
            arms.push(Box::new(|writer| writer.block(depth + 1, true, None)));
        }
        let arms = self.one_of(arms);
        let last = arms.get(3).map(|arm| format!("E::Two(..) => {{\n{arm}}}\n")).unwrap_or_default();
        format!(
            "match {head} {{\nE::One({one}) => {{\n{}}}\nE::Two({two}, _){guard} => {{\n{}}}\nE::Zero => {{\n{}}}\n{last}}}",
            arms[0], arms[1], arms[2]
        )
    }
}
