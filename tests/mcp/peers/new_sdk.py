"""The tools of the tests on the second Python SDK, which speaks all versions."""

import asyncio
import os
import sys
import time

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel

how, port = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
server = MCPServer("new")


class Sum(BaseModel):
    sum: int


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def add(a: int, b: int) -> Sum:
    """Adds two numbers."""
    return Sum(sum=a + b)


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def echo(text: str) -> str:
    return text


@server.tool()
def fail(reason: str) -> str:
    raise ToolError(reason)


@server.tool()
async def count(to: int, context: Context) -> str:
    """Counts, and tells how far it is."""
    for number in range(1, to + 1):
        await context.report_progress(number, to, f"at {number}")
        await asyncio.sleep(0.01)
    return f"counted to {to}"


@server.tool()
async def wait(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return f"waited {seconds}"


@server.tool()
async def block(seconds: float) -> str:
    """Blocks the whole process."""
    time.sleep(seconds)
    return str(os.getpid())


@server.tool()
def pid() -> int:
    return os.getpid()


@server.prompt()
def review(code: str) -> str:
    """Asks for a review."""
    return f"Please review: {code}"


@server.resource("config://app")
def config() -> str:
    return "the configuration"


if how == "stdio":
    server.run("stdio")
else:
    server.run("streamable-http", host="127.0.0.1", port=port, json_response=how == "json")
