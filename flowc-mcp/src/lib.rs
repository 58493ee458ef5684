//! MCP for flowc: the tools of every MCP server as steps, and every workflow as a tool.
