use flowc::node;

struct Ticket;

#[node(retry(attempts = 3))]
async fn book(ticket: Ticket, day: &u32) -> Result<u32, String> {
    let Ticket = ticket;
    Ok(*day)
}

fn main() {}
