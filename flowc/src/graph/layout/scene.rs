//! The whole picture: every scope laid out from inside out, then put together from outside in.

use std::collections::BTreeMap;

use super::super::text::{fit, short, width};
use super::super::tree::{Link, Scope, Tree, lanes};
use super::super::{VertexKind, label};
use super::build::{self, Key, NOTE_SIZE, Origin};
use super::grid::{Grid, Kind};
use super::num;
use super::parts::{Frame, LaneFrame, Leaf, Note, Rail, Scene, Wire};
use super::{order, place, rank, route, slots};

const TITLE: f64 = 28.0;
const LANE: f64 = 24.0;
const PAD: f64 = 16.0;
const TOP: f64 = 10.0;
/// The room for the line that leads back, on the right of a loop.
const BACK: f64 = 30.0;
/// How far that line runs above the bottom of the loop.
const RAIL: f64 = 12.0;
const MARGIN: f64 = 20.0;
const LONGEST: usize = 56;
/// What a title may ask for.
const TITLE_ROOM: f64 = 460.0;

/// A scope with everything in its place.
struct Sheet<'a> {
    width: f64,
    height: f64,
    grid: Grid,
    keys: Vec<Key<'a>>,
    wires: Vec<Wire>,
    notes: Vec<Note>,
}

/// A region whose lanes are laid out.
pub(super) struct Region<'a> {
    pub(super) vertex: usize,
    pub(super) width: f64,
    pub(super) height: f64,
    title: String,
    repeats: bool,
    lanes: Vec<Lane<'a>>,
}

struct Lane<'a> {
    x: f64,
    width: f64,
    label: Option<String>,
    sheet: Sheet<'a>,
}

impl Lane<'_> {
    /// Where its sheet begins, from the left of the region.
    fn inner(&self) -> f64 {
        self.x + (self.width - self.sheet.width) / 2.0
    }
}

impl<'a> Region<'a> {
    /// Where an entry of a lane stands, from the middle of the region.
    pub(super) fn port(&self, lane: usize, key: &Key<'a>) -> f64 {
        let place = self.lanes.get(lane).and_then(|lane| {
            let entry = lane.sheet.keys.iter().position(|own| own == key)?;
            Some(lane.inner() + lane.sheet.grid.cell(entry).x)
        });
        place.map_or(0.0, |x| x - self.width / 2.0)
    }

    /// The line that leads back, if it is a loop that stands at this place.
    fn rail(&self, (x, y): (f64, f64)) -> Option<Rail> {
        let lane = self.lanes.first().filter(|_| self.repeats)?;
        let right = x + self.width - 14.0;
        let left = |own: &dyn Fn(Kind) -> bool| {
            let cells = lane.sheet.grid.cells.iter().filter(|cell| own(cell.kind));
            cells.map(|cell| x + lane.inner() + cell.x).fold(right - 24.0, f64::min)
        };
        let begins = |kind: Kind| match kind {
            Kind::Entry(key) => lane.sheet.keys.get(key).is_some_and(|key| key.origin == Origin::Round),
            _ => false,
        };
        let from = (left(&|kind| kind == Kind::Exit { carried: true }), y + self.height - RAIL);
        let to = (left(&begins), y + self.head());
        Some(Rail { right, from, to })
    }

    /// The height of what stands above the sheets.
    fn head(&self) -> f64 {
        let labelled = self.lanes.iter().any(|lane| lane.label.is_some());
        TITLE + if labelled { LANE } else { 0.0 } + TOP
    }
}

pub(super) fn compose(tree: &Tree<'_>) -> Scene {
    let mut parts: BTreeMap<Scope, Vec<&Link<'_>>> = BTreeMap::new();
    for link in &tree.links {
        for scope in build::scopes(tree, link) {
            parts.entry(scope).or_default().push(link);
        }
    }
    let count = tree.graph.vertices.len();
    let mut regions: Vec<Option<Region<'_>>> = Vec::new();
    regions.resize_with(count, || None);
    // A region stands before what it contains, so backwards is from inside out.
    for index in (0..count).rev() {
        let region = region(tree, index, &parts, &regions);
        if let Some(place) = regions.get_mut(index) {
            *place = region;
        }
    }
    let root = sheet(tree, None, &parts, &regions);
    let mut scene = Scene { width: root.width + 2.0 * MARGIN, height: root.height + 2.0 * MARGIN, ..Scene::default() };
    put(&mut scene, tree, &root, &regions, (MARGIN, MARGIN), (0.0, 0.0));
    scene
}

fn sheet<'a>(
    tree: &Tree<'a>,
    scope: Scope,
    parts: &BTreeMap<Scope, Vec<&Link<'a>>>,
    regions: &[Option<Region<'a>>],
) -> Sheet<'a> {
    let links = parts.get(&scope).map_or(&[] as &[&Link<'a>], Vec::as_slice);
    let (mut grid, keys) = build::grid(tree, scope, links, regions);
    rank::assign(&mut grid, tree);
    order::sort(&mut grid);
    slots::assign(&mut grid);
    place::columns(&mut grid);
    let (ends, height) = route::rows(&mut grid);
    let (wires, notes) = route::wires(&grid, &ends);
    let width = grid.cells.iter().map(|cell| cell.x + cell.right).fold(0.0, f64::max);
    Sheet { width, height, grid, keys, wires, notes }
}

fn region<'a>(
    tree: &Tree<'a>,
    index: usize,
    parts: &BTreeMap<Scope, Vec<&Link<'a>>>,
    regions: &[Option<Region<'a>>],
) -> Option<Region<'a>> {
    let vertex = tree.vertex(index)?;
    let count = lanes(vertex);
    if count == 0 {
        return None;
    }
    let repeats = matches!(vertex.kind, VertexKind::Loop { .. });
    let mut lanes = Vec::with_capacity(count);
    for lane in 0..count {
        let sheet = sheet(tree, Some((index, lane)), parts, regions);
        let label = label::lane(vertex, lane).map(|label| short(&label, LONGEST));
        let text = label.as_deref().map_or(0.0, |label| width(label, NOTE_SIZE) + 24.0);
        let width = (sheet.width + 2.0 * PAD).max(text).max(64.0);
        lanes.push(Lane { x: 0.0, width, label, sheet });
    }
    let back = if repeats { BACK } else { 0.0 };
    let inner: f64 = lanes.iter().map(|lane| lane.width).sum();
    let size = NOTE_SIZE + 1.0;
    let title =
        fit(&label::heading(vertex, tree.note(index)), size * build::BOLD, (inner + back - 24.0).max(TITLE_ROOM));
    let wide = (inner + back).max(width(&title, size * build::BOLD) + 24.0).max(slots::room(tree, index));
    let extra = (wide - inner - back) / num(lanes.len());
    let mut x = 0.0;
    for lane in &mut lanes {
        lane.x = x;
        lane.width += extra;
        x += lane.width;
    }
    let mut region = Region { vertex: index, width: wide, height: 0.0, title, repeats, lanes };
    let tallest = region.lanes.iter().map(|lane| lane.sheet.height).fold(8.0, f64::max);
    region.height = region.head() + tallest + PAD;
    Some(region)
}

/// Puts a sheet into the picture: `origin` is its top left corner, `border` how far the region around it
/// reaches above and below.
fn put(
    scene: &mut Scene,
    tree: &Tree<'_>,
    sheet: &Sheet<'_>,
    regions: &[Option<Region<'_>>],
    origin: (f64, f64),
    border: (f64, f64),
) {
    for wire in &sheet.wires {
        let mut wire = wire.moved(origin.0, origin.1);
        if let Some(key) = wire.entry.and_then(|entry| sheet.keys.get(entry)) {
            // What crosses into a region is seen from its border on; its own values begin below the title.
            wire.start.1 -= match key.origin {
                Origin::Outside => border.0,
                Origin::Region => TOP,
                Origin::Round => 0.0,
            };
        }
        if let Some(carried) = wire.exit {
            wire.down(origin.1 + sheet.height + border.1 - if carried { RAIL } else { 0.0 });
        }
        scene.wires.push(wire);
    }
    scene.notes.extend(sheet.notes.iter().map(|note| {
        let mut note = note.clone();
        note.x += origin.0;
        note.y += origin.1;
        note
    }));
    for cell in &sheet.grid.cells {
        let Kind::Vertex(vertex) = cell.kind else { continue };
        let y = origin.1 + cell.y;
        let Some(Some(region)) = regions.get(vertex) else {
            let (name, note) = build::texts(tree, vertex);
            let (x, width) = (origin.0 + cell.x - cell.half, 2.0 * cell.half);
            let news = build::news(tree, vertex);
            scene.leaves.push(Leaf { vertex, x, y, width, height: cell.height, name, note, news });
            continue;
        };
        let x = origin.0 + cell.x - region.width / 2.0;
        let head = region.head();
        scene.frames.push(Frame {
            vertex,
            x,
            y,
            width: region.width,
            height: region.height,
            title: region.title.clone(),
            band: head - TOP,
            rail: region.rail((x, y)),
            lanes: region
                .lanes
                .iter()
                .map(|lane| LaneFrame { x: x + lane.x, y: y + TITLE, width: lane.width, label: lane.label.clone() })
                .collect(),
        });
        for lane in &region.lanes {
            let below = region.height - head - lane.sheet.height;
            put(scene, tree, &lane.sheet, regions, (x + lane.inner(), y + head), (head, below));
        }
    }
}
