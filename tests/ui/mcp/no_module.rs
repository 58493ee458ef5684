flowc_mcp::mcp! {}

fn main() {}
