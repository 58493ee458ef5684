//! What the macros write for inputs that come from outside alone.

/// The owned form of the inputs of a node or a workflow. For generated code only; without the feature `schema` it writes nothing.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __schema {
    ($($tokens:tt)*) => {};
}

/// The owned form of the inputs of a node or a workflow. For generated code only.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __schema {
    (
        $(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*]
        owned ($($owned:ident: $owned_type:ty),*)
        held ($($held:ident: $held_type:ty),*)
        given ($($given:expr),*)
        wired ($($kind:ident $wired:ty),*)
    ) => {
        $(#$attr)*
        // Which other nodes there are does not help who has one without.
        #[diagnostic::do_not_recommend]
        impl<$($param)*> $crate::schema::Inputs for $($owner)*
        where
            $($clause)*
        {
            type Owned = ($($owned_type,)*);
            type Held = ($($held_type,)*);

            #[allow(clippy::unused_unit, unused_variables)]
            fn lend(
                ($($owned,)*): Self::Owned,
                held: &mut ::core::option::Option<Self::Held>,
            ) -> Self::Input<'_> {
                let ($($held,)*) = held.insert(($($held,)*));
                ($($given,)*)
            }
        }

        $crate::__wired! {
            $(#$attr)* impl [$($param)*] [$($owner)*] [$($clause)*]
            ($($owned),*) ($($held: $held_type),*) ($($given),*) ($($kind $wired),*)
        }
    };
}

/// The inputs of a step of a graph that is made at run time. Without the feature `dynamic` it writes nothing.
#[cfg(all(feature = "schema", not(feature = "dynamic")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __wired {
    ($($tokens:tt)*) => {};
}

/// The inputs of a step of a graph that is made at run time. For generated code only.
#[cfg(feature = "dynamic")]
#[doc(hidden)]
#[macro_export]
macro_rules! __wired {
    (
        $(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*]
        ($($all:ident),*) ($($held:ident: $held_type:ty),*) ($($given:expr),*) ($($kind:ident $wired:ty),*)
    ) => {
        $(#$attr)*
        #[diagnostic::do_not_recommend]
        impl<$($param)*> $crate::dynamic::Wires for $($owner)*
        where
            $($clause)*
        {
            type Wired = ($($crate::__wired!(@$kind $wired),)*);
            type Held = ($($crate::dynamic::Ref<$held_type>,)*);

            #[allow(clippy::unused_unit, unused_variables)]
            fn wire(
                ($($all,)*): Self::Wired,
                held: &mut ::core::option::Option<Self::Held>,
            ) -> Self::Input<'_> {
                let ($($held,)*) = held.insert(($($held,)*));
                ($($given,)*)
            }
        }
    };
    (@lent $ty:ty) => { $crate::dynamic::Ref<$ty> };
    (@given $ty:ty) => { $ty };
}
