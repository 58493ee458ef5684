"""A server in Python's standard library alone, which misbehaves as it is told. Its first argument says how."""

import json
import os
import signal
import sys
import time

mode = sys.argv[1]
marks = sys.argv[2] if len(sys.argv) > 2 else None


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def mark(what):
    if marks:
        with open(marks, "a") as file:
            file.write(what + "\n")


def result(id, text):
    send({"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": text}]}})


def call(id, name, arguments):
    if name == "echo":
        result(id, arguments.get("text", ""))
    elif name == "pid":
        result(id, str(os.getpid()))
    elif name == "hang":
        time.sleep(3600)
    elif name == "ignore":
        pass
    elif name == "die":
        sys.stderr.write("I was told to die, and my key is " + os.environ.get("KEY", "") + "\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    elif name == "die_once":
        if not os.path.exists(arguments["file"]):
            open(arguments["file"], "w").close()
            os._exit(7)
        result(id, "alive")
    elif name == "big":
        chunk = "x" * 65536
        sys.stdout.write('{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"' % json.dumps(id))
        for _ in range(arguments["megabytes"] * 16):
            sys.stdout.write(chunk)
        sys.stdout.write('"}]}}\n')
        sys.stdout.flush()
    elif name == "garbage":
        sys.stdout.write("this is no message\n{\n\0\1\2\n[1,2]\n\n")
        sys.stdout.flush()
        sys.stdout.buffer.write(b"\xff\xfe\xfd\n")
        sys.stdout.buffer.flush()
        result(id, "after the garbage")
    elif name == "twice":
        result(id, "first")
        result(id, "second")
        send({"jsonrpc": "2.0", "id": 99999, "result": {}})
    elif name == "fork":
        # A grandchild that outlives its parent and holds on to its pipes.
        if os.fork() == 0:
            time.sleep(3600)
        os._exit(3)
    elif name == "environment":
        result(id, json.dumps(dict(os.environ)))
    else:
        send({"jsonrpc": "2.0", "id": id, "error": {"code": -32602, "message": "no such tool"}})


TOOLS = ["echo", "pid", "hang", "ignore", "die", "die_once", "big", "garbage", "twice", "fork", "environment"]


def list_tools(id):
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    send({"jsonrpc": "2.0", "id": id, "result": {"tools": [{"name": name, "inputSchema": schema} for name in TOOLS]}})


mark("started")
if mode == "slow":
    time.sleep(15)
if mode == "crash":
    sys.stderr.write("there is no database\n")
    sys.exit(4)

for line in sys.stdin:
    message = json.loads(line)
    method, id = message.get("method"), message.get("id")
    if method == "server/discover" and mode == "modern":
        versions = ["2026-07-28"]
        capabilities = {"tools": {}}
        send({"jsonrpc": "2.0", "id": id, "result": {"resultType": "complete", "supportedVersions": versions, "capabilities": capabilities, "ttlMs": 0, "cacheScope": "private"}})
    elif method == "server/discover" and mode == "deaf":
        pass
    elif method == "server/discover" and mode == "touchy":
        sys.exit(5)
    elif method == "initialize":
        version = "1999-01-01" if mode == "ancient" else "2025-06-18"
        if mode in ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"):
            version = mode
        info = {"name": "rough", "version": "1"}
        send({"jsonrpc": "2.0", "id": id, "result": {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}})
    elif method == "tools/list":
        list_tools(id)
    elif method == "tools/call":
        call(id, message["params"]["name"], message["params"].get("arguments", {}))
    elif method == "ping":
        send({"jsonrpc": "2.0", "id": id, "result": {}})
    elif method == "notifications/cancelled":
        mark("cancelled %s" % message["params"].get("requestId"))
    elif id is not None:
        send({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "no such method"}})
