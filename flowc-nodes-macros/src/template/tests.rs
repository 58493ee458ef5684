use super::*;

fn words(written: &str, literal: bool) -> String {
    let show = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Show { value, format } => format!("<{}{format}>", value.first.text),
        Node::If { arms, .. } => format!("<if {}>", arms.len()),
        Node::For { body, otherwise, .. } => format!("<for {} {}>", body.len(), otherwise.len()),
    };
    parse(written, literal).unwrap().iter().map(show).collect()
}

#[test]
fn braces_are_written_twice() {
    assert_eq!(words("{{\"a\": {a}}} {b:.2}", true), "{\"a\": <a>} <b.2>");
}

#[test]
fn an_indented_literal_is_what_it_looks_like() {
    assert_eq!(words("\n    One\n      two {x}\n\n    three\n    ", true), "One\n  two <x>\n\nthree");
    assert_eq!(words("One\n  two", true), "One\n  two");
    assert_eq!(words("One\r\n  two\r\n", false), "One\n  two");
}

#[test]
fn a_line_with_a_block_alone_leaves_none() {
    assert_eq!(words("a\n  {#if x}  \n  b\n  {:else}\n  c\n  {/if}\nd", true), "a\n<if 1>d");
    assert_eq!(words("a {#if x}b{/if}\nd", true), "a <if 1>\nd");
    let nodes = parse("a\n{#for x in y}\n{#if x}\n- {x}\n{/if}\n{/for}\nb", true).unwrap();
    let [Node::Text(before), Node::For { body, .. }, Node::Text(after)] = &nodes[..] else { panic!("{nodes:?}") };
    assert_eq!((before.as_str(), after.as_str()), ("a\n", "b"));
    let [Node::If { arms, .. }] = &body[..] else { panic!("{body:?}") };
    let texts =
        arms[0].1.iter().filter(|node| matches!(node, Node::Text(text) if text == "- " || text == "\n")).count();
    assert_eq!((arms[0].1.len(), texts), (3, 2));
}

#[test]
fn what_is_wrong_has_a_place() {
    for (written, start, part) in [
        ("Hello {name", 6, "not closed on its line"),
        ("Hello name}", 10, "closes nothing"),
        ("{\"a\": 1}", 1, "found `\"`"),
        ("{a b}", 3, "expected `}`"),
        ("{a.}", 3, "the name of a field or of a method"),
        ("{a.b(1)}", 5, "without arguments"),
        ("{a:upper}", 3, "no format"),
        ("{a:99999}", 3, "no format"),
        ("{#each a}", 0, "no block `{#each}`"),
        ("{#fro a in b}", 0, "did you mean `{#for}`"),
        ("x{#if a}", 1, "never closed"),
        ("{/if}", 0, "ends nothing"),
        ("{#if a}{/for}", 7, "not closed"),
        ("{#if a}{:else}{:else}{/if}", 14, "already"),
        ("{:else}", 0, "stands in no"),
        ("{#for a}x{/for}", 7, "expected `item in field`"),
        ("{#if let a}x{/if}", 10, "`let Some(name) = field`"),
    ] {
        let wrong = parse(written, true).unwrap_err();
        assert!(wrong.at.start == start && wrong.text.contains(part), "{written}: {wrong:?}");
    }
}

#[test]
fn depth_is_bounded_and_any_text_is_read_or_refused() {
    assert!(parse(&"{#if a}".repeat(17), true).unwrap_err().text.contains("16 deep"));
    for written in
        ["", "{", "}", "{}", "{#}", "{:}", "{/}", "{a:}", "{ü.ö}", "\n\n", "{#if !}{/if}", "{a:é<5}", "{a:é}"]
    {
        let _ = parse(written, true);
        let _ = parse(written, false);
    }
    assert_eq!(parse("{a:é<5}", true).map(|nodes| nodes.len()), Ok(1));
}
