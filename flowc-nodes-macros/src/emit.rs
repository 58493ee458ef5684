//! From templates to an impl of the trait. Cannot fail and cannot report.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{DeriveInput, Member};

use crate::expand::Known;
use crate::file;
use crate::source::Source;
use crate::span::hidden_at;
use crate::template::{Condition, Name, Node, Path};

/// A prompt without a mistake; without templates, if there is one.
pub(crate) struct Checked {
    pub(crate) fields: Vec<Known>,
    /// Of the fields, without `r#`.
    pub(crate) names: Vec<String>,
    pub(crate) system: Option<Template>,
    pub(crate) user: Option<Template>,
}

pub(crate) struct Template {
    pub(crate) nodes: Vec<Node>,
    pub(crate) source: Source,
}

/// What `self` is called where it cannot be named: within tokens that stand at a field.
const THIS: &str = "__this";

pub(crate) fn prompt(input: &DeriveInput, checked: &Checked) -> TokenStream {
    let name = &input.ident;
    let (params, arguments, clause) = input.generics.split_for_impl();
    let user = checked.user.as_ref().map(|template| Writer::new(checked, template).whole());
    let user = user.unwrap_or_else(|| quote!(::std::string::String::new()));
    let system = checked.system.as_ref().map(|template| {
        let text = Writer::new(checked, template).whole();
        quote! {
            fn system(&self) -> ::core::option::Option<::std::string::String> {
                ::core::option::Option::Some(#text)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #params ::flowc_nodes::Prompt for #name #arguments #clause {
            fn render(&self) -> ::std::string::String { #user }
            #system
        }
    }
}

struct Writer<'t> {
    checked: &'t Checked,
    template: &'t Template,
    /// Where what is generated stands.
    span: Span,
    out: Ident,
    /// Fields that are shown, each looked at once, so that one that cannot be shown is one error, at the field.
    shown: Vec<(usize, bool)>,
    scope: Vec<String>,
}

impl<'t> Writer<'t> {
    fn new(checked: &'t Checked, template: &'t Template) -> Self {
        let span = hidden_at(template.source.literal.span());
        Self { checked, template, span, out: Ident::new("__out", span), shown: Vec::new(), scope: Vec::new() }
    }

    fn whole(mut self) -> TokenStream {
        let body = self.nodes(&self.template.nodes);
        let looked = self.shown.iter().filter_map(|(index, debug)| {
            let field = self.checked.fields.get(*index)?;
            let (member, span) = (&field.member, hidden_at(field.span));
            let this = Ident::new(THIS, span);
            let (name, function) =
                (local(*index, *debug, self.span), Ident::new(if *debug { "debug" } else { "display" }, span));
            Some(quote_spanned!(span=> let #name = ::flowc_nodes::__private::#function(&#this.#member);))
        });
        let looked: TokenStream = looked.collect();
        let source = &self.template.source;
        let include =
            (!source.is_inline()).then(|| file::include(&source.literal)).map(|text| quote!(const _: &str = #text;));
        let (out, this, me) = (&self.out, Ident::new(THIS, self.span), quote!(self));
        quote_spanned! {self.span=> {
            let #this = #me;
            let _ = #this;
            #include
            #looked
            let mut #out = ::std::string::String::new();
            #body
            #out
        }}
    }

    fn nodes(&mut self, nodes: &[Node]) -> TokenStream {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn node(&mut self, node: &Node) -> TokenStream {
        let (span, out) = (self.span, self.out.clone());
        match node {
            Node::Text(text) => quote_spanned!(span=> #out.push_str(#text);),
            Node::Show { value, format } => {
                let format = if format.is_empty() { "{}".to_owned() } else { format!("{{:{format}}}") };
                let value = self.shown(value, format.ends_with("?}"));
                let format = syn::LitStr::new(&format, span);
                quote_spanned!(span=> ::flowc_nodes::__private::write(&mut #out, ::core::format_args!(#format, #value));)
            }
            Node::If { arms, otherwise } => {
                let arms: Vec<_> = arms.iter().map(|(condition, body)| self.arm(condition, body)).collect();
                let otherwise = self.nodes(otherwise);
                quote_spanned!(span=> #(#arms else)* { #otherwise })
            }
            Node::For { pattern, over, body, otherwise } => {
                let place = self.place(over);
                let is_field = over.rest.is_empty() && !self.is_bound(&over.first.text);
                let value = self.path(over);
                let at = if is_field { place } else { span };
                let items = match over.rest.last() {
                    Some(last) if last.call => quote_spanned!(at=> #value),
                    _ => quote_spanned!(at=> #value.iter()),
                };
                let names: Vec<_> = pattern.names.iter().map(|name| self.binding(name)).collect();
                let bound = if pattern.tuple {
                    quote_spanned!(span=> (#(#names),*))
                } else {
                    quote_spanned!(span=> #(#names)*)
                };
                let body = self.inside(pattern.names.iter(), body);
                let (otherwise, empty) = (self.nodes(otherwise), Ident::new("__empty", span));
                if otherwise.is_empty() {
                    return quote_spanned!(span=> for #bound in #items { #body });
                }
                quote_spanned! {span=>
                    let mut #empty = true;
                    for #bound in #items { #empty = false; #body }
                    if #empty { #otherwise }
                }
            }
        }
    }

    fn arm(&mut self, condition: &Condition, body: &[Node]) -> TokenStream {
        let span = self.span;
        match condition {
            Condition::Is { not, value } => {
                let (at, value) = (self.place(value), self.path(value));
                let not = not.then(|| quote_spanned!(span=> !));
                let body = self.nodes(body);
                let holds = quote_spanned!(at=> ::flowc_nodes::__private::holds(&#value));
                quote_spanned!(span=> if #not #holds { #body })
            }
            Condition::Some { name, value } => {
                let (at, value) = (self.place(value), self.path(value));
                let bound = self.binding(name);
                let body = self.inside([name], body);
                let some = quote_spanned!(at=> ::flowc_nodes::__private::some(&#value));
                quote_spanned!(span=> if let ::core::option::Option::Some(#bound) = #some { #body })
            }
        }
    }

    fn inside<'n>(&mut self, names: impl IntoIterator<Item = &'n Name>, body: &[Node]) -> TokenStream {
        let before = self.scope.len();
        self.scope.extend(names.into_iter().map(|name| name.text.clone()));
        let body = self.nodes(body);
        self.scope.truncate(before);
        body
    }

    fn binding(&self, name: &Name) -> TokenStream {
        let span = self.span;
        if name.text == "_" {
            return quote_spanned!(span=> _);
        }
        let name = Ident::new(&name.text, span);
        quote_spanned!(span=> #name)
    }

    fn is_bound(&self, name: &str) -> bool {
        self.scope.iter().any(|bound| bound == name)
    }

    fn field(&self, name: &str) -> Option<usize> {
        self.checked.names.iter().position(|known| known == name)
    }

    /// A whole field is wrong at its type, a part of it in the template.
    fn place(&self, path: &Path) -> Span {
        let field =
            if path.rest.is_empty() && !self.is_bound(&path.first.text) { self.field(&path.first.text) } else { None };
        field.and_then(|index| self.checked.fields.get(index)).map_or(self.span, |field| hidden_at(field.span))
    }

    fn shown(&mut self, path: &Path, debug: bool) -> TokenStream {
        match self.field(&path.first.text) {
            Some(index) if path.rest.is_empty() && !self.is_bound(&path.first.text) => {
                if !self.shown.contains(&(index, debug)) {
                    self.shown.push((index, debug));
                }
                let name = local(index, debug, self.span);
                quote_spanned!(self.span=> #name)
            }
            _ => self.path(path),
        }
    }

    fn path(&self, path: &Path) -> TokenStream {
        let at = self.place(path);
        let first = &path.first.text;
        let mut tokens = match self.field(first).and_then(|index| self.checked.fields.get(index)) {
            Some(field) if !self.is_bound(first) => {
                let member = &field.member;
                let this = Ident::new(THIS, at);
                quote_spanned!(at=> #this.#member)
            }
            _ => {
                let name = Ident::new(first, self.span);
                quote_spanned!(at=> #name)
            }
        };
        for segment in &path.rest {
            let member = member(&segment.name, at);
            let call = segment.call.then(|| quote_spanned!(at=> ()));
            tokens = quote_spanned!(at=> #tokens.#member #call);
        }
        tokens
    }
}

fn local(index: usize, debug: bool, span: Span) -> Ident {
    let kind = if debug { "debug" } else { "shown" };
    format_ident!("__{kind}_{index}", span = span)
}

fn member(name: &str, span: Span) -> Member {
    if let Ok(index) = name.parse() {
        return Member::Unnamed(syn::Index { index, span });
    }
    // A keyword is a field by its raw name.
    let plain = syn::parse_str::<Ident>(name).is_ok();
    Member::Named(if plain { Ident::new(name, span) } else { Ident::new_raw(name, span) })
}
