"""What the rules of a web ACL of AWS WAF make of a request; groups of rules that AWS keeps are not known here.

Sources: "Using rule statements in AWS WAF" and "Text transformation settings", AWS WAF Developer Guide,
https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements.html
"""

import posixpath
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

WINDOW_SECONDS = 300
"""The window of a rate that names none. Source: RateBasedStatement, AWS WAFV2 API reference,
https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html"""
LOWEST_LIMIT = 10
FIELDS = frozenset({"Method", "QueryString", "SingleHeader", "UriPath"})
BOTH: Mapping[str, Callable[[Iterable[bool]], bool]] = MappingProxyType({"AndStatement": all, "OrStatement": any})
KNOWN = frozenset(
    {
        *BOTH,
        "NotStatement",
        "ByteMatchStatement",
        "ManagedRuleGroupStatement",
        "RateBasedStatement",
        "RegexMatchStatement",
    }
)
COMPARISONS: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {
        "CONTAINS": lambda text, wanted: wanted in text,
        "ENDS_WITH": str.endswith,
        "EXACTLY": str.__eq__,
        "STARTS_WITH": str.startswith,
    }
)


def _normal_path(text: str) -> str:
    plain = posixpath.normpath(re.sub("/+", "/", text)) if text else text
    return f"{plain}/" if text.endswith("/") and plain != "/" else plain


TRANSFORMATIONS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"LOWERCASE": str.lower, "NONE": str, "NORMALIZE_PATH": _normal_path, "URL_DECODE": unquote}
)


class UnknownStatementError(ValueError):
    """A web ACL asks for something that the emulator cannot judge."""


@dataclass(frozen=True, kw_only=True)
class WebRequest:
    """A request as it reaches a load balancer; the names of its headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    source: str
    """The address that opened the connection."""

    def field(self, wanted: Mapping[str, Any]) -> str:
        """Return the part of the request that a statement looks at."""
        if "SingleHeader" in wanted:
            return self.headers.get(str(wanted["SingleHeader"]["Name"]).lower(), "")
        path, _, query = self.path.partition("?")
        return {"Method": self.method, "QueryString": query, "UriPath": path}[next(iter(wanted))]


class Rates:
    """How many requests each address has sent that a rule counts."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._sent: dict[tuple[str, str], deque[float]] = {}
        self._lock = threading.Lock()

    def count(self, rule: str, source: str, window: float) -> int:
        """Count a request, and return how many there were within the window."""
        with self._lock:
            now, sent = self._now(), self._sent.setdefault((rule, source), deque())
            sent.append(now)
            while sent[0] <= now - window:
                sent.popleft()
            return len(sent)


def check(acl: Mapping[str, Any]) -> None:
    """Refuse a web ACL that AWS would refuse, or whose rules nobody here can judge.

    Raises:
        UnknownStatementError: it has such a statement, field or transformation.
        ValueError: a limit is lower than AWS takes.
    """
    for rule in acl.get("Rules") or ():
        for kind, statement in _statements(rule["Statement"]):
            unknown = {kind} - KNOWN | set(statement.get("FieldToMatch") or ()) - FIELDS
            unknown |= {one["Type"] for one in statement.get("TextTransformations") or ()} - TRANSFORMATIONS.keys()
            if statement.get("AggregateKeyType", "IP") != "IP":
                unknown.add(str(statement["AggregateKeyType"]))
            if unknown:
                raise UnknownStatementError(f"The emulator does not know {', '.join(sorted(unknown))} of a web ACL.")
            if kind == "RateBasedStatement" and int(statement["Limit"]) < LOWEST_LIMIT:
                raise ValueError(
                    f"Error reason: The limit must be at least {LOWEST_LIMIT}. (WAFInvalidParameterException)"
                )


def blocks(acl: Mapping[str, Any], request: WebRequest, rates: Rates) -> bool:
    """Return whether a web ACL refuses a request: the first rule that matches and does not only count decides."""
    for rule in sorted(acl.get("Rules") or (), key=lambda one: int(one["Priority"])):
        action = next(iter(rule.get("Action") or {}), "None")
        if _matches(rule["Statement"], request, rates, f"{acl['ARN']} {rule['Name']}") and action in {"Allow", "Block"}:
            return action == "Block"
    return "Block" in (acl.get("DefaultAction") or {})


def _statements(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield a statement and all within it."""
    ((kind, content),) = statement.items()
    yield kind, content
    within = [*(content.get("Statements") or ()), content.get("Statement"), content.get("ScopeDownStatement")]
    for one in filter(None, within):
        yield from _statements(one)


def _matches(statement: Mapping[str, Any], request: WebRequest, rates: Rates, rule: str) -> bool:
    ((kind, content),) = statement.items()
    if kind == "NotStatement":
        return not _matches(content["Statement"], request, rates, rule)
    if kind in BOTH:
        return BOTH[kind](_matches(one, request, rates, rule) for one in content["Statements"])
    if kind == "RateBasedStatement":
        return _exceeds(content, request, rates, rule)
    return kind != "ManagedRuleGroupStatement" and _compares(kind, content, request)


def _compares(kind: str, content: Mapping[str, Any], request: WebRequest) -> bool:
    text = request.field(content["FieldToMatch"])
    for one in sorted(content["TextTransformations"], key=lambda one: int(one["Priority"])):
        text = TRANSFORMATIONS[one["Type"]](text)
    if kind == "RegexMatchStatement":
        return re.search(content["RegexString"], text) is not None
    return COMPARISONS[content["PositionalConstraint"]](text, content["SearchString"])


def _exceeds(rate: Mapping[str, Any], request: WebRequest, rates: Rates, rule: str) -> bool:
    """Whether an address has sent more than the limit; AWS counts now and then, and is later than this."""
    counted = rate.get("ScopeDownStatement")
    if counted and not _matches(counted, request, rates, rule):
        return False
    window = float(rate.get("EvaluationWindowSec") or WINDOW_SECONDS)
    return rates.count(rule, request.source, window) > int(rate["Limit"])
