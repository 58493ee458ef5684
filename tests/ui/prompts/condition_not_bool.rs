use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("{#if note}There is a note.{/if}")]
struct Show {
    note: Option<String>,
}

fn main() {
    Show { note: None }.request();
}
