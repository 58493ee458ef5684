use flowc::node;

#[node(blocking)]
fn parse(pdf: &Vec<u8>) -> usize {
    pdf.len()
}

fn main() {}
