"""A real OpenID provider (pyop) in a process of its own; what its tokens say can be bent, to see that it is noticed."""

import json
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "disclosure-desk", "a-secret-that-both-know"
A_MOMENT = 10
# No proxy: the provider is on this machine.
ON_THIS_MACHINE = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def serve(back: str) -> None:  # noqa: C901 — a small application, all of whose pages are here
    """Run the provider; its address is the first line it prints."""
    from Cryptodome.PublicKey import RSA  # noqa: PLC0415
    from flask import Flask, jsonify, redirect, request  # noqa: PLC0415 — only in that process
    from jwkest.jwk import RSAKey  # noqa: PLC0415
    from jwkest.jws import JWS  # noqa: PLC0415
    from oic.oic.message import ProviderConfigurationResponse  # noqa: PLC0415
    from pyop.authz_state import AuthorizationState  # noqa: PLC0415
    from pyop.provider import Provider  # noqa: PLC0415
    from pyop.subject_identifier import HashBasedSubjectIdentifierFactory  # noqa: PLC0415
    from pyop.userinfo import Userinfo  # noqa: PLC0415
    from werkzeug.serving import make_server  # noqa: PLC0415

    # pyop wants TLS, which nobody needs who speaks with this machine alone.
    ProviderConfigurationResponse.verify = lambda *_, **__: True

    app = Flask("provider")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    issuer = f"http://127.0.0.1:{server.port}"

    def new_key(kid):
        return RSAKey(key=RSA.generate(2048), alg="RS256", kid=kid, use="sig")

    people, bent, of_code = {}, {}, {}
    endpoints = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "email", "profile"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [back],
        "response_types": ["code"],
        "subject_type": "public",
        "token_endpoint_auth_method": "client_secret_basic",
    }
    provider = Provider(
        new_key("first"),
        endpoints,
        AuthorizationState(HashBasedSubjectIdentifierFactory("salt")),
        {CLIENT: client},
        Userinfo(people),
    )

    @app.get("/.well-known/openid-configuration")
    def configuration():
        return jsonify(provider.provider_configuration.to_dict() | bent.get("published", {}))

    @app.get("/keys")
    def keys():
        return jsonify(provider.jwks)

    @app.get("/authorize")
    def authorize():
        """As a provider does: whoever signed in here lately enough is not asked again."""
        asked = provider.parse_authentication_request(urlencode(request.args), request.headers)
        who, since = request.cookies.get("who", ""), float(request.cookies.get("since", "0"))
        # Whoever has to sign in anew has done so in these seconds.
        allowed = A_MOMENT if request.args.get("prompt") == "login" else int(request.args["max_age"])
        if who not in people or time.time() - since > allowed:
            return "Sign in first.", 401
        answer = provider.authorize(asked, who)
        of_code[answer["code"]] = {"auth_time": int(since), **people[who]}
        return redirect(answer.request(asked["redirect_uri"]))

    @app.post("/token")
    def token():
        try:
            body = request.get_data(as_text=True)
            claims = of_code.pop(parse_qs(body)["code"][0])
            answer = provider.handle_token_request(body, request.headers, extra_id_token_claims=claims).to_dict()
        except Exception as error:  # noqa: BLE001 — whatever pyop refuses is refused
            return jsonify(error="invalid_grant", error_description=type(error).__name__), 400
        if bent.get("claims") or bent.get("alg"):
            claims = JWS().verify_compact(answer["id_token"], [provider.signing_key]) | bent.get("claims", {})
            kept = {name: value for name, value in claims.items() if value is not None}
            signing = [] if bent.get("alg") == "none" else [provider.signing_key]
            answer["id_token"] = JWS(json.dumps(kept), alg=bent.get("alg", "RS256")).sign_compact(signing)
        return jsonify(answer)

    @app.post("/bend")
    def bend():
        told = request.get_json()
        people.update(told.get("people", {}))
        bent.clear()
        bent.update(told.get("bent", {}))
        if told.get("rotate"):
            provider.signing_key = new_key(told["rotate"])
        return ""

    print(issuer, flush=True)  # noqa: T201 — whoever started it reads its address
    server.serve_forever()


class IdentityProvider:
    """The running provider, and what can be done to it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def has(self, who: str, **claims) -> None:
        self._told(people={who: {"email": f"{who}@example.org", "email_verified": True, "name": who.title(), **claims}})

    def says(self, **claims) -> None:
        """From now on its tokens say this, and no more what is None."""
        self._told(bent={"claims": claims})

    def signs_with(self, alg: str) -> None:
        self._told(bent={"alg": alg})

    def publishes(self, **changed) -> None:
        self._told(bent={"published": changed})

    def takes_another_key(self, kid: str) -> None:
        self._told(rotate=kid)

    def lets_in(self, url: str, who: str, *, signed_in_for: float = 0) -> dict[str, str]:
        """Go where the portal sends a browser, sign in there, and return what the browser brings back."""
        cookie = {"Cookie": f"who={who}; since={time.time() - signed_in_for}"}
        with _opened(urllib.request.Request(url, headers=cookie)) as answer:  # noqa: S310
            location = answer.headers.get("Location", "")
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}

    def _told(self, **told) -> None:
        data, kind = json.dumps(told).encode(), {"Content-Type": "application/json"}
        ON_THIS_MACHINE.open(urllib.request.Request(f"{self.issuer}/bend", data=data, headers=kind)).close()  # noqa: S310


class _Stay(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, _request, answer, *_rest):
        return answer


def _opened(request):
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay).open(request)


@contextmanager
def an_identity_provider(back: str):
    """A provider that knows the portal by this address to come back to, until the end of the block."""
    process = subprocess.Popen([sys.executable, __file__, back], stdout=subprocess.PIPE, text=True)
    try:
        yield IdentityProvider(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


if __name__ == "__main__":
    serve(sys.argv[1])
