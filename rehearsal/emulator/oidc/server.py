"""The program of the identity provider; runs in a virtualenv of its own, behind the emulator's TLS.

It knows no client and no user until a request adds them: `POST /oauth2/clients` and `PUT /users/<sub>`.
"""

import json
import sys
from typing import Any
from urllib.parse import urlsplit

# Only the virtualenv of the identity provider has these.
import oidc_provider_mock  # type: ignore[import-not-found]  # only in its own virtualenv
from oidc_provider_mock import _app as library
from oidc_provider_mock._storage import Client  # type: ignore[import-not-found]  # only in its own virtualenv
from werkzeug.middleware.dispatcher import DispatcherMiddleware  # type: ignore[import-not-found]  # only in its own virtualenv
from werkzeug.middleware.proxy_fix import ProxyFix  # type: ignore[import-not-found]  # only in its own virtualenv
from werkzeug.serving import make_server  # type: ignore[import-not-found]  # only in its own virtualenv

SECRET_IN = ("client_secret_basic", "client_secret_post")
"""A client sends its secret in a header, as Airflow does, or in the form, as the load balancer does."""

ONLY_AT_USER_INFO = "only_at_user_info"
"""A claim of a user: names of claims that the ID token leaves out, as OpenID Connect Core 5.4 lets a provider do."""


def main(port: int, issuer: str, aliases: dict[str, str]) -> None:
    """Serve on loopback until killed; `aliases` are further paths of the library's own pages."""
    # A load balancer sends no nonce; other tests hold Airflow to checking the one that it sends.
    app = oidc_provider_mock.app(require_client_registration=True)
    Client.check_endpoint_auth_method = lambda _client, method, _endpoint: method in SECRET_IN
    complete = library.OpenIDCode.generate_user_info
    library.OpenIDCode.generate_user_info = lambda code, user, scope: _in_token(complete(code, user, scope))
    app.after_request(lambda answer: _with_issuer(issuer, answer))
    below = urlsplit(issuer).path.rstrip("/")
    served = DispatcherMiddleware(_nowhere, {below: app.wsgi_app}) if below else app.wsgi_app

    def aliased(environment: dict[str, Any], start_response: Any) -> Any:
        path = environment["PATH_INFO"]
        page = below + aliases[path] if path in aliases else path
        return served({**environment, "PATH_INFO": page}, start_response)

    make_server("127.0.0.1", port, ProxyFix(aliased, x_proto=1), threaded=True).serve_forever()


def _in_token(claims: dict[str, Any]) -> dict[str, Any]:
    """Return what the ID token says of a user."""
    hidden = (*claims.get(ONLY_AT_USER_INFO, ()), ONLY_AT_USER_INFO)
    return {name: value for name, value in claims.items() if name not in hidden}


def _with_issuer(issuer: str, answer: Any) -> Any:
    """Correct the issuer: the library takes it from the host, without a path."""
    if not answer.is_json or not isinstance(said := answer.get_json(), dict):
        return answer
    if "issuer" in said:
        answer.set_data(json.dumps({**said, "issuer": issuer}))
    if "keys" in said:
        # Its tokens name no key, so the only key must have no name either: old clients look it up by name.
        unnamed = [{name: part for name, part in key.items() if name != "kid"} for key in said["keys"]]
        answer.set_data(json.dumps({"keys": unnamed}))
    return answer


def _nowhere(_environment: Any, start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"Nothing here.\n"]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
