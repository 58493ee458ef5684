#![deny(warnings)]

#[path = "../../ui/prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn gather(query: Query) -> Facts {
        let docs = search(&query);
        let facts = extract(&docs);
        facts
    }
}

flowc::workflow! {
    fn answer(question: Question) -> Answer {
        let query = rewrite(&question);
        let facts = gather(query);
        let verdict = judge(facts);
        match verdict {
            Verdict::Enough(facts) => {
                let answer = compose(&facts, &Scores(vec![]));
                answer
            }
            _ => escalate(question),
        }
    }
}

fn main() {
    let answer = flowc::Engine::builder()
        .resources(())
        .stub(answer::query, |question| Query(question.0.to_lowercase()))
        .stub(answer::facts, |query| Ok(Facts(vec![query.0])))
        .stub(answer::verdict, Verdict::Enough)
        .stub(answer::answer, |facts, scores| Answer(format!("{}{}", facts.0.len(), scores.0.len())))
        .stub_async(gather::docs, |query| std::future::ready(Err(query.0.clone())))
        .build();
    drop(answer);
}
