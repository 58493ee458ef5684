//! HTML as Markdown.

use std::rc::Rc;

use htmd::{HtmlToMarkdown, Node};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::RcDom;

use super::{LoadError, LoadErrorKind};

/// Elements stand in each other so deep at most: the conversion takes stack for each.
const DEEPEST: usize = 256;

/// So many bytes are read at once. The parser takes time for each open element at each further one, so it is stopped in between.
const PIECE: usize = 1 << 10;

/// Makes Markdown of HTML. Scripts, styles and pictures are left out.
///
/// ```
/// use flowc_nodes::html_to_markdown;
///
/// let markdown = html_to_markdown("<h1>Bread</h1><p>Flour and <b>water</b>.</p><script>x()</script>")?;
/// assert_eq!(markdown, "# Bread\n\nFlour and **water**.");
/// # Ok::<_, flowc_nodes::HtmlError>(())
/// ```
///
/// # Errors
/// Elements that stand in each other deeper than 256.
pub fn html_to_markdown(html: &str) -> Result<String, HtmlError> {
    let skipped = vec!["script", "style", "noscript", "template", "img", "svg", "iframe", "head"];
    let converter = HtmlToMarkdown::builder().skip_tags(skipped).build();
    let too_deep = || HtmlError(format!("its elements stand in each other deeper than {DEEPEST}"));
    let mut parser = parse_document(RcDom::default(), ParseOpts::default());
    let mut rest = html;
    while !rest.is_empty() {
        // A character has at most four bytes: one of these places is between two.
        let places = (PIECE..PIECE + 4).find_map(|at| rest.split_at_checked(at));
        let (piece, next) = places.unwrap_or((rest, ""));
        parser.process(piece.into());
        rest = next;
        if is_open_too_deep(&parser.tokenizer.sink.sink.document) {
            return Err(too_deep());
        }
    }
    let tree = parser.finish().document;
    if is_too_deep(&tree) {
        return Err(too_deep());
    }
    Ok(converter.tree_to_markdown(&tree))
}

/// Whether the elements at the end, where the parser is, stand in each other too deep.
fn is_open_too_deep(tree: &Rc<Node>) -> bool {
    let last = |node: &Rc<Node>| node.children.borrow().last().cloned();
    std::iter::successors(Some(tree.clone()), last).nth(DEEPEST + 1).is_some()
}

fn is_too_deep(tree: &Rc<Node>) -> bool {
    let mut open = vec![(tree.clone(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > DEEPEST {
            return true;
        }
        open.extend(node.children.borrow().iter().map(|child| (child.clone(), depth + 1)));
    }
    false
}

/// Why HTML is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlError(String);

impl HtmlError {
    pub(super) fn at(self, place: &str) -> LoadError {
        LoadError::new(place, LoadErrorKind::Invalid { reason: format!("the HTML cannot be read: {}", self.0) })
    }
}

impl std::fmt::Display for HtmlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the HTML cannot be read: {}", self.0)
    }
}

impl std::error::Error for HtmlError {}
