use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;

use crate::resources::Provides;
use crate::text::short;

/// An application that can say which resources it has, for nodes that are registered without its type: `#[derive(Resources)]` writes it.
///
/// By hand it names what [`Provides`] is implemented for:
///
/// ```
/// use flowc::Provides;
/// use flowc::dynamic::{Provided, ProvidesAll, Registry};
///
/// struct Index(Vec<String>);
/// struct App {
///     indexes: [Index; 2],
/// }
///
/// impl Provides<Index> for App {
///     fn provide(&self) -> &Index {
///         &self.indexes[0]
///     }
/// }
/// impl ProvidesAll for App {
///     fn provided(all: &mut Provided) {
///         all.add::<Self, Index>();
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "it is not known which resources `{Self}` has",
    label = "nodes are found for an application that can say what it has",
    note = "derive `flowc::Resources` for `{Self}`, or implement `flowc::dynamic::ProvidesAll` beside `Provides`"
)]
pub trait ProvidesAll: Send + Sync + 'static {
    /// Names all of them.
    fn provided(all: &mut Provided);
}

#[diagnostic::do_not_recommend]
impl ProvidesAll for () {
    fn provided(_: &mut Provided) {}
}

/// The application, whatever its type.
pub(super) type AnyApp = dyn Any + Send + Sync;

/// How a `T` is found in the application.
type Find<T> = for<'r> fn(&'r AnyApp) -> Option<&'r T>;

/// The resources that an application has, by their types. See [`ProvidesAll`].
#[derive(Default)]
pub struct Provided {
    /// A [`Find`] for each type.
    finds: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

impl Provided {
    /// All that `App` has.
    pub(crate) fn of<App: ProvidesAll>() -> Self {
        let mut all = Self::default();
        App::provided(&mut all);
        all
    }

    /// `App` has a `T`.
    pub fn add<App, T>(&mut self) -> &mut Self
    where
        App: Provides<T> + Send + Sync + 'static,
        T: ?Sized + 'static,
    {
        let find: Find<T> = |app| app.downcast_ref::<App>().map(Provides::provide);
        self.finds.insert(TypeId::of::<T>(), Box::new(find));
        self
    }

    pub(super) fn has(&self, need: &Need) -> bool {
        self.finds.contains_key(&need.ty)
    }
}

impl fmt::Debug for Provided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provided").field("resources", &self.finds.len()).finish()
    }
}

/// The resources of one application.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Found<'r> {
    pub(super) app: &'r AnyApp,
    pub(super) provided: &'r Provided,
}

impl<'r> Found<'r> {
    /// The `T` of the application.
    pub fn get<T: ?Sized + 'static>(self) -> Option<&'r T> {
        let find = self.provided.finds.get(&TypeId::of::<T>())?.downcast_ref::<Find<T>>()?;
        find(self.app)
    }
}

/// A resource that a node needs.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Need {
    ty: TypeId,
    name: String,
}

impl Need {
    pub fn of<T: ?Sized + 'static>() -> Self {
        Self { ty: TypeId::of::<T>(), name: short(std::any::type_name::<T>()) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}
