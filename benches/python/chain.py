"""A chain of ten steps that each add one, run again and again by one framework.

Usage: chain.py langgraph|pydantic-graph|haystack SECONDS

The graph is built once. Prints, as JSON, the nanoseconds of one run in the best batch, and the version that was measured.
"""

import asyncio
import json
import sys
import time
from importlib.metadata import version

STEPS = 10
START = 16


def langgraph():
    from typing import TypedDict

    from langgraph.graph import END, START as BEGIN, StateGraph

    class State(TypedDict):
        x: int

    async def step(state):
        return {"x": state["x"] + 1}

    graph = StateGraph(State)
    last = BEGIN
    for index in range(STEPS):
        graph.add_node(f"n{index}", step)
        graph.add_edge(last, f"n{index}")
        last = f"n{index}"
    graph.add_edge(last, END)
    compiled = graph.compile()

    async def run():
        return (await compiled.ainvoke({"x": START}))["x"]

    return "langgraph", run


def pydantic_graph():
    from pydantic_graph import GraphBuilder, StepContext

    graph = GraphBuilder(input_type=int, output_type=int)
    steps = []
    for index in range(STEPS):

        async def step(context: StepContext[None, None, int]) -> int:
            return context.inputs + 1

        steps.append(graph.step(step, node_id=f"n{index}"))
    edges = [graph.edge_from(graph.start_node).to(steps[0])]
    edges += [graph.edge_from(one).to(other) for one, other in zip(steps, steps[1:])]
    edges.append(graph.edge_from(steps[-1]).to(graph.end_node))
    graph.add(*edges)
    built = graph.build()

    async def run():
        return await built.run(inputs=START)

    return "pydantic-graph", run


def haystack():
    from haystack import Pipeline, component

    @component
    class Step:
        @component.output_types(x=int)
        def run(self, x: int):
            return {"x": x + 1}

        @component.output_types(x=int)
        async def run_async(self, x: int):
            return {"x": x + 1}

    pipeline = Pipeline()
    for index in range(STEPS):
        pipeline.add_component(f"n{index}", Step())
    for index in range(STEPS - 1):
        pipeline.connect(f"n{index}.x", f"n{index + 1}.x")

    async def run():
        found = await pipeline.run_async({"n0": {"x": START}})
        return found[f"n{STEPS - 1}"]["x"]

    return "haystack-ai", run


async def measure(run, seconds):
    assert await run() == START + STEPS, "the framework did other work"
    best = float("inf")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter_ns()
        for _ in range(20):
            await run()
        best = min(best, (time.perf_counter_ns() - begin) / 20)
    return best


FRAMEWORKS = {"langgraph": langgraph, "pydantic-graph": pydantic_graph, "haystack": haystack}

if __name__ == "__main__":
    package, run = FRAMEWORKS[sys.argv[1]]()
    best = asyncio.run(measure(run, float(sys.argv[2])))
    print(json.dumps({"version": version(package), "ns": best}))
