"""Times calls of `words` with the Python SDK: `latency.py WARM IN_TURN AT_ONCE WIDTH stdio COMMAND ARGS..`, or `.. http URL`, or
`.. ws URL` with the first SDK. It writes what it saw as one JSON object."""

import asyncio
import json
import sys
import time
from contextlib import asynccontextmanager

warm, in_turn, at_once, width = map(int, sys.argv[1:5])
how, *target = sys.argv[5:]


@asynccontextmanager
async def connected():
    if how == "ws":
        from mcp import ClientSession
        from mcp.client.websocket import websocket_client

        async with websocket_client(target[0]) as (reader, writer), ClientSession(reader, writer) as session:
            await session.initialize()
            yield session
    else:
        from mcp import Client, StdioServerParameters

        server = target[0] if how == "http" else StdioServerParameters(command=target[0], args=target[1:])
        async with Client(server, read_timeout_seconds=60) as client:
            yield client


async def main():
    async with connected() as client:

        async def call():
            await client.call_tool("words", {"text": "one two three"})

        for _ in range(warm):
            await call()
        took = []
        for _ in range(in_turn):
            started = time.perf_counter()
            await call()
            took.append((time.perf_counter() - started) * 1e6)
        took.sort()

        async def lane():
            for _ in range(at_once // width):
                await call()

        started = time.perf_counter()
        await asyncio.gather(*(lane() for _ in range(width)))
        per_second = at_once / (time.perf_counter() - started)
    seen = {"p50": took[in_turn // 2], "p99": took[in_turn * 99 // 100], "per_second": per_second}
    print(json.dumps(seen))


asyncio.run(main())
