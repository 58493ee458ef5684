//! Streams that draw others: the library follows them as deep as they go, and as often as they say.

use std::collections::{BTreeSet, HashMap};

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

/// Nothing that people draw is nested deeper.
const DEEPEST: usize = 64;

/// Whether none of them draws itself, and none comes to more than `limit` bytes of instructions with all that it draws.
pub(super) fn bounded(document: &Document, limit: u64) -> bool {
    let mut all = BTreeSet::new();
    document.objects.values().for_each(|object| named(document, object, &mut all));
    let mut forms = Forms { document, known: HashMap::new(), limit };
    all.into_iter().all(|id| forms.cost(id, 0).is_some())
}

/// All that is named as something to draw, anywhere in an object.
fn named(document: &Document, object: &Object, found: &mut BTreeSet<ObjectId>) {
    let mut inside = |fields: &Dictionary| {
        found.extend(drawable(document, fields));
        fields.iter().for_each(|(_, value)| named(document, value, found));
    };
    match object {
        Object::Dictionary(fields) => inside(fields),
        Object::Stream(stream) => inside(&stream.dict),
        Object::Array(items) => items.iter().for_each(|item| named(document, item, found)),
        _ => {}
    }
}

/// What a dictionary of resources has to draw.
fn drawable(document: &Document, resources: &Dictionary) -> Vec<ObjectId> {
    let named = resources.get(b"XObject").ok().and_then(|value| dictionary(document, value));
    named.into_iter().flat_map(Dictionary::iter).filter_map(|(_, value)| value.as_reference().ok()).collect()
}

fn dictionary<'d>(document: &'d Document, value: &'d Object) -> Option<&'d Dictionary> {
    document.dereference(value).ok().and_then(|(_, object)| object.as_dict().ok())
}

struct Forms<'d> {
    document: &'d Document,
    /// What each comes to; `None` for one that is too much, or that is being looked at.
    known: HashMap<ObjectId, Option<u64>>,
    limit: u64,
}

impl Forms<'_> {
    fn cost(&mut self, id: ObjectId, depth: usize) -> Option<u64> {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        if depth > DEEPEST {
            return None;
        }
        self.known.insert(id, None);
        let document = self.document;
        let cost = match document.get_object(id).and_then(Object::as_stream) {
            Ok(stream) => self.drawing(stream, depth)?,
            Err(_) => 0,
        };
        self.known.insert(id, Some(cost));
        Some(cost)
    }

    fn drawing(&mut self, stream: &Stream, depth: usize) -> Option<u64> {
        let document = self.document;
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        let (calls, length) = (calls(&content), content.len() as u64);
        if calls == 0 {
            return Some(length);
        }
        // Without resources of its own it draws from those of whoever draws it, and so perhaps itself.
        let resources = stream.dict.get(b"Resources").ok().and_then(|value| dictionary(document, value))?;
        let mut most = 0;
        for other in drawable(document, resources) {
            most = most.max(self.cost(other, depth + 1)?);
        }
        let cost = length.saturating_add(calls.saturating_mul(most));
        (cost <= self.limit).then_some(cost)
    }
}

/// How often it draws something: `/Name Do`.
fn calls(content: &[u8]) -> u64 {
    let words = content.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.filter(|word| word.starts_with(b"Do") && word.get(2).is_none_or(|byte| !byte.is_ascii_alphanumeric())).count()
        as u64
}
