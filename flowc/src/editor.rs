//! Where rustc and editors part.

/// Takes `{ what editors see } { what rustc compiles }`. For generated code only.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor {
    ($view:tt { $($real:tt)* }) => { $($real)* };
}

/// Takes `{ what editors see } { what rustc compiles }`. For generated code only.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor {
    ({ $($view:tt)* } $real:tt) => { $($view)* };
}

/// A step with true types and nothing behind them, for any application; and the functions that the steps of a view call. For generated
/// code only.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor_step {
    (
        $(#$attr:tt)* impl [$($param:tt)*] [$($owner:tt)*] [$($clause:tt)*]
        fn [$lifetime:lifetime, $($any:tt)*] ($($arg:tt)*) ($($input:tt)*) -> ($output:ty, $error:ty)
    ) => {
        $(#$attr)*
        impl<$($param)*> $($owner)* $($clause)* {
            pub fn __flowc_input<$lifetime, $($any)*>($($arg)*) -> ($($input)*) {
                $crate::__private::view::never()
            }
            pub fn __flowc_output<$lifetime, $($any)*>($($arg)*) -> $output {
                $crate::__private::view::never()
            }
            pub fn __flowc_caught<$lifetime, $($any)*>(
                $($arg)*
            ) -> ::core::result::Result<$output, $crate::Failure<$error>> {
                $crate::__private::view::never()
            }
        }
        $(#$attr)*
        impl<$($param)*> $crate::__private::Step for $($owner)* $($clause)* {
            const SPEC: &'static $crate::__private::NodeSpec = &$crate::__private::view::SPEC;
            type Input<$lifetime> = ($($input)*);
            type Resources<'r> = ();
            type Output = $output;
            type Error = $error;
            type Ended = ();
            fn begin<'a, 'r, 's, X: $crate::__private::Executor>(
                _: Self::Input<'a>,
                _: Self::Resources<'r>,
                _: $crate::__private::At<'s, X>,
            ) -> impl ::core::future::Future<Output = Self::Ended> + ::core::marker::Send {
                ::core::future::pending::<Self::Ended>()
            }
            fn settle<X: $crate::__private::Executor>(
                _: Self::Ended,
                _: $crate::__private::At<'_, X>,
            ) -> ::core::result::Result<Self::Output, $crate::Failure<Self::Error>> {
                $crate::__private::view::never()
            }
        }
        $(#$attr)*
        impl<$($param)* R: ?::core::marker::Sized> $crate::__private::ResourcesFrom<R> for $($owner)* $($clause)* {
            fn resources(_: &R) -> Self::Resources<'_> {}
        }
    };
}
