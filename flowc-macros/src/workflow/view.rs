//! A body as editors see it: the user's tokens as they stand, so that rust-analyzer's own parser recovers where a statement is
//! half typed. Nothing is parsed here; only what Rust itself does not know is rewritten:
//!
//! - `search(&query)`, a step, gives its output: `step(search, <search>::__flowc_output(&query))`, where both names are the user's;
//! - `for` and `catch` give values, and the attributes of a statement go, but for the bindings that they name;
//! - `();` after each statement: where nothing is typed yet, rust-analyzer does not offer the binding of the statement before.

mod arms;
mod attributes;
mod path;
mod scope;
mod split;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use scope::Scope;

/// The body of a workflow, with its own braces. `gives`: the workflow has a result type.
pub(crate) fn body<'n>(body: &Group, params: impl IntoIterator<Item = &'n syn::Ident>, gives: bool) -> Group {
    let mut view = View { scope: Scope::default() };
    for param in params {
        view.scope.add(param);
    }
    view.block(body, gives)
}

struct View {
    scope: Scope,
}

/// What the next braces hold.
#[derive(Clone, Copy)]
enum Braces {
    Block,
    Arms,
    Rounds,
}

impl View {
    /// Statements in braces. `used`: so is the value of the last one.
    fn block(&mut self, group: &Group, used: bool) -> Group {
        let mark = self.scope.enter();
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut out = TokenStream::new();
        let mut rest = tokens.as_slice();
        while !rest.is_empty() {
            let (statement, after) = split::statement(rest);
            self.statement(statement, used, after.is_empty(), &mut out);
            rest = after;
        }
        self.scope.leave(mark);
        regroup(group, out)
    }

    fn statement(&mut self, tokens: &[TokenTree], used: bool, last: bool, out: &mut TokenStream) {
        let (attributes, tokens) = split::attributes(tokens);
        let collect = self.attributes(&attributes, out);
        let (block_like, ended) = (split::is_block_like(tokens), tokens.last().is_some_and(|token| is(token, ';')));
        let used = if block_like { used && last && !ended } else { true };
        self.inline(tokens, used, collect, out);
        if ended {
            out.extend(quote!(();));
        } else if !last && !split::ends_in_braces(tokens) {
            // Its end is not typed yet, and the next one begins.
            out.extend(quote!(; ();));
        }
        if let [TokenTree::Ident(first), rest @ ..] = tokens {
            if first == "let" {
                self.scope.bind(split::pattern(rest));
            }
        }
    }

    /// Tokens within a statement. `used`: so is the value of a `for` that ends them; `collect`: the `for` collects failures.
    fn inline(&mut self, tokens: &[TokenTree], used: bool, collect: bool, out: &mut TokenStream) {
        let mut rest = tokens;
        let mut before = path::Before::default();
        let mut braces = Braces::Block;
        let mut bound: &[TokenTree] = &[];
        while let Some((token, after)) = rest.split_first() {
            if let Some(path) = path::read(before, rest) {
                rest = self.path(before, &path, out);
                before = path::Before::default();
                continue;
            }
            let here = before;
            before.pass(token);
            match token {
                TokenTree::Ident(word) => match word.to_string().as_str() {
                    "match" => braces = Braces::Arms,
                    "loop" => braces = Braces::Rounds,
                    // rust-analyzer renames all of `mut state` in a macro, so all of it stands where the name does.
                    "mut" if here.follows_let() => {
                        if let Some(TokenTree::Ident(name)) = after.first() {
                            out.extend([TokenTree::Ident(syn::Ident::new("mut", name.span()))]);
                            rest = after;
                            continue;
                        }
                    }
                    "let" if rest.len() < tokens.len() => bound = split::pattern(after),
                    "for" => {
                        if let Some(map) = split::map(after) {
                            self.map(word, &map, used, collect, out);
                            rest = map.after;
                            continue;
                        }
                    }
                    _ => {}
                },
                TokenTree::Punct(_) if is(token, '#') => {
                    if let Some((kept, after)) = split::attribute(rest) {
                        if attributes::is_kept(kept) {
                            out.extend([token.clone(), TokenTree::Group(kept.clone())]);
                        }
                        rest = after;
                        continue;
                    }
                }
                TokenTree::Group(group) => {
                    let group = if group.delimiter() == Delimiter::Brace {
                        let mark = self.scope.enter();
                        self.scope.bind(std::mem::take(&mut bound));
                        let group = match std::mem::replace(&mut braces, Braces::Block) {
                            Braces::Block => self.block(group, used),
                            Braces::Rounds => self.block(group, false),
                            Braces::Arms => self.arms(group, used),
                        };
                        self.scope.leave(mark);
                        group
                    } else {
                        self.within(group)
                    };
                    out.extend([TokenTree::Group(group)]);
                    rest = after;
                    continue;
                }
                _ => {}
            }
            out.extend([token.clone()]);
            rest = after;
        }
    }

    /// What stands in parentheses or brackets.
    fn within(&mut self, group: &Group) -> Group {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut out = TokenStream::new();
        self.inline(&tokens, true, false, &mut out);
        regroup(group, out)
    }

    /// A path and what follows it if it is called; gives the rest.
    fn path<'t>(&mut self, before: path::Before, path: &path::Path<'t>, out: &mut TokenStream) -> &'t [TokenTree] {
        match path.after {
            // A macro is Rust already.
            [bang, TokenTree::Group(_), after @ ..] if is(bang, '!') => {
                out.extend(path.tokens.iter().chain(path.after.iter().take(2)).cloned());
                after
            }
            [TokenTree::Group(args), after @ ..] if args.delimiter() == Delimiter::Parenthesis && before.may_call() => {
                match path.callee(&self.scope) {
                    path::Callee::Step => out.extend(self.step(path, args, &quote!(__flowc_output))),
                    path::Callee::Catch => out.extend(self.catch(path, args)),
                    path::Callee::Other => {
                        out.extend(path.tokens.iter().cloned());
                        out.extend([TokenTree::Group(self.within(args))]);
                    }
                }
                after
            }
            after => {
                out.extend(path.tokens.iter().cloned());
                after
            }
        }
    }

    fn step(&mut self, path: &path::Path<'_>, args: &Group, call: &TokenStream) -> TokenStream {
        let (args, path) = (self.within(args), path.tokens.iter().cloned().collect::<TokenStream>());
        quote!(::flowc::__private::view::step(#path, <#path>::#call #args))
    }

    fn catch(&mut self, catch: &path::Path<'_>, args: &Group) -> TokenStream {
        let tokens: Vec<TokenTree> = args.stream().into_iter().collect();
        let inside = match path::only_call(&tokens, &self.scope) {
            Some((path, args)) => self.step(&path, args, &quote!(__flowc_caught)),
            None => self.within(args).stream(),
        };
        let (catch, inside) = (catch.tokens, regroup(args, inside));
        quote!(::flowc::__private::view::#(#catch)* #inside)
    }

    fn map(&mut self, word: &syn::Ident, map: &split::Map<'_>, used: bool, collect: bool, out: &mut TokenStream) {
        let mut over = TokenStream::new();
        self.inline(map.over, true, false, &mut over);
        let mark = self.scope.enter();
        self.scope.bind(map.pattern);
        let pattern = map.pattern;
        if collect {
            let tokens: Vec<TokenTree> = map.body.stream().into_iter().collect();
            let body = match path::only_call(&tokens, &self.scope) {
                Some((path, args)) => regroup(map.body, self.step(&path, args, &quote!(__flowc_caught))),
                None => {
                    let body = self.block(map.body, true);
                    regroup(map.body, quote!(::flowc::__private::view::collected(#body)))
                }
            };
            out.extend(quote!(::flowc::__private::view::map(#over, |#(#pattern)*| #body)));
        } else {
            let mut body = self.block(map.body, used);
            if used {
                out.extend(quote!(::flowc::__private::view::map(#over, |#(#pattern)*| #body)));
            } else {
                // What nothing collects is dropped.
                let item = body.stream();
                body = regroup(map.body, quote!(#item;));
                out.extend(quote!(#word #(#pattern)* in #over #body));
            }
        }
        self.scope.leave(mark);
    }
}

/// The user's delimiters around other tokens.
fn regroup(like: &Group, tokens: TokenStream) -> Group {
    let mut group = Group::new(like.delimiter(), tokens);
    group.set_span(like.span());
    group
}

fn is(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}
