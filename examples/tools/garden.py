"""A garden, as an MCP server: the tools that the workflow in src/main.rs calls."""

from mcp.server.fastmcp import FastMCP
from mcp.types import ToolAnnotations
from pydantic import BaseModel

server = FastMCP("garden")

BEDS = {"tomatoes": 22.0, "lettuce": 61.0, "herbs": 35.0}


class Bed(BaseModel):
    """How a bed is."""

    name: str
    moisture: float


@server.tool(annotations=ToolAnnotations(readOnlyHint=True))
def beds() -> list[str]:
    """The names of all beds."""
    return sorted(BEDS)


@server.tool(annotations=ToolAnnotations(readOnlyHint=True))
def measure(name: str) -> Bed:
    """How moist a bed is, in percent."""
    if name not in BEDS:
        raise ValueError(f"there is no bed of {name}")
    return Bed(name=name, moisture=BEDS[name])


if __name__ == "__main__":
    server.run()
