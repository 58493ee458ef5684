//! What the macros write for tests alone.

/// A node or a workflow can be stubbed by a closure over its inputs. For generated code only; without the feature `testing` it
/// writes nothing.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __testing {
    ($($tokens:tt)*) => {};
}

/// A node or a workflow can be stubbed by a closure over its inputs. For generated code only.
#[cfg(feature = "testing")]
#[doc(hidden)]
#[macro_export]
macro_rules! __testing {
    (
        $(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*]
        fn $lifetime:lifetime ($($name:ident: $input:ty),*) -> $returned:ty as $outcome:ident
    ) => {
        $(#$attr)*
        impl<$($param)* __F> $crate::testing::StubbedBy<__F> for $($owner)*
        where
            $($clause)*
            __F: for<$lifetime> ::core::ops::Fn($($input),*) -> $returned + ::core::marker::Send + ::core::marker::Sync + 'static,
        {
            #[allow(unused_variables)]
            fn stubbed(
                stub: &__F,
                ($($name,)*): Self::Input<'_>,
            ) -> ::core::result::Result<Self::Output, Self::Error> {
                $crate::testing::$outcome(stub($($name),*))
            }
        }
        $(#$attr)*
        impl<$($param)* __F, __Fut> $crate::testing::StubbedAsyncBy<__F, __Fut> for $($owner)*
        where
            $($clause)*
            __F: for<$lifetime> ::core::ops::Fn($($input),*) -> __Fut + ::core::marker::Send + ::core::marker::Sync + 'static,
            __Fut: ::core::future::Future<Output = $returned> + ::core::marker::Send + 'static,
        {
            fn stubbed(
                stub: &__F,
                ($($name,)*): Self::Input<'_>,
            ) -> impl ::core::future::Future<Output = ::core::result::Result<Self::Output, Self::Error>>
            + ::core::marker::Send
            + 'static {
                let given = stub($($name),*);
                async move { $crate::testing::$outcome(given.await) }
            }
        }
    };
}
