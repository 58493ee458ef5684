use flowc::node;

struct Index;

#[node(blocking)]
fn parse(pdf: Vec<u8>, #[resource] index: Index) -> usize {
    let Index = index;
    pdf.len()
}

fn main() {}
