//! Every text that a user reads, and nothing else. Lower case, no final dot, backticks around code, the way out as `help:`.

pub(crate) const NAME: &str = "a name";
pub(crate) const VALUE: &str = "the name of a field";
pub(crate) const SEGMENT: &str = "the name of a field or of a method";
pub(crate) const CALL: &str = "`()`, as only methods without arguments can be called";
pub(crate) const SOME: &str = "`let Some(name) = field`";
pub(crate) const ITEMS: &str = "`item in field`, or `(key, value) in field`";

pub(crate) const NO_TEMPLATE: &str = "this prompt has no template\nhelp: write `#[prompt(\"Hello {name}\")]` above the struct, or \
    `#[prompt(file = \"prompts/hello.md\")]`";
pub(crate) const NO_USER: &str = "this prompt says nothing to the model but `system`\nhelp: add what the person says: \
    `#[prompt(system = \"..\", user = \"Hello {name}\")]`";
pub(crate) const NOT_A_STRUCT: &str =
    "`Prompt` can only be derived for a struct, whose fields are the variables of its template";
pub(crate) const PARTS: &str = "expected a template, as in `#[prompt(\"Hello {name}\")]`, or one of `user = \"..\"`, `file = \"..\"`, \
    `system = \"..\"` and `system_file = \"..\"`";
pub(crate) const QUOTES: &str = "expected a text in quotes";
pub(crate) const FIELD: &str = "a field can only have `#[prompt(skip)]`: it allows that no template uses it";

pub(crate) fn unknown_part(name: &str, similar: Option<&str>) -> String {
    let help = similar.map_or_else(
        || "the parts are `user`, `file`, `system` and `system_file`".to_owned(),
        |similar| format!("did you mean `{similar}`?"),
    );
    format!("a prompt has no part `{name}`\nhelp: {help}")
}

pub(crate) fn twice(part: &str) -> String {
    format!("{part} is said twice\nhelp: leave one of them out")
}

pub(crate) fn unread(path: &str, error: &std::io::Error, begins: &str) -> String {
    format!("cannot read the prompt `{path}`: {error}\nhelp: the path begins at {begins}")
}

pub(crate) fn open_brace() -> String {
    "this brace is not closed on its line\nhelp: write `}` behind the name of the field, or `{{` for a brace that is part of the text".to_owned()
}

pub(crate) fn lone_brace() -> String {
    "this brace closes nothing\nhelp: write `}}` for a brace that is part of the text".to_owned()
}

pub(crate) fn expected(what: &str, found: Option<char>) -> String {
    let found = found.map_or_else(|| "`}`".to_owned(), |found| format!("`{found}`"));
    format!("expected {what}, found {found}\nhelp: write `{{{{` and `}}}}` for braces that are part of the text")
}

pub(crate) fn no_binding(name: &str) -> String {
    format!("`{name}` is no name for a variable in Rust")
}

pub(crate) fn no_segment(name: &str) -> String {
    format!("`{name}` is no name for a field or a method in Rust")
}

pub(crate) fn directive(sign: &str, word: &str, similar: Option<&str>) -> String {
    let help = match similar {
        Some(similar) => format!("did you mean `{{{sign}{similar}}}`?"),
        None => "blocks are `{#if ..}..{:else if ..}..{:else}..{/if}` and `{#for item in items}..{:else}..{/for}`"
            .to_owned(),
    };
    format!("there is no block `{{{sign}{word}}}`\nhelp: {help}")
}

pub(crate) fn behind_else(word: &str) -> String {
    format!("expected `if` or `}}` behind `else`, found `{word}`")
}

pub(crate) fn format(format: &str) -> String {
    format!(
        "`{format}` is no format\nhelp: formats are those of `format!`, such as `{{score:.2}}` and `{{doc:?}}`; what else is to be done with \
         a value is a method: `{{name.to_uppercase()}}`"
    )
}

pub(crate) fn not_open(kind: &str) -> String {
    format!("`{{/{kind}}}` ends nothing\nhelp: remove it, or write `{{#{kind} ..}}` where the block begins")
}

pub(crate) fn another_is_open(open: &str, closed: &str) -> String {
    format!("`{{/{closed}}}` stands in a `{{#{open}}}` that is not closed\nhelp: close it first: `{{/{open}}}`")
}

pub(crate) fn never_closed(kind: &str) -> String {
    format!("this `{{#{kind}}}` is never closed\nhelp: write `{{/{kind}}}` where the block ends")
}

pub(crate) fn too_deep(most: usize) -> String {
    format!(
        "blocks can stand in each other only {most} deep\nhelp: make a method of the struct that gives the inner text"
    )
}

pub(crate) fn after_else() -> String {
    "this block is at its `{:else}` already, which is the last".to_owned()
}

pub(crate) fn else_if_without_if() -> String {
    "`{:else if}` stands in no `{#if}`".to_owned()
}

pub(crate) fn else_alone() -> String {
    "`{:else}` stands in no `{#if}` and in no `{#for}`".to_owned()
}

pub(crate) fn unknown(name: &str, prompt: &str, similar: Option<&str>, known: &[&str]) -> String {
    let listed = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let help = match similar {
        Some(similar) => format!("did you mean `{similar}`?"),
        None if known.is_empty() => format!("`{prompt}` has no fields; write `{{{{{name}}}}}` for text in braces"),
        None => format!("its fields are {}", listed()),
    };
    format!("the prompt `{prompt}` has no field `{name}`\nhelp: {help}")
}

pub(crate) fn unused_binding(name: &str) -> String {
    format!("nothing in this block uses `{name}`\nhelp: write `{{{name}}}` in it, or call it `_{name}`")
}

pub(crate) fn unused_field(name: &str) -> String {
    format!(
        "no template of this prompt uses the field `{name}`\nhelp: write `{{{name}}}` in a template, or put `#[prompt(skip)]` above the field"
    )
}
