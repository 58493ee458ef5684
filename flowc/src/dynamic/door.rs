//! What the macros write for the registry alone.

/// How a node finds its resources by their types. For generated code only; without the feature `dynamic` it writes nothing.
#[cfg(not(feature = "dynamic"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __dynamic {
    ($($tokens:tt)*) => {};
}

/// How a node finds its resources by their types, and which an application has. For generated code only.
#[cfg(feature = "dynamic")]
#[doc(hidden)]
#[macro_export]
macro_rules! __dynamic {
    ([$($cfg:tt)*] node [$($owner:tt)*] resources ($($ty:ty),*) $who:ident) => {
        $($cfg)*
        #[automatically_derived]
        #[allow(deprecated, private_interfaces, private_bounds)]
        // Which other nodes there are does not help.
        #[diagnostic::do_not_recommend]
        impl $crate::dynamic::Finds for $($owner)* {
            fn needs() -> ::std::vec::Vec<$crate::dynamic::Need> {
                ::std::vec![$($crate::dynamic::Need::of::<$ty>()),*]
            }

            #[allow(clippy::unused_unit, unused_variables)]
            fn find(found: $crate::dynamic::Found<'_>) -> ::core::option::Option<Self::Resources<'_>> {
                ::core::option::Option::Some(($(found.get::<$ty>()?,)*))
            }
        }

        $crate::__collected! { [$($cfg)*] $who $($owner)* }
    };
    (app [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*] provides ($($ty:ty),*)) => {
        #[automatically_derived]
        impl<$($param)*> $crate::dynamic::ProvidesAll for $($owner)*
        where
            $($clause)*
            // Over a lifetime, as such a bound may be unmet as long as nobody needs the impl.
            for<'__x> Self: ::core::marker::Send + ::core::marker::Sync + 'static,
        {
            #[allow(unused_variables)]
            fn provided(all: &mut $crate::dynamic::Provided) {
                $(all.add::<Self, $ty>();)*
            }
        }
    };
}

/// A node that is found without being named. Without the feature `collect` it writes nothing.
#[cfg(all(feature = "dynamic", not(feature = "collect")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __collected {
    ($($tokens:tt)*) => {};
}

/// A node that is found without being named, if it is public. For generated code only.
#[cfg(all(feature = "dynamic", feature = "collect"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __collected {
    ([$($cfg:tt)*] private $($owner:tt)*) => {};
    ([$($cfg:tt)*] public $($owner:tt)*) => {
        $($cfg)*
        #[allow(deprecated)]
        const _: () = {
            $crate::__private::inventory::submit! {
                $crate::dynamic::Collected::new(::core::module_path!(), || {
                    #[allow(unused_imports)]
                    use $crate::dynamic::{Absent as _, Present as _};
                    (&$crate::dynamic::Probe::<$($owner)*>::new()).candidate()
                })
            }
        };
    };
}
