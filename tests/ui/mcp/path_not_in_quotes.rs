flowc_mcp::mcp! {
    mod weather = weather.json;
}

fn main() {}
