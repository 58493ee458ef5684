//! What the macros write for runs whose steps are called elsewhere.

/// What such a run asks of a node or a workflow. For generated code only; without the feature `remote` it writes nothing.
#[cfg(not(feature = "remote"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __remote {
    ($($tokens:tt)*) => {};
}

/// What such a run asks of a node or a workflow. For generated code only.
#[cfg(feature = "remote")]
#[doc(hidden)]
#[macro_export]
macro_rules! __remote {
    ($(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*] node) => {
        $(#$attr)*
        impl<$($param)* __R, __J> $crate::remote::Remote<__R, __J> for $($owner)*
        where
            $($clause)*
            Self: $crate::remote::RemoteNode<__R, __J>,
        {
            fn collect(steps: &mut $crate::remote::Steps<__R>) {
                #[allow(unused_imports)]
                use $crate::journal::{ErrorCodec as _, NoErrorCodec as _};
                (&$crate::journal::OfError::<<Self as $crate::Step>::Error>::NEW).add(steps.codecs());
                <Self as $crate::remote::RemoteNode<__R, __J>>::add(steps, ::core::option::Option::None);
            }

            fn overridden(
                steps: &mut $crate::remote::Steps<__R>,
                graph: &'static $crate::graph::GraphSpec,
                vertex: u32,
                policy: &'static $crate::__private::Policy<Self>,
            ) {
                let given = ::core::option::Option::Some((graph, vertex, policy));
                <Self as $crate::remote::RemoteNode<__R, __J>>::add(steps, given);
            }
        }
    };
    // It waits where the workflow is.
    ($(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*] wait) => {
        $(#$attr)*
        impl<$($param)* __R, __J> $crate::remote::Remote<__R, __J> for $($owner)*
        where
            $($clause)*
        {
            fn collect(_: &mut $crate::remote::Steps<__R>) {}
        }
    };
    ($(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*] workflow ($($step:ty,)*) ($($vertex:literal $node:ty as $policy:ident,)*)) => {
        $(#$attr)*
        impl<$($param)* __R, __J> $crate::remote::Remote<__R, __J> for $($owner)*
        where
            $($clause)*
            $($step: $crate::remote::Remote<__R, __J>,)*
        {
            fn collect(steps: &mut $crate::remote::Steps<__R>) {
                if steps.codecs().enter::<Self>() {
                    $(<$step as $crate::remote::Remote<__R, __J>>::collect(steps);)*
                    $(<$node as $crate::remote::Remote<__R, __J>>::overridden(
                        steps, <Self as $crate::Workflow>::GRAPH, $vertex, Self::$policy,
                    );)*
                }
            }
        }
    };
}
