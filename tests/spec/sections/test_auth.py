"""Who may log in is said in full before anything is built: with a password, or elsewhere."""

import pytest

from spec.sections.auth import Google, Oidc, Password
from tests.spec.sections.test_web import SITE
from tests.spec.sound import bent, refused

GOOGLE = SITE + "auth: {kind: google, allowed_domains: [example.com]}\n"


def test_admin() -> None:
    """Usual names and addresses are taken, accents included."""
    auth = bent(more="auth: {admin: {username: a.b@c, email: z@example.com, first_name: Zoë, last_name: O}}\n").auth
    assert isinstance(auth, Password)
    assert (auth.admin.username, auth.admin.first_name, auth.first_user.role) == ("a.b@c", "Zoë", "Admin")


@pytest.mark.parametrize(
    "field", ["username: 'a b'", "username: ''", "email: nobody", 'email: "o\'b@x.org"', 'first_name: "a\\tb"']
)
def test_no_admin(field: str) -> None:
    """What a shell or Airflow would stumble over is refused."""
    assert refused(more=f"auth: {{admin: {{{field}}}}}\n").path == f"auth.admin.{field.partition(':')[0]}"


@pytest.mark.parametrize("issuer", ["https://login.example.org", "https://tenant.example.org/", "https://a.b/c/d/"])
def test_an_issuer_is_taken_to_the_letter(issuer: str) -> None:
    """Some have a slash at the end, and their tokens have it too."""
    auth = bent(more=SITE + f"auth: {{kind: oidc, allowed_domains: [example.com], issuer: {issuer}}}\n").auth
    assert isinstance(auth, Oidc)
    assert auth.issuer == issuer


def test_a_client_belongs_in_no_file() -> None:
    """Whoever writes it into the YAML is told where it goes, and it is not quoted."""
    keys = "kind: google, allowed_domains: [example.com], client_secret: hush"
    fault = refused(more=f"{SITE}auth: {{{keys}}}\n")
    assert fault.path == "auth.client_secret"
    assert "windsock secrets set" in fault.hint
    assert "hush" not in f"{fault}"


def test_google() -> None:
    """A domain is enough: people are viewers, programs operators."""
    auth = bent(more=GOOGLE).auth
    assert isinstance(auth, Google)
    assert (auth.client, auth.default_role, auth.admins, auth.first_user.role) == ("oauth", "Viewer", (), "Op")
    assert (auth.first_user.first_name, auth.first_user.last_name) == ("REST", "API")


def test_oidc() -> None:
    """Any issuer goes, with roles by group."""
    more = "issuer: https://login.example.org/realms/a, roles: {claim: groups, map: {ops: Op}}"
    auth = bent(more=SITE + f"auth: {{kind: oidc, allowed_domains: [example.com], {more}}}\n").auth
    assert isinstance(auth, Oidc)
    assert auth.roles is not None
    assert (auth.issuer, auth.roles.map, auth.roles.sync) == ("https://login.example.org/realms/a", {"ops": "Op"}, True)


@pytest.mark.parametrize(
    ("auth", "path"),
    [
        ("kind: github", "auth.kind"),
        ("kind: 3", "auth.kind"),
        ("kind: google", "auth.allowed_domains"),
        ("kind: google, allowed_domains: []", "auth.allowed_domains"),
        ("kind: google, allowed_domains: ['@example.com']", "auth.allowed_domains[0]"),
        ("kind: google, allowed_domains: [example.com], admin: {}", "auth.admin"),
        ("kind: google, allowed_domains: [example.com], default_role: Boss", "auth.default_role"),
        ("kind: google, allowed_domains: [example.com], default_role: Public", "auth.default_role"),
        ("kind: google, allowed_domains: [example.com], admins: [me@example.org]", "auth.admins[0]"),
        ("kind: google, allowed_domains: [example.com], client: a/b", "auth.client"),
        ("kind: google, allowed_domains: [example.com], roles: {claim: g, map: {a: Boss}}", "auth.roles.map.a"),
        ("kind: google, allowed_domains: [example.com], roles: {claim: g, map: {}}", "auth.roles.map"),
        ("kind: oidc, allowed_domains: [example.com]", "auth.issuer"),
        ("kind: oidc, allowed_domains: [example.com], issuer: http://a.org", "auth.issuer"),
        ("kind: oidc, allowed_domains: [example.com], issuer: https://a.org/?tenant=a", "auth.issuer"),
    ],
)
def test_no_login_elsewhere(auth: str, path: str) -> None:
    """What could not work, or would let in whom nobody meant, is pointed at."""
    assert refused(more=SITE + f"auth: {{{auth}}}\n").path == path


def test_a_key_of_another_kind() -> None:
    """A key that another kind has is told from a misspelt one."""
    fault = refused(more=SITE + "auth: {kind: password, issuer: https://a.org}\n")
    assert (fault.path, fault.message) == ("auth.issuer", "issuer does not go with this kind of auth")


def test_no_login_elsewhere_without_tls() -> None:
    """An identity provider sends nobody back to a site without TLS."""
    fault = refused(more="auth: {kind: google, allowed_domains: [example.com]}\n")
    assert (fault.path, "web.domain" in fault.hint) == ("auth.kind", True)


@pytest.mark.parametrize("more", ["", SITE])
def test_passwords_are_not_for_the_whole_internet(more: str) -> None:
    """With TLS or without, a login with passwords stays behind an allow-list."""
    assert refused("203.0.113.0/24", "0.0.0.0/0", more=more).path == "network.allowed_cidrs[0]"


def test_a_login_elsewhere_may_be() -> None:
    """With TLS and a login elsewhere the whole internet may see it."""
    assert bent("203.0.113.0/24", "0.0.0.0/0", more=GOOGLE).network.allowed_cidrs == ("0.0.0.0/0",)


def test_the_second_gate() -> None:
    """The load balancer asks Google by itself, another provider only at the addresses it is given, nobody else."""
    gate = SITE.replace("}", ", load_balancer_auth: true}")
    oidc = "auth: {kind: oidc, issuer: https://a.org, allowed_domains: [example.com]"
    addresses = "authorization: https://a.org/a, token: https://a.org/t, user_info: https://a.org/u"
    assert bent(more=GOOGLE.replace(SITE, gate)).web.load_balancer_auth
    assert bent(more=f"{gate}{oidc}, endpoints: {{{addresses}}}}}\n").web.load_balancer_auth
    assert refused(more=f"{gate}{oidc}}}\n").path == "web.load_balancer_auth"
    assert refused(more=gate).path == "web.load_balancer_auth"
