use flowc::node;

#[node(blocking)]
fn parse(pdf: Vec<u8>, #[resource] index: &String) -> usize {
    pdf.len() + index.len()
}

fn main() {}
