//! From pieces to a tree.

use super::block::{self, Kind, Tag};
use super::lex::{self, Piece};
use super::{At, Condition, Node, Path, Pattern, Wrong};
use crate::messages as say;

/// Blocks may stand so deep in each other.
const DEEPEST: usize = 16;

/// The template, or the first thing that is wrong with it.
pub(crate) fn parse(written: &str, literal: bool) -> Result<Vec<Node>, Wrong> {
    let mut open: Vec<Open> = Vec::new();
    let mut nodes = Vec::new();
    for piece in lex::lex(written, literal)? {
        let (tag, at) = match piece {
            Piece::Text(text) if text.is_empty() => continue,
            Piece::Text(text) => {
                nodes.push(Node::Text(text));
                continue;
            }
            Piece::Tag { inner, start, at } => (block::read(&inner, start, at)?, at),
        };
        let begun = match tag {
            Tag::Show { value, format } => {
                nodes.push(Node::Show { value, format });
                continue;
            }
            Tag::If(condition) => Begun::If { arms: Vec::new(), condition: Some(condition) },
            Tag::For(pattern, over) => Begun::For { pattern, over, body: None },
            Tag::ElseIf(condition) => {
                let here = std::mem::take(&mut nodes);
                next_arm(open.last_mut(), here, condition, at)?;
                continue;
            }
            Tag::Else => {
                let here = std::mem::take(&mut nodes);
                otherwise(open.last_mut(), here, at)?;
                continue;
            }
            Tag::End(kind) => {
                let closed = open.pop().ok_or_else(|| Wrong { at, text: say::not_open(kind.name()) })?;
                if closed.kind() != kind {
                    return Err(Wrong { at, text: say::another_is_open(closed.kind().name(), kind.name()) });
                }
                let inside = std::mem::replace(&mut nodes, closed.before);
                nodes.push(closed.begun.node(inside));
                continue;
            }
        };
        if open.len() >= DEEPEST {
            return Err(Wrong { at, text: say::too_deep(DEEPEST) });
        }
        open.push(Open { at, begun, before: std::mem::take(&mut nodes) });
    }
    match open.pop() {
        Some(open) => Err(Wrong { at: open.at, text: say::never_closed(open.kind().name()) }),
        None => Ok(nodes),
    }
}

/// A block whose end has not come.
struct Open {
    at: At,
    begun: Begun,
    /// What stands before it.
    before: Vec<Node>,
}

enum Begun {
    /// Without a condition, it is at its `{:else}`.
    If { arms: Vec<(Condition, Vec<Node>)>, condition: Option<Condition> },
    /// With a body, it is at its `{:else}`.
    For { pattern: Pattern, over: Path, body: Option<Vec<Node>> },
}

impl Open {
    fn kind(&self) -> Kind {
        match self.begun {
            Begun::If { .. } => Kind::If,
            Begun::For { .. } => Kind::For,
        }
    }
}

impl Begun {
    fn node(self, last: Vec<Node>) -> Node {
        match self {
            Self::If { mut arms, condition: Some(condition) } => {
                arms.push((condition, last));
                Node::If { arms, otherwise: Vec::new() }
            }
            Self::If { arms, condition: None } => Node::If { arms, otherwise: last },
            Self::For { pattern, over, body: Some(body) } => Node::For { pattern, over, body, otherwise: last },
            Self::For { pattern, over, body: None } => Node::For { pattern, over, body: last, otherwise: Vec::new() },
        }
    }
}

fn next_arm(open: Option<&mut Open>, body: Vec<Node>, next: Condition, at: At) -> Result<(), Wrong> {
    match open.map(|open| &mut open.begun) {
        Some(Begun::If { arms, condition }) => match condition.replace(next) {
            Some(before) => arms.push((before, body)),
            None => return Err(Wrong { at, text: say::after_else() }),
        },
        _ => return Err(Wrong { at, text: say::else_if_without_if() }),
    }
    Ok(())
}

fn otherwise(open: Option<&mut Open>, here: Vec<Node>, at: At) -> Result<(), Wrong> {
    match open.map(|open| &mut open.begun) {
        Some(Begun::If { arms, condition }) => match condition.take() {
            Some(before) => arms.push((before, here)),
            None => return Err(Wrong { at, text: say::after_else() }),
        },
        Some(Begun::For { body, .. }) => {
            if body.replace(here).is_some() {
                return Err(Wrong { at, text: say::after_else() });
            }
        }
        None => return Err(Wrong { at, text: say::else_alone() }),
    }
    Ok(())
}
