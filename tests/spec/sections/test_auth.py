"""The kind of the login decides which keys its section has, and what the load balancer may ask."""

from tests.spec.minimal import GOOGLE, SITE, minimal, refused


def test_a_key_of_another_kind_is_told_from_a_misspelt_one() -> None:
    """The message differs from that for a misspelt key."""
    fault = refused(more=SITE + "auth: {kind: password, issuer: https://a.org}\n")
    assert (fault.path, fault.message) == ("auth.issuer", "issuer does not go with this kind of auth")


def test_the_load_balancer_asks_a_provider_whose_addresses_are_known() -> None:
    """It knows the addresses of Google; another provider needs `endpoints`; a password has no provider."""
    with_login = SITE.replace("}", ", load_balancer_auth: true}")
    oidc = "auth: {kind: oidc, issuer: https://a.org, allowed_domains: [example.com]"
    addresses = "authorization: https://a.org/a, token: https://a.org/t, user_info: https://a.org/u"
    assert minimal(more=GOOGLE.replace(SITE, with_login)).web.load_balancer_auth
    assert minimal(more=f"{with_login}{oidc}, endpoints: {{{addresses}}}}}\n").web.load_balancer_auth
    assert refused(more=f"{with_login}{oidc}}}\n").path == "web.load_balancer_auth"
    assert refused(more=with_login).path == "web.load_balancer_auth"
