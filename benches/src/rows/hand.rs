//! The shapes as a good Rust developer writes them by hand: no barrier that the data does not ask for, nothing boxed
//! where it can be avoided, errors by `?`. Of the honest ways to write a shape, the fastest that we found is here.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::{StreamExt, TryStreamExt, stream, try_join};

use super::nodes::{Turn, both, step, sum, turn};
use crate::rows::cell::{Cell, wait};

// The names are those of the drawing that everybody has in mind.
#[allow(clippy::many_single_char_names)]
pub(crate) async fn chain(x: u64) -> Result<u64, String> {
    let a = step(&x).await?;
    let b = step(&a).await?;
    let c = step(&b).await?;
    let d = step(&c).await?;
    let e = step(&d).await?;
    let f = step(&e).await?;
    let g = step(&f).await?;
    let h = step(&g).await?;
    let i = step(&h).await?;
    step(&i).await
}

pub(crate) async fn diamond(x: u64) -> Result<u64, String> {
    let a = step(&x).await?;
    let (b, c) = try_join!(step(&a), step(&a))?;
    both(&b, &c).await
}

pub(crate) async fn n_shape(x: u64) -> Result<u64, String> {
    let shared = Cell::new();
    let left = async {
        let a = shared.put(step(&x).await?).await;
        step(a).await
    };
    let right = async {
        let b = step(&x).await?;
        let a = wait(&shared).await;
        both(a, &b).await
    };
    let (c, d) = try_join!(left, right)?;
    Ok(c + d)
}

pub(crate) async fn branch(x: u64) -> Result<u64, String> {
    let a = step(&x).await?;
    if a % 2 == 0 {
        let b = step(&a).await?;
        step(&b).await
    } else {
        step(&a).await
    }
}

pub(crate) async fn repeat(x: u64) -> Result<u64, String> {
    let mut state = x;
    for _ in 0..12 {
        match turn(&state).await? {
            Turn::Done(reply) => return Ok(reply),
            Turn::More(next) => state = next,
        }
    }
    Err("12 rounds were not enough".to_owned())
}

async fn inner(x: u64) -> Result<u64, String> {
    let a = step(&x).await?;
    step(&a).await
}

async fn middle(x: u64) -> Result<u64, String> {
    let a = step(&x).await?;
    let b = inner(a).await?;
    step(&b).await
}

pub(crate) async fn nested(x: u64) -> Result<u64, String> {
    let a = step(&x).await?;
    let b = middle(a).await?;
    step(&b).await
}

/// What everybody writes.
pub(crate) async fn map(items: std::sync::Arc<Vec<u64>>) -> Result<Vec<u64>, String> {
    stream::iter(items.iter()).map(step).buffered(8).try_collect().await
}

/// 8 lanes that each take the next item: written for speed.
pub(crate) async fn map_tuned(items: std::sync::Arc<Vec<u64>>) -> Result<Vec<u64>, String> {
    let next = AtomicUsize::new(0);
    let places: Vec<OnceLock<u64>> = std::iter::repeat_with(OnceLock::new).take(items.len()).collect();
    let lane = async || {
        while let Some((item, place)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            items.get(at).zip(places.get(at))
        } {
            let _ = place.set(step(item).await?);
        }
        Ok::<(), String>(())
    };
    try_join!(lane(), lane(), lane(), lane(), lane(), lane(), lane(), lane())?;
    Ok(places.into_iter().filter_map(OnceLock::into_inner).collect())
}

/// A column of the layers is a line of its own, and reads what its neighbour made one layer up.
async fn column(cells: &[[Cell<u64>; 8]; 8], x: u64, column: usize) -> Result<u64, String> {
    let mut mine = step(&x).await?;
    for layer in cells.iter().take(7) {
        layer[column].put(mine).await;
        let other = wait(&layer[(column + 1) % 8]).await;
        mine = both(&mine, other).await?;
    }
    Ok(mine)
}

pub(crate) async fn layers(x: u64) -> Result<u64, String> {
    let cells: [[Cell<u64>; 8]; 8] = Default::default();
    let last = try_join!(
        column(&cells, x, 0),
        column(&cells, x, 1),
        column(&cells, x, 2),
        column(&cells, x, 3),
        column(&cells, x, 4),
        column(&cells, x, 5),
        column(&cells, x, 6),
        column(&cells, x, 7),
    )?;
    Ok(<[u64; 8]>::from(last).iter().sum())
}

/// Here a node does wait for the whole layer before, so a barrier is what the data asks for.
pub(crate) async fn dense(x: u64) -> Result<u64, String> {
    let x = &x;
    let a = try_join!(step(x), step(x), step(x), step(x), step(x), step(x), step(x), step(x))?;
    let mut a = <[u64; 8]>::from(a);
    for _ in 1..8 {
        let next = try_join!(sum(&a), sum(&a), sum(&a), sum(&a), sum(&a), sum(&a), sum(&a), sum(&a))?;
        a = next.into();
    }
    Ok(a.iter().sum())
}

// A hundred names, one a line.
#[allow(clippy::too_many_lines)]
pub(crate) async fn fan(x: u64) -> Result<u64, String> {
    let x = &x;
    let (
        n0,
        n1,
        n2,
        n3,
        n4,
        n5,
        n6,
        n7,
        n8,
        n9,
        n10,
        n11,
        n12,
        n13,
        n14,
        n15,
        n16,
        n17,
        n18,
        n19,
        n20,
        n21,
        n22,
        n23,
        n24,
        n25,
        n26,
        n27,
        n28,
        n29,
        n30,
        n31,
        n32,
        n33,
        n34,
        n35,
        n36,
        n37,
        n38,
        n39,
        n40,
        n41,
        n42,
        n43,
        n44,
        n45,
        n46,
        n47,
        n48,
        n49,
        n50,
        n51,
        n52,
        n53,
        n54,
        n55,
        n56,
        n57,
        n58,
        n59,
        n60,
        n61,
        n62,
        n63,
        n64,
        n65,
        n66,
        n67,
        n68,
        n69,
        n70,
        n71,
        n72,
        n73,
        n74,
        n75,
        n76,
        n77,
        n78,
        n79,
        n80,
        n81,
        n82,
        n83,
        n84,
        n85,
        n86,
        n87,
        n88,
        n89,
        n90,
        n91,
        n92,
        n93,
        n94,
        n95,
        n96,
        n97,
        n98,
        n99,
    ) = try_join!(
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x),
        step(x)
    )?;
    sum(&[
        n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, n20, n21, n22, n23,
        n24, n25, n26, n27, n28, n29, n30, n31, n32, n33, n34, n35, n36, n37, n38, n39, n40, n41, n42, n43, n44, n45,
        n46, n47, n48, n49, n50, n51, n52, n53, n54, n55, n56, n57, n58, n59, n60, n61, n62, n63, n64, n65, n66, n67,
        n68, n69, n70, n71, n72, n73, n74, n75, n76, n77, n78, n79, n80, n81, n82, n83, n84, n85, n86, n87, n88, n89,
        n90, n91, n92, n93, n94, n95, n96, n97, n98, n99,
    ])
    .await
}
