//! Names that generated code might trip over.
#![deny(warnings)]
#![allow(non_camel_case_types, non_upper_case_globals, dead_code)]

use ::flowc::node;

mod std {}
mod core {}
struct Send;
struct Result2;
struct Option;
struct Vec;
struct Box;
struct Clone;
struct Ok;
struct Err;
struct Failure;
struct Step;
struct X;
struct __X;
struct __R;
trait Future {}
trait Sized2 {}

#[node(timeout = "1s", retry(attempts = 2))]
pub async fn odd(input: u8, self_: &u8, r#type: &u8, __f: u8, __input: u8, __at: u8) -> u8 {
    input + self_ + r#type + __f + __input + __at
}

#[node(blocking)]
pub fn input(input: u8) -> u8 {
    input
}

#[node]
pub async fn run(begin: u8, settle: &u8) -> u8 {
    begin + settle
}

#[node]
pub async fn r#match(x: u8, #[resource] __resources: &u8) -> u8 {
    x + __resources
}

#[node]
pub fn flowc(a: u8, __ended: u8, __app: u8) -> u8 {
    a + __ended + __app
}

#[node(retry)]
pub fn generic<T: ::core::marker::Send>(a: u8, #[resource] t: &T) -> u8 {
    let _ = t;
    a
}

fn main() {
    assert_eq!(<r#match as ::flowc::__private::Step>::SPEC.name, "match");
    let _ = (
        <odd>::__flowc_input(1, &1, &1, 1, 1, 1),
        <input>::__flowc_input(1),
        <run>::__flowc_input(1, &1),
        <r#match>::__flowc_input(1),
    );
}
