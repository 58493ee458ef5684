use flowc::node;

#[node(blocking)]
fn parse(pdf: Option<&'static str>, page: Vec<std::borrow::Cow<'_, str>>) -> usize {
    pdf.map_or(0, str::len) + page.len()
}

fn main() {}
