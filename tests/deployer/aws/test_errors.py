"""Every botocore exception becomes one clear sentence with a next step."""

from typing import Any, ClassVar

import pytest
from botocore import exceptions as boto
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from deployer.aws.errors import AwsRefusal, CredentialsRefusal, translated_client


class _Raising:
    """A client whose calls and pages end in an error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def call(self) -> object:
        """Fail."""
        raise self._error

    def get_paginator(self, _name: str) -> Any:
        """Return pages that fail when they are turned."""
        return self

    def paginate(self) -> Any:
        """Fail at the first page."""
        yield self.call()


def _service(code: str, message: str = "because") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


CASES = [
    (boto.NoCredentialsError(), CredentialsRefusal, "No AWS credentials were found."),
    (boto.PartialCredentialsError(provider="env", cred_var="x"), CredentialsRefusal, "No AWS credentials"),
    (boto.ProfileNotFound(profile="prod"), CredentialsRefusal, "There is no AWS profile prod"),
    (boto.SSOTokenLoadError(error_msg="x"), CredentialsRefusal, "aws sso login --profile prod"),
    (boto.UnauthorizedSSOTokenError(), CredentialsRefusal, "aws sso login --profile prod"),
    (boto.TokenRetrievalError(provider="sso", error_msg="x"), CredentialsRefusal, "aws sso login --profile prod"),
    (_service("ExpiredToken"), CredentialsRefusal, "aws sso login --profile prod"),
    (_service("InvalidClientTokenId"), CredentialsRefusal, "does not accept these credentials"),
    (_service("AccessDenied", "not authorized to perform: x"), AwsRefusal, "not authorized to perform: x"),
    (_service("Throttling"), AwsRefusal, "throttles"),
    (_service("ValidationError", "Stack demo does not exist"), AwsRefusal, "Stack demo does not exist"),
    (boto.EndpointConnectionError(endpoint_url="http://x"), AwsRefusal, "cannot be reached"),
    (boto.ReadTimeoutError(endpoint_url="http://x"), AwsRefusal, "cannot be reached"),
    (boto.IncompleteReadError(actual_bytes=1, expected_bytes=2), AwsRefusal, "cannot be reached"),
    (ResponseParserError("<html>"), AwsRefusal, "is not AWS"),
    (boto.ParamValidationError(report="x"), AwsRefusal, "could not make this call"),
]


@pytest.mark.parametrize(("error", "kind", "text"), CASES, ids=lambda value: type(value).__name__)
def test_each_error_has_its_sentence(error: Exception, kind: type[AwsRefusal], text: str) -> None:
    """From a call and from a page alike."""
    client = translated_client(_Raising(error), "prod")
    with pytest.raises(kind) as refusal:
        client.call()
    assert text in str(refusal.value)
    with pytest.raises(kind):
        list(client.get_paginator("x").paginate())


def test_the_service_s_code_is_kept() -> None:
    """Callers decide by it, not by words."""
    with pytest.raises(AwsRefusal) as refusal:
        translated_client(_Raising(_service("ThrottlingException")), None).call()
    assert (refusal.value.code, refusal.value.passes) == ("ThrottlingException", True)


class _Page:
    """A client that takes the page of a captive portal for an answer."""

    HEADERS: ClassVar[dict[str, str]] = {"content-type": "text/html; charset=utf-8"}
    ANSWER: ClassVar[dict[str, Any]] = {"ResponseMetadata": {"HTTPHeaders": HEADERS}}

    def call(self) -> object:
        """Answer with what a client makes of the page."""
        return self.ANSWER

    def get_paginator(self, _name: str) -> Any:
        """Return pages of the same kind."""
        return self

    def paginate(self) -> Any:
        """Yield it."""
        yield self.ANSWER


def test_a_web_page_with_a_good_status_is_no_answer() -> None:
    """A client would find nothing in it; a network that wants a login sends such a page for everything."""
    client = translated_client(_Page(), None)
    with pytest.raises(AwsRefusal, match="is not AWS") as refusal:
        client.call()
    assert refusal.value.passes
    with pytest.raises(AwsRefusal, match="log in to the network"):
        list(client.get_paginator("x").paginate())


@pytest.mark.parametrize("code", ["503", "InternalFailure"])
def test_an_aws_that_is_broken_may_answer_later(code: str) -> None:
    """A proxy before it is meant as well."""
    with pytest.raises(AwsRefusal) as refusal:
        translated_client(_Raising(_service(code)), None).call()
    assert refusal.value.passes
