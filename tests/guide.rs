//! The README and the guide, as the build script prepared them: every code block in them is compiled, and run where it can be.

macro_rules! pages {
    ($($page:ident)*) => {$(
        #[doc = include_str!(concat!(env!("OUT_DIR"), "/", stringify!($page), ".md"))]
        mod $page {}
    )*};
}

pages! { README getting_started nodes workflows errors policies registry graphs node_crate running testing how_it_expands }
