"""An MCP server that is its own authorization server, as the Python SDK makes it, with a memory and some bad habits.

It says where it is on its standard output. With `tls` it is at an encrypted address too, and that is its name. `POST /test` changes how it behaves, `GET /test` tells what it has seen.
"""

import asyncio
import json
import os
import pathlib
import secrets
import socket
import sys
import time

import uvicorn
from mcp.server import MCPServer
from mcp.server.auth.provider import AccessToken, AuthorizationCode, RefreshToken, TokenError, construct_redirect_uri
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.shared.auth import OAuthToken
from starlette.responses import JSONResponse, RedirectResponse

SCOPES = ["files:read", "files:write"]


class Provider:
    """Keeps everything in memory and lets in whoever asks."""

    def __init__(self):
        self.clients, self.codes, self.access, self.refresh = {}, {}, {}, {}
        self.seen = {"registered": 0, "authorized": 0, "exchanged": 0, "refreshed": 0, "refused": 0, "scopes": [], "resources": []}
        self.secrets = []
        self.life, self.habit = 3600, None

    def secret(self):
        secret = secrets.token_hex(24)
        self.secrets.append(secret)
        return secret

    async def get_client(self, client_id):
        return self.clients.get(client_id)

    async def register_client(self, client):
        self.seen["registered"] += 1
        if client.client_secret:
            self.secrets.append(client.client_secret)
        self.clients[client.client_id] = client

    async def authorize(self, client, params):
        self.seen["authorized"] += 1
        self.seen["scopes"].append(params.scopes)
        self.seen["resources"].append(params.resource)
        if self.habit == "denies":
            return construct_redirect_uri(str(params.redirect_uri), error="access_denied", state=params.state)
        code = self.secret()
        self.codes[code] = AuthorizationCode(
            code=code,
            client_id=client.client_id,
            scopes=params.scopes or SCOPES[:1],
            expires_at=time.time() + 60,
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
        )
        state = "somebody-elses" if self.habit == "wrong state" else params.state
        more = {"iss": "https://attacker.example"} if self.habit == "wrong iss" else {}
        return construct_redirect_uri(str(params.redirect_uri), code=code, state=state, **more)

    async def load_authorization_code(self, client, code):
        return self.codes.get(code)

    async def exchange_authorization_code(self, client, code):
        if self.habit == "tells secrets":
            raise TokenError("invalid_grant", f"the code {code.code} is not liked")
        self.seen["exchanged"] += 1
        del self.codes[code.code]
        return self.tokens(client.client_id, code.scopes, code.resource)

    async def load_refresh_token(self, client, token):
        return self.refresh.get(token)

    async def exchange_refresh_token(self, client, token, scopes):
        self.seen["refreshed"] += 1
        del self.refresh[token.token]
        return self.tokens(client.client_id, scopes, token.resource)

    def tokens(self, client_id, scopes, resource):
        access, refresh = self.secret(), self.secret()
        ends = int(time.time()) + self.life
        self.access[access] = AccessToken(token=access, client_id=client_id, scopes=scopes, expires_at=ends, resource=resource)
        self.refresh[refresh] = RefreshToken(token=refresh, client_id=client_id, scopes=scopes, resource=resource)
        return OAuthToken(access_token=access, expires_in=self.life, scope=" ".join(scopes), refresh_token=refresh)

    async def load_access_token(self, token):
        found = self.access.get(token)
        return found if found and found.expires_at > time.time() else None

    async def revoke_token(self, token):
        self.access.pop(token.token, None)
        self.refresh.pop(token.token, None)


def habits(app, provider, origin):
    """What the SDK would not do by itself."""

    async def wrapped(scope, receive, send):
        path = scope.get("path", "")
        if path == "/.well-known/oauth-protected-resource/mcp" and scope["type"] == "http":
            metadata = {"resource": f"{origin}/mcp", "authorization_servers": [origin], "scopes_supported": SCOPES}
            match provider.habit:
                case ["leads to", where]:
                    response = JSONResponse(metadata | {"authorization_servers": [where]})
                    return await response(scope, receive, send)
                case ["is about", what]:
                    response = JSONResponse(metadata | {"resource": what})
                    return await response(scope, receive, send)
                case ["sends on to", where]:
                    return await RedirectResponse(where)(scope, receive, send)
                case "is huge":
                    return await JSONResponse(metadata | {"padding": "x" * 1_000_000})(scope, receive, send)
        if path == "/.well-known/oauth-authorization-server" and isinstance(provider.habit, list) and provider.habit[0] == "says":
            metadata = {
                "issuer": origin,
                "authorization_endpoint": f"{origin}/authorize",
                "token_endpoint": f"{origin}/token",
                "registration_endpoint": f"{origin}/register",
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
            return await JSONResponse(metadata | provider.habit[1])(scope, receive, send)

        async def counted(message):
            provider.seen["refused"] += message.get("status") == 401
            await send(message)

        await app(scope, receive, counted)

    return wrapped


def listen():
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    # Whoever comes before all is ready waits in the queue.
    sock.listen(128)
    return sock, sock.getsockname()[1]


def main():
    sock, port = listen()
    plain = origin = f"http://127.0.0.1:{port}"
    servers = [({}, sock)]
    if sys.argv[1:] == ["tls"]:
        sock, port = listen()
        origin = f"https://localhost:{port}"
        keys = pathlib.Path(os.environ["TLS_KEYS"])
        servers.append(({"ssl_certfile": keys / "cert.pem", "ssl_keyfile": keys / "key.pem"}, sock))
    provider = Provider()
    auth = AuthSettings(
        issuer_url=origin,
        resource_server_url=f"{origin}/mcp",
        required_scopes=SCOPES[:1],
        client_registration_options=ClientRegistrationOptions(enabled=True, valid_scopes=SCOPES, default_scopes=SCOPES),
        revocation_options=RevocationOptions(enabled=True),
        validate_token_resource=True,
    )
    mcp = MCPServer("guarded", auth_server_provider=provider, auth=auth)

    @mcp.tool()
    def greet(name: str) -> str:
        """Greets somebody."""
        return f"hello {name}"

    @mcp.custom_route("/test", methods=["GET", "POST"])
    async def test(request):
        if request.method == "POST":
            wish = await request.json()
            provider.life = wish.get("life", provider.life)
            provider.habit = wish.get("habit", provider.habit)
            for kind in wish.get("forget", []):
                getattr(provider, kind).clear()
        return JSONResponse(provider.seen | {"secrets": provider.secrets})

    app = habits(mcp.streamable_http_app(), provider, origin)
    asyncio.run(serve(app, servers, {"url": f"{origin}/mcp", "plain": plain}))


async def serve(app, servers, said):
    def start(index, keys, sock):
        # The tasks of the app are started once.
        config = uvicorn.Config(app, log_level="warning", lifespan="on" if index == 0 else "off", **keys)
        return uvicorn.Server(config).serve(sockets=[sock])

    print(json.dumps(said), flush=True)
    await asyncio.gather(*(start(index, *server) for index, server in enumerate(servers)))


main()
