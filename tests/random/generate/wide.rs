//! Rarer forms: closures, tuples, methods whose names mislead, moves of parts by patterns, `if let`.

use crate::calls::field;
use crate::program::{Ty, Writer};

impl Writer {
    fn named(&self, index: usize) -> String {
        self.vars[index].name.clone()
    }

    /// A `V` out of something rarer, by value.
    pub(crate) fn wide_value(&mut self) -> Option<String> {
        Some(match self.random.below(8) {
            0 => {
                let x = self.take(Ty::V)?;
                format!("{}.peek()", self.named(x))
            }
            1 => {
                let x = self.take(Ty::P)?;
                format!("{}.first_of_all()", self.named(x))
            }
            2 => {
                let x = self.take(Ty::G)?;
                format!("{}()", self.named(x))
            }
            3 => {
                let x = self.take(Ty::O)?;
                format!("{}.unwrap_or_else(|| V::new(13))", self.named(x))
            }
            4 if self.fuel > 3 => {
                // A step as an argument, by value.
                let outer = self.in_call.clone();
                let arg = self.move_v();
                self.in_call = outer;
                self.call("m", &[arg])
            }
            5 => {
                let x = self.take(Ty::V)?;
                format!("{{ let inner = {}; inner }}", self.named(x))
            }
            6 => {
                let x = self.take(Ty::T)?;
                format!("({}).1", self.named(x))
            }
            _ => {
                let x = self.take(Ty::V)?;
                format!("(std::convert::identity)({})", self.named(x))
            }
        })
    }

    /// A `let` of something rarer.
    pub(crate) fn wide_plain(&mut self) -> Option<String> {
        Some(match self.random.below(20) {
            0 => {
                let (x, c) = (self.whole(Ty::V)?, self.copy_c());
                let text = format!("|one: u64| one ^ {}.0 ^ {c}.0", self.named(x));
                self.let_plain(&text, Ty::F, Some(x))
            }
            1 => {
                let f = self.whole(Ty::F)?;
                let text = format!("C::of({}(3))", self.named(f));
                self.let_plain(&text, Ty::C, None)
            }
            2 => {
                let x = self.take(Ty::V)?;
                let text = format!("move || {}", self.named(x));
                self.let_plain(&text, Ty::G, None)
            }
            3 => {
                let (x, y) = (self.take(Ty::V)?, self.take(Ty::V)?);
                let text = format!("({}, {})", self.named(x), self.named(y));
                self.let_plain(&text, Ty::T, None)
            }
            4 => {
                let x = self.whole(Ty::V)?;
                let text = format!("{}.into_ref()", self.named(x));
                self.let_plain(&text, Ty::RefV, Some(x))
            }
            5 => {
                let x = self.whole(Ty::P)?;
                let text = format!("{}.finish()", self.named(x));
                self.let_plain(&text, Ty::RefV, Some(x))
            }
            6 | 7 => {
                // One part by a pattern; the others stay.
                let found = self.part_left(Ty::P)?;
                let part = usize::from(self.vars[found].parts[0]);
                self.vars[found].parts[part] = true;
                self.end_borrows(found);
                let (text, name) = (self.named(found), self.name());
                self.define(&name, Ty::V);
                format!("let P {{ {}: {name}, .. }} = {text};", field(Ty::P, part))
            }
            8 => {
                let found = self.part_left(Ty::T)?;
                let part = usize::from(self.vars[found].parts[0]);
                self.vars[found].parts[part] = true;
                self.end_borrows(found);
                let (text, name) = (self.named(found), self.name());
                self.define(&name, Ty::V);
                if part == 0 { format!("let ({name}, _) = {text};") } else { format!("let (_, {name}) = {text};") }
            }
            9 => {
                let x = self.whole(Ty::P)?;
                let (text, name) = (self.named(x), self.name());
                let made = self.define(&name, Ty::RefV);
                self.vars[made].borrows = Some(x);
                if self.random.chance(50) {
                    format!("let P {{ a: {name}, .. }} = &{text};")
                } else {
                    format!("let P {{ b: ref {name}, .. }} = {text};")
                }
            }
            10 => {
                let (x, y) = (self.take(Ty::V)?, self.take(Ty::V)?);
                let (one, two, c) = (self.named(x), self.named(y), self.copy_c());
                let text = format!("if {c}.0 % 2 == 0 {{ {one} }} else {{ {two} }}");
                self.let_plain(&text, Ty::V, None)
            }
            11 => {
                let (x, y, c) = (self.take(Ty::V)?, self.take(Ty::V)?, self.copy_c());
                let text =
                    format!("{{ let (a, b, n) = ({}, {}, {c}); P {{ a, b, n }} }}", self.named(x), self.named(y));
                self.let_plain(&text, Ty::P, None)
            }
            12 => {
                let (c, other) = (self.copy_c(), self.copy_c());
                let text = format!("C::of(u64::max({c}.0, {other}.0) >> 1)");
                self.let_plain(&text, Ty::C, None)
            }
            13 => {
                let x = self.take(Ty::P)?;
                let text = format!(
                    "match {} {{ P {{ a, n: C(number), .. }} if number % 2 == 0 => a, P {{ b, .. }} => b }}",
                    self.named(x)
                );
                self.let_plain(&text, Ty::V, None)
            }
            14 => {
                let x = self.take(Ty::O)?;
                let text = format!("if let Some(inner) = {} {{ inner }} else {{ V::new(14) }}", self.named(x));
                self.let_plain(&text, Ty::V, None)
            }
            15 => {
                let (x, y) = (self.whole(Ty::V)?, self.whole(Ty::V)?);
                let (x, y) = (self.named(x), self.named(y));
                let text = format!("C::read(&format!(\"{{one}} {{{x}:?}} {{}}\", {y}.0, one = {y}.into_ref().0))");
                self.let_plain(&text, Ty::C, None)
            }
            16 => {
                let l = self.whole(Ty::List)?;
                let text = format!("C::of({}.iter().map(|x1| x1.0).fold(0, |p, q| p ^ q))", self.named(l));
                self.let_plain(&text, Ty::C, None)
            }
            17 => {
                let l = self.whole(Ty::List)?;
                let text = format!("C::of({}.len() as u64)", self.named(l));
                self.let_plain(&text, Ty::C, None)
            }
            18 => {
                let x = self.whole(Ty::O)?;
                let text = format!("{}.as_ref()", self.named(x));
                self.let_plain(&text, Ty::OptV, Some(x))
            }
            _ => {
                let k = self.whole(Ty::K)?;
                let name = self.name();
                let text = self.named(k);
                self.define(&name, Ty::K);
                format!("let {name}: K = {text}.clone();")
            }
        })
    }

    /// Something of which a part is left that may be moved.
    fn part_left(&mut self, ty: Ty) -> Option<usize> {
        let all: Vec<usize> = (0..self.vars.len()).collect();
        let list: Vec<usize> = all
            .into_iter()
            .filter(|index| {
                let var = &self.vars[*index];
                var.ty == ty && !var.moved && !var.hidden && var.parts != [true; 2] && self.may_move(*index)
            })
            .collect();
        let found = self.random.pick(&list).copied()?;
        self.vars[found].used = true;
        Some(found)
    }

    /// `if let`, perhaps with an `else if let`, that gives a `V`.
    pub(crate) fn if_let(&mut self, depth: usize) -> String {
        let mut root = None;
        let (head, inner) = match self.random.below(3) {
            0 => match self.take(Ty::O) {
                Some(found) => (self.named(found), Ty::V),
                None => {
                    let arg = self.borrow_v();
                    (self.call("to_o", &[arg]), Ty::V)
                }
            },
            1 => match self.whole(Ty::O) {
                Some(found) => {
                    root = Some(found);
                    (format!("&{}", self.named(found)), Ty::RefV)
                }
                None => ("Some(V::new(15))".to_owned(), Ty::V),
            },
            _ => {
                let arg = self.borrow_v();
                (self.call("to_o", &[arg]), Ty::V)
            }
        };
        self.in_call.clear();
        let name = self.name();
        let (second, other) = if depth < 2 && self.random.chance(30) {
            let arg = self.borrow_v();
            let call = self.call("to_e", &[arg]);
            self.in_call.clear();
            let other = self.name();
            (Some(format!("else if let E::Two({other}, _) = {call}")), other)
        } else {
            (None, String::new())
        };
        let first = name.clone();
        let mut arms: Vec<Box<dyn FnOnce(&mut Self) -> String>> = vec![
            Box::new(move |writer| writer.block(depth + 1, true, Some((&first, inner, root)))),
            Box::new(|writer| writer.block(depth + 1, true, None)),
        ];
        if second.is_some() {
            arms.insert(1, Box::new(move |writer| writer.block(depth + 1, true, Some((&other, Ty::V, None)))));
        }
        let arms = self.one_of(arms);
        match second {
            Some(second) => format!(
                "if let Some({name}) = {head} {{\n{}}} {second} {{\n{}}} else {{\n{}}}",
                arms[0], arms[1], arms[2]
            ),
            None => format!("if let Some({name}) = {head} {{\n{}}} else {{\n{}}}", arms[0], arms[1]),
        }
    }

    /// `match` on a tuple or a struct, by value or by reference.
    pub(crate) fn match_parts(&mut self, depth: usize) -> String {
        if self.random.chance(40) {
            let (x, y) = (self.copy_c(), self.copy_c());
            self.in_call.clear();
            let arms: Vec<Box<dyn FnOnce(&mut Self) -> String>> = vec![
                Box::new(|writer| writer.block(depth + 1, true, None)),
                Box::new(|writer| writer.block(depth + 1, true, None)),
                Box::new(|writer| writer.block(depth + 1, true, None)),
            ];
            let arms = self.one_of(arms);
            return format!(
                "match ({x}.0 % 2, {y}) {{\n(0, _) => {{\n{}}}\n(_, C(inner)) if inner % 3 == 0 => {{\n{}}}\n_ => {{\n{}}}\n}}",
                arms[0], arms[1], arms[2]
            );
        }
        let mut root = None;
        let (head, inner) = match self.random.below(2) {
            0 => match self.take(Ty::P) {
                Some(found) => (self.named(found), Ty::V),
                None => {
                    let arg = self.borrow_v();
                    (self.call("to_p", &[arg]), Ty::V)
                }
            },
            _ => match self.whole(Ty::P) {
                Some(found) => {
                    root = Some(found);
                    (format!("&{}", self.named(found)), Ty::RefV)
                }
                None => {
                    let arg = self.borrow_v();
                    (self.call("to_p", &[arg]), Ty::V)
                }
            },
        };
        self.in_call.clear();
        let (one, two) = (self.name(), self.name());
        let (first, second) = (one.clone(), two.clone());
        let arms: Vec<Box<dyn FnOnce(&mut Self) -> String>> = vec![
            Box::new(move |writer| writer.block(depth + 1, true, Some((&first, inner, root)))),
            Box::new(move |writer| writer.block(depth + 1, true, Some((&second, inner, root)))),
        ];
        let arms = self.one_of(arms);
        format!(
            "match {head} {{\nP {{ a: {one}, n: C(number), .. }} if number % 2 == 0 => {{\n{}}}\nP {{ b: {two}, .. }} => {{\n{}}}\n}}",
            arms[0], arms[1]
        )
    }
}
