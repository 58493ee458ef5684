"""Calls the served workflows with the Python SDK: `client.py stdio MODE COMMAND ARGS..` or `client.py http MODE URL`.
It writes what it saw as one JSON object."""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters
from mcp_types import ElicitResult

how, mode, *target = sys.argv[1:]
server = target[0] if how == "http" else StdioServerParameters(command=target[0], args=target[1:])
asked, told = [], []


async def answer(context, params):
    asked.append(params.message)
    return ElicitResult(action="accept", content={"approved": True, "by": "python"})


async def progress(done, total, message):
    told.append([done, total])


async def main():
    async with Client(server, mode=mode, elicitation_callback=answer, read_timeout_seconds=60) as client:
        tools = (await client.list_tools()).tools
        words = await client.call_tool("words", {"text": "one two three"})
        find = {"query": {"words": ["cat"]}, "lines": ["a cat", "a dog"]}
        found = await client.call_tool("find", find)
        failed = await client.call_tool("fail", {"reason": "the moon is full"})
        slow = await client.call_tool("slow", {"steps": 3, "millis": 50}, progress_callback=progress)
        published = await client.call_tool("publish", {"text": "hello"})
        seen = {
            "version": client.protocol_version,
            "server": [client.server_info.name, client.server_info.version],
            "instructions": client.instructions,
            "tools": {tool.name: tool.description for tool in tools},
            "words": words.structured_content,
            "found": found.structured_content,
            "failed": [failed.is_error, failed.content[0].text],
            "slow": slow.structured_content,
            "told": told,
            "published": published.structured_content,
            "asked": asked,
        }
        print(json.dumps(seen))


asyncio.run(main())
