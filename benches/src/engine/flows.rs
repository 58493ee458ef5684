//! The chain, as a workflow and by hand.

use flowc::workflow;

use super::nodes::step;

workflow! {
    pub(crate) fn chain(x: u64) -> u64 {
        let a = step(&x);
        let b = step(&a);
        let c = step(&b);
        let d = step(&c);
        let e = step(&d);
        let f = step(&e);
        let g = step(&f);
        let h = step(&g);
        let i = step(&h);
        step(&i)
    }
}

pub(crate) async fn by_hand(x: u64) -> Result<u64, String> {
    let x = step(&x).await?;
    let x = step(&x).await?;
    let x = step(&x).await?;
    let x = step(&x).await?;
    let x = step(&x).await?;
    let x = step(&x).await?;
    let x = step(&x).await?;
    let x = step(&x).await?;
    let x = step(&x).await?;
    step(&x).await
}
