"""Listeners tell browsers to be careful, and have the certificate of the YAML or one that ACM issues."""

from typing import Any

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from spec.environment import Environment
from tests.spec.minimal import SITE, minimal


def _edge(env: Environment) -> dict[str, Any]:
    resources: dict[str, Any] = read_template(compile_environment(env).files["edge.yaml"])["Resources"]
    return resources


def _told(listener: dict[str, Any]) -> dict[str, str]:
    attributes = {one["Key"]: one["Value"] for one in listener["Properties"]["ListenerAttributes"]}
    return {
        key.removeprefix("routing.http.response.").removesuffix(".header_value"): attributes[key] for key in attributes
    }


def _three(more: str) -> dict[str, Any]:
    return _edge(minimal('2.5.3, python: "3.10"', '3.3.2, python: "3.12"', more=more))


def test_every_listener_tells_browsers_to_be_careful() -> None:
    """No guessing of types, no frames of other sites; with TLS, nothing else from now on."""
    plain, secure = _told(_edge(minimal())["HttpListener"]), _told(_three(SITE)["HttpsListener"])
    assert plain["x_content_type_options"] == "nosniff"
    assert plain["x_frame_options"] == "SAMEORIGIN"
    assert "strict_transport_security" not in plain
    assert secure == {**plain, "strict_transport_security": "max-age=31536000"}


def test_a_certificate_of_the_user_is_used() -> None:
    """The listener has it; none is issued, and without a zone no record is written."""
    certificate = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"
    env = minimal(more=f"web: {{domain: airflow.example.com, certificate_arn: {certificate}}}\n")
    resources = _edge(env)
    assert resources["HttpsListener"]["Properties"]["Certificates"] == [{"CertificateArn": certificate}]
    kinds = {one["Type"] for one in resources.values()}
    assert not kinds & {"AWS::CertificateManager::Certificate", "AWS::Route53::RecordSet"}
