use std::sync::Arc;

use super::Handle;
use super::wire::Value;

/// The inputs of a graph: a tuple of up to eight values.
pub trait GraphInputs: Send + 'static {
    /// What stands for them while the graph is described.
    #[doc(hidden)]
    type Handles<'g>;

    #[doc(hidden)]
    fn handles<'g>() -> Self::Handles<'g>;

    #[doc(hidden)]
    fn values(self) -> Vec<Value>;
}

/// Inputs that may be followed by one more.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a graph takes up to eight inputs",
    label = "the ninth",
    note = "make a struct of some of them"
)]
pub trait Then<T>: GraphInputs {
    type Inputs: GraphInputs;
}

macro_rules! inputs {
    ([$($index:tt $name:ident $input:ident),*] $next:ident) => {
        inputs!([$($index $name $input),*]);

        impl<$($input: Send + Sync + 'static,)* $next: Send + Sync + 'static> Then<$next> for ($($input,)*) {
            type Inputs = ($($input,)* $next,);
        }
    };
    ([$($index:tt $name:ident $input:ident),*]) => {
        impl<$($input: Send + Sync + 'static),*> GraphInputs for ($($input,)*) {
            type Handles<'g> = ($(Handle<'g, $input>,)*);

            #[allow(clippy::unused_unit, reason = "a graph may have no inputs")]
            fn handles<'g>() -> Self::Handles<'g> {
                ($(Handle::new($index),)*)
            }

            fn values(self) -> Vec<Value> {
                let ($($name,)*) = self;
                vec![$(Arc::new($name)),*]
            }
        }
    };
}

inputs!([] A);
inputs!([0 a A] B);
inputs!([0 a A, 1 b B] C);
inputs!([0 a A, 1 b B, 2 c C] D);
inputs!([0 a A, 1 b B, 2 c C, 3 d D] E);
inputs!([0 a A, 1 b B, 2 c C, 3 d D, 4 e E] F);
inputs!([0 a A, 1 b B, 2 c C, 3 d D, 4 e E, 5 f F] G);
inputs!([0 a A, 1 b B, 2 c C, 3 d D, 4 e E, 5 f F, 6 g G] H);
inputs!([0 a A, 1 b B, 2 c C, 3 d D, 4 e E, 5 f F, 6 g G, 7 h H]);
