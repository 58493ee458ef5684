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
    };
}
