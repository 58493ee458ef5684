//! What `workflow!` has to say.

pub(crate) const EMPTY_WORKFLOW: &str =
    "expected a workflow\nhelp: write `workflow! { pub fn answer(question: Question) -> Answer { .. } }`";
pub(crate) const ASYNC_WORKFLOW: &str =
    "a workflow is written without `async`\nhelp: remove it; steps are awaited for you";
pub(crate) const UNSAFE_WORKFLOW: &str = "a workflow cannot be `unsafe`\nhelp: put the unsafe code into a node";
pub(crate) const CONST_WORKFLOW: &str =
    "a workflow cannot be `const`\nhelp: remove it; a workflow runs while the program does";
pub(crate) const ATTRIBUTE_ON_PARAM: &str =
    "a parameter of a workflow takes no attributes\nhelp: resources and the context belong to the nodes that use them";
pub(crate) const MAX_TWICE: &str = "`#[max(..)]` is given twice\nhelp: remove one of them";
pub(crate) const IMPL_TRAIT_OUTPUT: &str =
    "the result of a workflow cannot be `impl Trait`\nhelp: name the type, or box it: `Box<dyn Trait + Send>`";
pub(crate) const SELF_IN_WORKFLOW: &str =
    "a workflow has no `self`\nhelp: pass what it needs as a parameter, or hand it to the nodes as a resource";
pub(crate) const IMPL_TRAIT_PARAM: &str = "a parameter of a workflow cannot be `impl Trait`\nhelp: name the type with a generic: `fn answer<M: ChatModel>(model: M)`";
pub(crate) const MUT_PARAM: &str =
    "a workflow takes its inputs by value or by `&`\nhelp: take the value and give the changed one back";
pub(crate) const MUT_BINDING_PARAM: &str =
    "a parameter of a workflow cannot be `mut`\nhelp: write `let mut` in front of the `loop` that changes it";
pub(crate) const PATTERN_PARAM: &str =
    "a parameter of a workflow is a plain name\nhelp: take the whole value and take it apart with `let`";
pub(crate) fn defined_twice(name: &str) -> String {
    format!("there is a workflow `{name}` already\nhelp: give one of them another name")
}

pub(crate) fn param_twice(name: &syn::Ident) -> String {
    format!("the workflow has a parameter `{name}` already\nhelp: give one of them another name")
}

pub(crate) fn param_without_type(name: &syn::Ident) -> String {
    format!("the parameter `{name}` has no type\nhelp: write `{name}: Type`")
}

pub(crate) const RESULT_OUTPUT: &str = "a workflow gives its value, not a `Result`: a failed step ends the run by itself\n\
     help: write the type of the value; to handle a failure inside, write `match catch(step(..)) { .. }`";
pub(crate) const NO_LIFETIMES: &str =
    "a workflow has no lifetime parameters\nhelp: write `&T`; every borrowed parameter lives as long as the run";

// Statements.

pub(crate) const QUESTION: &str = "failure goes up by itself in a workflow: `?` is not needed\n\
     help: remove the `?`; to handle the failure here, write `match catch(step(..)) { .. }`";
pub(crate) const AWAIT_QUESTION: &str = "steps are awaited for you, and failure goes up by itself: `.await?` is not needed\n\
     help: remove the `.await?`; to handle the failure here, write `match catch(step(..)) { .. }`";
pub(crate) const CATCH_QUESTION: &str = "`catch` makes a value of the failure, and `?` would give it up again\n\
     help: remove both, as failure goes up by itself, or write `match catch(step(..)) { .. }`";
pub(crate) const RUN: &str =
    "a workflow is a step in another one: `.run(..)` is not needed\nhelp: call it without `.run(..)`";
pub(crate) const INFERRED: &str = "the type arguments of a step are written out\nhelp: write the type in place of `_`";
pub(crate) fn mut_input(name: &str) -> String {
    format!(
        "a step does not change its inputs, since other steps may read them\nhelp: write `&{name}`, and let the node give the changed value back"
    )
}
pub(crate) const AWAIT: &str = "steps are awaited for you: `.await` is not needed\nhelp: remove the `.await`";
pub(crate) const RETURN: &str = "a workflow has one way out, its last expression: `return` is not possible\nhelp: choose the result with `if` or `match`";
pub(crate) const LET_ELSE: &str =
    "`let .. else` is not possible in a workflow\nhelp: write `match` with an arm for the other case";
pub(crate) const LET_WITHOUT_VALUE: &str = "a binding of a workflow has its value from the start\nhelp: write `let x = ..;`, choosing with `if` or `match` where needed";
pub(crate) const WHILE: &str = "`while` has no bound\nhelp: write `#[max(n)] loop { .. }` and leave it with `break`";
pub(crate) const LABEL: &str = "labels are not possible in a workflow\nhelp: `break` and `continue` speak of the innermost `loop`; a sub-workflow can hold the inner one";
pub(crate) const ASYNC: &str =
    "`async` is not possible in a workflow\nhelp: put the async code into a node and call it as a step";
pub(crate) const UNSAFE: &str = "`unsafe` is not possible in a workflow\nhelp: put the unsafe code into a node";
pub(crate) const CFG: &str = "`#[cfg]` is not possible inside a workflow, whose graph is the same in each build\nhelp: put `#[cfg]` on two versions of a node, or of the whole workflow";
pub(crate) const CFG_PARAM: &str =
    "a parameter of a workflow cannot come and go with `#[cfg]`\nhelp: put `#[cfg]` on two versions of the workflow";
pub(crate) const ITEM: &str = "items are not possible inside a workflow\nhelp: move it out of `workflow!`";
pub(crate) const CATCH_FORM: &str =
    "`catch` takes one step\nhelp: write `catch(search(&query))`, where `search` is a node or a workflow";
pub(crate) const CATCH_INSIDE: &str = "`catch` cannot stand inside another expression\nhelp: bind it with `let` first, or match on it: `match catch(step(..)) { .. }`";
pub(crate) const FOR_WITHOUT_MAX: &str =
    "a `for` needs a bound\nhelp: write `#[max(8)]` in front of it: at most 8 items at once";
pub(crate) const LOOP_WITHOUT_MAX: &str =
    "a `loop` needs a bound\nhelp: write `#[max(12)]` in front of it: at most 12 rounds";
pub(crate) const MAX_INSIDE: &str =
    "`#[max(..)]` stands inside of what it bounds\nhelp: move it in front of the `for` or `loop`";
pub(crate) const MAX_FORM: &str = "`#[max(..)]` takes one `usize` expression\nhelp: write `#[max(8)]`";
pub(crate) const MAX_ZERO: &str = "a bound of 0 lets nothing run\nhelp: write a bound of at least 1";
pub(crate) const MAX_MISPLACED: &str = "`#[max(..)]` bounds a `for` or a `loop`, and this is neither\nhelp: remove it";
pub(crate) const ON_ERROR_FORM: &str =
    "`#[on_error(..)]` knows one mode\nhelp: write `#[on_error(collect)]` to get a `Vec<Result<T, Failure<E>>>`";
pub(crate) const ON_ERROR_MISPLACED: &str = "`#[on_error(collect)]` belongs to a `for`\nhelp: to handle the failure of one step, write `match catch(step(..)) { .. }`";
pub(crate) const AFTER_FORM: &str =
    "`#[after(..)]` takes the names of bindings\nhelp: write `#[after(audit)]`, where `let audit = ..;` stands above";
pub(crate) const ASSIGN_OUTSIDE: &str = "a binding can be assigned only in the `loop` that carries it\n\
     help: make a new binding with `let`, or choose its value with `if` or `match`";
pub(crate) const ASSIGN_IN_FOR: &str = "the items of a `for` run at the same time: nothing can be assigned in it\n\
     help: give the value as the last expression of the body, and collect the results";

pub(crate) const CHANGE_IN_FOR: &str = "the items of a `for` run at the same time: nothing around it can be changed in it\n\
     help: give the value as the last expression of the body, and collect the results";

pub(crate) fn leave_for(word: &str) -> String {
    format!(
        "the items of a `for` run at the same time: `{word}` is not possible\n\
         help: filter the collection before, or give an `Option` as the last expression of the body"
    )
}

pub(crate) fn leave_nothing(word: &str) -> String {
    format!("`{word}` outside of a `loop`\nhelp: a workflow gives its last expression; choose it with `if` or `match`")
}

pub(crate) fn repeat_inside(word: &str) -> String {
    format!(
        "a `{word}` cannot stand inside another expression\nhelp: bind it with `let` first, with `#[max(..)]` in front"
    )
}

pub(crate) fn step_inside(path: &str) -> String {
    format!(
        "the step `{path}(..)` stands inside another expression\n\
         help: bind it with `let` first; if it is a plain function, write `({path})(..)`"
    )
}

pub(crate) fn recursion(name: &str) -> String {
    format!("the workflow `{name}` calls itself\nhelp: repeat with `#[max(n)] loop {{ .. }}`, whose rounds are bounded")
}

pub(crate) fn recursion_through(name: &str, called: &str) -> String {
    format!(
        "the workflow `{name}` calls `{called}`, which leads back to `{name}`\nhelp: repeat with `#[max(n)] loop {{ .. }}`, whose rounds are bounded"
    )
}

pub(crate) fn unknown_attribute(name: &str, similar: Option<&str>) -> String {
    let known = "`max`, `on_error`, `after`, `timeout`, `retry`, `breaker`, `rate`, `concurrency`, `cache`, `fallback`";
    match similar {
        Some(similar) => {
            format!("unknown attribute `{name}` on a step\nhelp: did you mean `{similar}`? known are {known}")
        }
        None => format!("unknown attribute `{name}` on a step\nhelp: known are {known}"),
    }
}

pub(crate) fn policy_misplaced(name: &str) -> String {
    format!(
        "`#[{name}(..)]` is a policy of one step, and this is not a call of one\nhelp: put it on the `let` or the statement that calls the node"
    )
}

pub(crate) fn unknown_after(name: &str, similar: Option<&str>) -> String {
    match similar {
        Some(similar) => {
            format!("no binding `{name}` stands above\nhelp: a binding with a similar name is `{similar}`")
        }
        None => format!("no binding `{name}` stands above\nhelp: `#[after(..)]` names `let`s above this one"),
    }
}
