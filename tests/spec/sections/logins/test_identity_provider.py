"""What every login with an identity provider needs is complete before anything is built."""

import pytest

from tests.spec.minimal import GOOGLE, SITE, minimal, refused


def test_a_client_in_the_yaml_is_refused_without_quoting_it() -> None:
    """The hint says where the client belongs, and the message does not quote it."""
    keys = "kind: google, allowed_domains: [example.com], client_secret: hush"
    fault = refused(more=f"{SITE}auth: {{{keys}}}\n")
    assert fault.path == "auth.client_secret"
    assert "windsock secrets set" in fault.hint
    assert "hush" not in f"{fault}"


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
        ("kind: google, allowed_domains: [example.com], roles: {claim: g, map: {a: viewr}}", "auth.roles.map.a"),
        ("kind: google, allowed_domains: [example.com], roles: {claim: g, map: {}}", "auth.roles.map"),
        ("kind: oidc, allowed_domains: [example.com]", "auth.issuer"),
        ("kind: oidc, allowed_domains: [example.com], issuer: http://a.org", "auth.issuer"),
        ("kind: oidc, allowed_domains: [example.com], issuer: https://a.org/?tenant=a", "auth.issuer"),
    ],
)
def test_what_could_not_work_is_refused_at_its_place(auth: str, path: str) -> None:
    """A login that could not work, or would let strangers in, is a fault at its key."""
    assert refused(more=SITE + f"auth: {{{auth}}}\n").path == path


def test_a_site_without_tls_is_refused() -> None:
    """An identity provider sends nobody back to a site without TLS."""
    fault = refused(more="auth: {kind: google, allowed_domains: [example.com]}\n")
    assert (fault.path, "web.domain" in fault.hint) == ("auth.kind", True)


def test_a_domain_in_which_anybody_gets_an_address_is_noticed() -> None:
    """The notice names the role that strangers get; a private domain has no notice."""
    auth = minimal(more=GOOGLE.replace("example.com]", "example.com, gmail.com]")).auth
    assert (auth.federated, auth.oauth_client) == (True, "oauth")
    assert auth.notices == ("everybody can have an address of gmail.com; whoever wants is let in, as Viewer.",)
    assert minimal(more=GOOGLE).auth.notices == ()


def test_a_role_of_ones_own_is_noticed() -> None:
    """Airflow ignores a role that nobody made; one that is close to Airflow's own is a typing error."""
    roles = "roles: {claim: realm_access.roles, map: {a: Data Maker, b: Op}}"
    auth = minimal(more=f"{SITE}auth: {{kind: google, allowed_domains: [example.com], {roles}}}\n").auth
    assert auth.notices == ("Data Maker is no role of Airflow's own; nobody gets it until an administrator makes it.",)
