"""An MCP server in Python's standard library alone: its tools are in the file that its first argument names."""

import json
import sys

tools = json.load(open(sys.argv[1]))

for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    answer = {"jsonrpc": "2.0", "id": message["id"]}
    if message.get("method") == "initialize":
        version = message["params"]["protocolVersion"]
        info = {"name": "listed", "version": "7"}
        answer["result"] = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    elif message.get("method") == "tools/list":
        answer["result"] = {"tools": tools}
    elif message.get("method") == "ping":
        answer["result"] = {}
    else:
        answer["error"] = {"code": -32601, "message": "there is no such method"}
    print(json.dumps(answer), flush=True)
