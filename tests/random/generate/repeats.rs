//! `for` and `loop`.

use crate::program::{Ty, Writer};

impl Writer {
    pub(crate) fn repeat(&mut self, depth: usize) -> String {
        if self.random.chance(60) { self.map(depth) } else { self.rounds(depth) }
    }

    fn map(&mut self, depth: usize) -> String {
        let mut root = None;
        let (over, item) = match self.random.below(4) {
            0 => match self.take(Ty::List) {
                Some(found) => (self.vars[found].name.clone(), Ty::V),
                None => {
                    let arg = self.borrow_v();
                    (self.call("to_l", &[arg]), Ty::V)
                }
            },
            1 => match self.whole(Ty::RefList) {
                Some(found) => {
                    root = Some(found);
                    (self.vars[found].name.clone(), Ty::RefV)
                }
                None => ("vec![V::new(9), V::new(10)]".to_owned(), Ty::V),
            },
            _ => match self.whole(Ty::List) {
                Some(found) => {
                    root = Some(found);
                    (format!("&{}", self.vars[found].name), Ty::RefV)
                }
                None => {
                    let arg = self.borrow_v();
                    (self.call("to_l", &[arg]), Ty::V)
                }
            },
        };
        self.in_call.clear();
        let max = 1 + self.random.below(4);
        let each = self.name();
        let values = self.random.chance(75);
        let body = self.repeated(None, |writer| writer.block(depth + 1, values, Some((&each, item, root))));
        if values {
            let name = self.name();
            self.define(&name, Ty::List);
            format!(
                "⟪#[max({max})] ⟫let {name} = ⟦{{ let mut out = Vec::new(); ⟧for {each} in {over} {{\n⟦out.push({{⟧{body}⟦}});⟧}}⟦\nout }}⟧;"
            )
        } else {
            format!("⟪#[max({max})] ⟫for {each} in {over} {{\n{body}}}")
        }
    }

    /// A reference that a loop makes again: its name, and what it borrows from first and then. Neither is moved any more.
    fn remade(&mut self) -> Option<(String, String, usize)> {
        if !self.random.chance(25) {
            return None;
        }
        let (first, then) = (self.whole(Ty::V)?, self.whole(Ty::V)?);
        self.in_call.clear();
        if self.vars[first].mutable || self.vars[then].mutable {
            return None;
        }
        self.vars[first].own = false;
        self.vars[then].own = false;
        self.next_name += 1;
        Some((format!("best{}", self.next_name), self.vars[first].name.clone(), then))
    }

    /// A loop that carries a `V` and a number that ends it.
    fn rounds(&mut self, depth: usize) -> String {
        let mut out = String::new();
        let known: Vec<usize> = (0..self.vars.len())
            .filter(|index| {
                let var = &self.vars[*index];
                var.mutable && var.ty == Ty::V && !var.moved && !var.hidden && var.own && depth == 0
            })
            .filter(|index| {
                !(0..self.vars.len())
                    .any(|other| other != *index && !self.vars[other].moved && self.root(other) == *index)
            })
            .collect();
        let state = match self.random.pick(&known).copied() {
            Some(state) => state,
            None => {
                let value = self.step_v();
                self.next_name += 1;
                let name = format!("state{}", self.next_name);
                let state = self.define(&name, Ty::V);
                self.vars[state].mutable = true;
                out += &format!("let mut {name} = {value};\n");
                state
            }
        };
        self.in_call.clear();
        self.vars[state].used = true;
        self.next_name += 1;
        let remade = self.remade();
        let (name, count) = (self.vars[state].name.clone(), format!("count{}", self.next_name));
        let most = 1 + self.random.below(4);
        let body = self.repeated(None, |writer| {
            let around = std::mem::replace(&mut writer.depth, depth + 1);
            let mut body = format!("{count} += 1;\n");
            for _ in 0..writer.random.below(3) {
                body += &writer.statement(depth + 1);
            }
            if let Some((best, _, other)) = &remade {
                body += &format!("{};\n", writer.call("note", &[best.clone()]));
                // A name that the round has made again ends with the round.
                if !writer.vars[*other].hidden {
                    body += &format!("{best} = &{};\n", writer.vars[*other].name);
                }
            }
            let arg = format!("&{name}");
            let last = writer.call("b", &[arg.clone()]);
            body += &format!("if {count} > {most} {{\nbreak {last};\n}}\n");
            if writer.random.chance(30) {
                let (flag, next) = (writer.call("flag", &[arg.clone()]), writer.call("m", &[name.clone()]));
                body += &format!("if {flag} {{\n{name} = {next};\ncontinue;\n}}\n");
            }
            if writer.random.chance(30) {
                let (head, next) = (writer.call("to_e", &[arg]), writer.call("m", &[name.clone()]));
                body += &format!("match {head} {{\nE::One(found) => break found,\nE::Two(found, _) => {name} = found,\nE::Zero => {name} = {next},\n}}\n");
            } else {
                writer.in_call.push(state);
                let other = writer.borrow_v();
                let points_there = writer.in_call.iter().filter(|root| **root == state).count() > 1;
                writer.in_call.clear();
                let other = if points_there { "&V::new(12)".to_owned() } else { other };
                let next = writer.call("bm", &[other, name.clone()]);
                body += &format!("{name} = {next};\n");
            }
            writer.depth = around;
            body
        });
        if let Some((best, first, _)) = &remade {
            out += &format!("let mut {best} = &{first};\n");
            let made = self.define(best, Ty::RefV);
            self.vars[made].mutable = true;
        }
        let result = self.name();
        self.define(&result, Ty::V);
        format!("{out}let mut {count} = 0_usize;\n⟪#[max({})] ⟫let {result} = loop {{\n{body}}};", most + 2)
    }
}
