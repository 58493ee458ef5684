//! Texts of `#[derive(Resources)]`.

pub(crate) const NOT_A_STRUCT: &str = "`Resources` can be derived for a struct with fields only\nhelp: put what the nodes need into the fields of a \
    struct, or implement `flowc::Provides` by hand";
pub(crate) fn duplicate(ty: &str) -> String {
    format!(
        "there is a resource of the type `{ty}` already\nhelp: nodes find a resource by its type: wrap one of the two in a struct \
         of its own"
    )
}
pub(crate) fn bare_parameter(name: &str) -> String {
    format!(
        "the type parameter `{name}` could be any type, also that of another field\nhelp: wrap it in a type of its own, as in \
         `Arc<dyn Trait>`, or implement `flowc::Provides<{name}>` by hand"
    )
}
