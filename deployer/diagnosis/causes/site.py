"""Causes before the web server: certificate, name, and targets of the load balancer."""

from collections.abc import Iterator

from deployer.diagnosis.cause import Cause
from deployer.diagnosis.evidence import Evidence

_ISSUED = "ISSUED"
_PENDING = "PENDING_VALIDATION"
_FAILING = frozenset({"unhealthy", "unavailable", "unused"})


def certificate(evidence: Evidence) -> Iterator[Cause]:
    """Yield that the certificate of the site is not valid."""
    found = evidence.certificate
    if found is None or found.state == _ISSUED:
        return
    own = evidence.env.web.certificate_arn
    words = {_PENDING: "is not issued yet: ACM waits for the record that proves the domain", "EXPIRED": "has expired"}
    ended = f", valid until {found.ends}" if found.ends else ""
    yield Cause(
        name="expired certificate" if found.state == "EXPIRED" else "certificate",
        what=f"The certificate of the site {words.get(found.state, f'is {found.state.lower()}')}.",
        shown_by=(f"ACM: {found.arn} is {found.state}{ended} {found.reason}".strip(),),
        key=("web", "certificate_arn" if own else "domain"),
        next_step="Import or request a new one, name it there, and deploy."
        if own
        else "Look at the CNAME record of the certificate in the hosted zone, and at CAA records of the domain.",
    )


def name_of_site(evidence: Evidence) -> Iterator[Cause]:
    """Yield that the name of the site has no address."""
    if not evidence.resolves:
        yield Cause(
            name="name without an address",
            what=f"The name {evidence.env.web.domain} has no address here.",
            shown_by=(f"DNS: {evidence.env.web.domain} does not resolve",),
            key=("web", "hosted_zone" if evidence.env.web.hosted_zone else "domain"),
            next_step="Point the name to the load balancer: web.hosted_zone does it, or a CNAME record of your own.",
        )


def targets(evidence: Evidence) -> Iterator[Cause]:
    """Yield that the load balancer finds the web server unhealthy, has none, or gets no answer from it any more."""
    health = evidence.health
    found = health.targets if health else ()
    shown = [
        f"load balancer: {target.address} is {target.state}. {target.reason}".strip()
        for target in found
        if target.state in _FAILING
    ]
    if health and health.web.trouble and evidence.complaints:
        shown.append(f"site: {health.web.trouble}")
    if shown:
        yield Cause(
            name="unhealthy target",
            what="The load balancer gets no good answer from the web server.",
            shown_by=tuple(shown),
            key=("services", "webserver"),
            next_step="Read `windsock logs ENV webserver`: it is too slow or too small, or answers elsewhere.",
        )
