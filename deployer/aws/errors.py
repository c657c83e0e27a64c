"""Names every way in which AWS says no, so that no botocore exception leaves `deployer.aws`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from deployer.aws import missing_right
from spec.errors import Refusal

Client = TypeVar("Client")

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_REJECTED = frozenset(
    {
        "AuthFailure",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_THROTTLED = frozenset(
    {"RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
_BROKEN = frozenset({"500", "502", "503", "504", "InternalError", "InternalFailure", "ServiceUnavailable"})
"""The codes of an AWS, or of a proxy before it, that is broken for a while."""
NO_ANSWER = "NoAnswer"
"""The code of a call that never got through."""
_SSO_ERRORS = (boto.SSOError, boto.SSOTokenLoadError, boto.UnauthorizedSSOTokenError, boto.TokenRetrievalError)
_NO_ANSWER = (boto.ConnectionError, boto.HTTPClientError, boto.IncompleteReadError)


class AwsRefusal(Refusal):
    """AWS refused a call; `code` is the error code of the service, empty when the client could not call."""

    def __init__(self, what: str, *, why: str = "", next_step: str = "", code: str = "") -> None:
        super().__init__(what, why=why, next_step=next_step)
        self.code = code

    @property
    def passes(self) -> bool:
        """Whether the same call may be accepted later: AWS throttles, or cannot be reached now."""
        return self.code in _THROTTLED | _BROKEN or self.code == NO_ANSWER


class CredentialsRefusal(AwsRefusal):
    """There are no usable AWS credentials."""


Again = Callable[[Callable[[], Any]], Any]


def translated_client(client: Client, profile: str | None, again: Again = lambda call: call()) -> Client:
    """Return a client with the methods of `client` whose botocore exceptions become an `AwsRefusal`.

    `again` makes each call, and may make it more than once.
    """
    return cast("Client", _TranslatedClient(client, profile, again))


@contextmanager
def translated_errors(profile: str | None) -> Iterator[None]:
    """Turn each botocore exception of the block into an `AwsRefusal`; `profile` is what the user chose, if any."""
    try:
        yield
    except ClientError as error:
        raise _service_refusal(error, profile) from error
    except BotoCoreError as error:
        raise _local_refusal(error, profile) from error
    except ResponseParserError as error:
        raise not_aws() from error


def not_aws() -> AwsRefusal:
    """Return what is to be said when something else than AWS answers in its place."""
    return AwsRefusal(
        "What answers here is not AWS: it sent a web page, or a part of an answer.",
        why="A network that wants a login first does that, or a proxy.",
        next_step="Open any page in a browser and log in to the network, or check HTTPS_PROXY; then run this again.",
        code=NO_ANSWER,
    )


def _refuse_page(answer: Any) -> None:
    """Refuse a web page with a good status, in which a client of AWS finds nothing."""
    metadata = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    if metadata.get("HTTPHeaders", {}).get("content-type", "").startswith("text/html"):
        raise not_aws()


class _TranslatedClient:
    def __init__(self, client: object, profile: str | None, again: Again) -> None:
        self._client = client
        self._profile = profile
        self._again = again

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "get_paginator":
            return lambda operation: _Pages(attribute(operation), self._profile, self._again)
        return _translated_call(attribute, self._profile, self._again) if callable(attribute) else attribute


class _Pages:
    def __init__(self, paginator: Any, profile: str | None, again: Again) -> None:
        self._paginator = paginator
        self._profile = profile
        self._again = again

    def paginate(self, **arguments: Any) -> Iterator[Any]:
        """Yield every page, read at once: half a listing cannot be continued after an outage."""
        yield from self._again(lambda: self._read(arguments))

    def _read(self, arguments: dict[str, Any]) -> list[Any]:
        with translated_errors(self._profile):
            pages = list(self._paginator.paginate(**arguments))
        for page in pages:
            _refuse_page(page)
        return pages


def _translated_call(call: Callable[..., Any], profile: str | None, again: Again) -> Callable[..., Any]:
    def translated(*positional: Any, **arguments: Any) -> Any:
        def once() -> Any:
            with translated_errors(profile):
                answer = call(*positional, **arguments)
            _refuse_page(answer)
            return answer

        return again(once)

    return translated


def _service_refusal(error: ClientError, profile: str | None) -> AwsRefusal:
    code = str(error.response.get("Error", {}).get("Code", ""))
    message = str(error.response.get("Error", {}).get("Message", ""))
    why = f"{error.operation_name}: {message or code}"
    if code in _EXPIRED:
        return CredentialsRefusal("The AWS credentials have expired.", why=why, next_step=_log_in(profile), code=code)
    if code in _REJECTED:
        return CredentialsRefusal(
            "AWS does not accept these credentials.",
            why=why,
            next_step="Check AWS_PROFILE, AWS_ACCESS_KEY_ID and the clock of this machine.",
            code=code,
        )
    if code in DENIED:
        next_step = missing_right.next_step(message)
        next_step = next_step or "Ask for this permission, or choose another profile with --profile."
        return AwsRefusal("AWS denies this to the caller.", why=why, next_step=next_step, code=code)
    if code in _THROTTLED:
        next_step = "Run the same command again in a minute; it goes on where it stopped."
        return AwsRefusal("AWS throttles this account's calls.", why=why, next_step=next_step, code=code)
    return AwsRefusal(f"AWS refused {error.operation_name} ({code}).", why=message, code=code)


def _local_refusal(error: BotoCoreError, profile: str | None) -> AwsRefusal:
    if isinstance(error, boto.ProfileNotFound):
        return CredentialsRefusal(
            f"There is no AWS profile {profile or 'of that name'}.",
            why=str(error),
            next_step="`aws configure list-profiles` names those that exist.",
        )
    if isinstance(error, _SSO_ERRORS):
        return CredentialsRefusal("The AWS SSO session has expired.", why=str(error), next_step=_log_in(profile))
    if isinstance(error, boto.NoCredentialsError | boto.PartialCredentialsError | boto.CredentialRetrievalError):
        return CredentialsRefusal(
            "No AWS credentials were found.",
            why=str(error),
            next_step="Choose a profile with --profile or AWS_PROFILE, or set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY.",
        )
    if isinstance(error, _NO_ANSWER):
        return AwsRefusal(
            "AWS cannot be reached from here.",
            why=str(error),
            next_step="Check the network, HTTPS_PROXY, AWS_ENDPOINT_URL and the region, then run this command again.",
            code=NO_ANSWER,
        )
    return AwsRefusal("The AWS client could not make this call.", why=str(error))


def _log_in(profile: str | None) -> str:
    return (
        f"Run `aws sso login --profile {profile}`, or renew the credentials otherwise."
        if profile
        else ("Run `aws sso login`, or renew the credentials otherwise.")
    )
