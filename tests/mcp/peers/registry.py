"""A registry of MCP servers with the API v0.1, out of a file that is a list of `server.json` documents, each with its status.

It also has a site's catalog and cards below `/site/`, as the file says.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

OFFICIAL = "io.modelcontextprotocol.registry/official"
data = json.load(open(sys.argv[2]))
# The newest of each name comes last.
listed = data["servers"]
newest = {entry["server"]["name"]: entry["server"]["version"] for entry in listed}


def shown(entry):
    server = entry["server"]
    latest = newest[server["name"]] == server["version"]
    meta = {"status": entry["status"], "publishedAt": "2026-01-02T03:04:05Z", "isLatest": latest}
    return {"server": server, "_meta": {OFFICIAL: meta}}


class Registry(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        # A name has a slash in it, and is one part of the path all the same.
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        accept = self.headers["Accept"]
        if url.path in data["documents"]:
            document = data["documents"][url.path]
            if accept.split(",")[0] != document["type"]:
                return self.answer(406, {"error": f"not {accept}"})
            return self.answer(200, document["body"], document["type"])
        match parts:
            case ["v0.1", "servers"]:
                return self.list(query)
            case ["v0.1", "servers", name, "versions"]:
                found = [shown(entry) for entry in reversed(listed) if entry["server"]["name"] == name]
                if found:
                    return self.answer(200, {"servers": found, "metadata": {"count": len(found)}})
            case ["v0.1", "servers", name, "versions", version]:
                wanted = newest.get(name) if version == "latest" else version
                for entry in listed:
                    if (entry["server"]["name"], entry["server"]["version"]) == (name, wanted):
                        return self.answer(200, shown(entry))
        self.answer(404, {"title": "Not Found", "status": 404, "detail": "Server not found"})

    def list(self, query):
        found = [shown(entry) for entry in listed if entry["status"] != "deleted"]
        found = [one for one in found if query.get("search", "") in one["server"]["name"]]
        if query.get("version") == "latest":
            found = [one for one in found if one["_meta"][OFFICIAL]["isLatest"]]
        # However many are asked for, a registry has its own limit.
        limit = min(int(query.get("limit", 30)), data["page"])
        begin = int(query.get("cursor", "page:0").removeprefix("page:"))
        page = found[begin : begin + limit]
        metadata = {"count": len(page)}
        if begin + limit < len(found):
            metadata["nextCursor"] = f"page:{begin + limit}"
        self.answer(200, {"servers": page, "metadata": metadata})

    def answer(self, status, body, kind="application/json"):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Registry).serve_forever()
