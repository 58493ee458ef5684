"""The tools of the tests on the first Python SDK: versions with a handshake, over all transports that it has."""

import asyncio
import os
import sys
import time

import uvicorn
from mcp.server.fastmcp import Context, FastMCP
from mcp.types import ToolAnnotations
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

how, port = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
server = FastMCP("old", port=port)


class Sum(BaseModel):
    sum: int


@server.tool(annotations=ToolAnnotations(readOnlyHint=True))
def add(a: int, b: int) -> Sum:
    """Adds two numbers."""
    return Sum(sum=a + b)


@server.tool(annotations=ToolAnnotations(readOnlyHint=True))
def echo(text: str) -> str:
    return text


@server.tool()
def fail(reason: str) -> str:
    raise ValueError(reason)


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
def block(seconds: float) -> str:
    """Blocks the whole process."""
    time.sleep(seconds)
    return str(os.getpid())


@server.tool()
def pid() -> int:
    return os.getpid()


class Name(BaseModel):
    name: str


@server.tool()
async def greet(context: Context) -> str:
    """Asks for a name."""
    answer = await context.elicit("What is your name?", Name)
    return f"Hello, {answer.data.name}!" if answer.action == "accept" else f"You said {answer.action}."


@server.tool()
async def grow(context: Context) -> str:
    """Gets itself another tool."""

    def grown() -> str:
        return "grown"

    server.add_tool(grown)
    await context.session.send_tool_list_changed()
    return "done"


@server.prompt()
def review(code: str) -> str:
    """Asks for a review."""
    return f"Please review: {code}"


@server.resource("notes://{name}")
def note(name: str) -> str:
    return f"The note {name}."


@server.resource("config://app")
def config() -> str:
    return "the configuration"


@server.completion()
async def complete(ref, argument, context):
    from mcp.types import Completion

    words = [word for word in ["python", "pascal", "perl"] if word.startswith(argument.value)]
    return Completion(values=words, hasMore=False)


async def websocket(socket):
    from mcp.server.websocket import websocket_server

    async with websocket_server(socket.scope, socket.receive, socket.send) as (reader, writer):
        low = server._mcp_server
        await low.run(reader, writer, low.create_initialization_options())


if how == "stdio":
    server.run("stdio")
elif how == "http":
    server.run("streamable-http")
else:

    tls = os.environ.get("TLS_KEYS", "")
    keys = {"ssl_keyfile": os.path.join(tls, "key.pem"), "ssl_certfile": os.path.join(tls, "cert.pem")}
    if how == "https":
        app = server.streamable_http_app()
    else:
        app = Starlette(routes=[WebSocketRoute("/ws", websocket)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", **({} if how == "ws" else keys))
