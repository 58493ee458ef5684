//! What the macros write for durable runs alone.

/// What a durable run asks of a node or a workflow. For generated code only; without the feature `journal` it writes nothing.
#[cfg(not(feature = "journal"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __journal {
    ($($tokens:tt)*) => {};
}

/// What a durable run asks of a node or a workflow. For generated code only.
#[cfg(feature = "journal")]
#[doc(hidden)]
#[macro_export]
macro_rules! __journal {
    ($(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*] $kind:ident) => {
        $(#$attr)*
        impl<$($param)* __J> $crate::journal::Journaled<__J> for $($owner)*
        where
            $($clause)*
            <Self as $crate::Step>::Output: $crate::journal::Storable<Self, __J>,
        {
            fn codecs(codecs: &mut $crate::journal::Codecs) {
                #[allow(unused_imports)]
                use $crate::journal::{ErrorCodec as _, NoErrorCodec as _};
                codecs.output::<Self, __J>();
                (&$crate::journal::OfError::<<Self as $crate::Step>::Error>::NEW).add(codecs);
            }
        }
        $crate::__remote! { $(#$attr)* impl [$($param)*] [$($owner)*] [$($clause)*] $kind }
    };
    ($(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*] workflow ($($step:ty,)*) ($($vertex:literal $node:ty as $policy:ident,)*)) => {
        $(#$attr)*
        impl<$($param)* __J> $crate::journal::Journaled<__J> for $($owner)*
        where
            $($clause)*
            $($step: $crate::journal::Journaled<__J>,)*
        {
            fn codecs(codecs: &mut $crate::journal::Codecs) {
                if codecs.enter::<Self>() {
                    $(<$step as $crate::journal::Journaled<__J>>::codecs(codecs);)*
                }
            }
        }
        $crate::__remote! { $(#$attr)* impl [$($param)*] [$($owner)*] [$($clause)*] workflow ($($step,)*) ($($vertex $node as $policy,)*) }
    };
}
