flowc_mcp::mcp! {
    #[rename("forecast" = "fore cast")]
    mod weather = "./weather.json";
}

fn main() {}
