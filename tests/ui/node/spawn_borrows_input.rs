use flowc::node;

#[node(spawn)]
async fn parse(pdf: &Vec<u8>) -> usize {
    pdf.len()
}

fn main() {}
