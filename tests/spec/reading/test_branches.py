"""Any branch has an environment of its own, by a name that AWS takes, or is refused in one sentence."""

import re
from unicodedata import category

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spec.constrained_types import ENVIRONMENT_NAME_MAXIMUM
from spec.reading.branches import BASE_MAXIMUM, BRANCH_MAXIMUM, BranchRefusal, branch_name, branch_tag, for_branch
from tests.spec.minimal import minimal

NAME = re.compile(r"[a-z]([a-z0-9]|-(?=[a-z0-9]))*")
TAG = re.compile(r"[A-Za-z0-9 _./=+@-]{1,256}")

bases = st.from_regex(r"[a-z]([a-z0-9]|-(?=[a-z0-9])){0,31}", fullmatch=True).filter(lambda name: len(name) <= 32)
branches = st.one_of(
    st.text(max_size=300),
    st.from_regex(r"(feature|fix)/[A-Z]{2,4}-[0-9]{1,5}(-[a-z]{1,8}){0,6}", fullmatch=True),
    st.from_regex(r"[a-f0-9-]{1,30}", fullmatch=True),
)


@given(bases, branches)
def test_any_text_becomes_a_valid_name_or_one_refusal(base: str, branch: str) -> None:
    """A name has at most 32 characters, is valid in a YAML, and starts with the name of the environment."""
    try:
        name = branch_name(base, branch)
    except BranchRefusal:
        control = any(category(letter) in {"Cc", "Cs"} for letter in branch)
        assert control or len(base) > BASE_MAXIMUM or not branch.strip() or len(branch.encode()) > BRANCH_MAXIMUM
    else:
        assert len(name) <= ENVIRONMENT_NAME_MAXIMUM
        assert NAME.fullmatch(name)
        assert name.startswith(f"{base}-")


@given(branches, branches)
def test_two_branches_have_two_names(one: str, other: str) -> None:
    """Also if they differ only in characters that a name cannot have, or beyond its length."""
    assume(one != other)
    try:
        names = branch_name("demo", one), branch_name("demo", other)
    except BranchRefusal:
        return
    assert names[0] != names[1]
    assert branch_tag(one) != branch_tag(other)


@given(branches)
def test_a_name_is_no_branch_of_another(branch: str) -> None:
    """A branch that is called like the hashed name of another gets a name of its own."""
    try:
        name = branch_name("demo", branch)
        twin = name.removeprefix("demo-")
        assume(twin != branch)
        assert branch_name("demo", twin) != name
    except BranchRefusal:
        return


@given(branches)
def test_a_tag_has_only_characters_that_aws_accepts(branch: str) -> None:
    """It has at most 256 characters, and is empty only for an empty branch."""
    assume(branch.strip() and "\ud800" not in branch)
    try:
        branch_name("demo", branch)
    except BranchRefusal:
        return
    assert TAG.fullmatch(branch_tag(branch))


@pytest.mark.parametrize(
    ("branch", "name"),
    [
        ("main", "demo-main"),
        ("fix-2-orders", "demo-fix-2-orders"),
        ("feature/x", "demo-feature-x-72935a2"),
        ("feature-x", "demo-feature-x"),
        ("Main", "demo-main-3dc73b4"),
        ("🎉🎉", "demo-7cfba25"),
        ("x" * 200, "demo-xxxxxxxxxxxxxxxxxxx-590e414"),
    ],
)
def test_each_branch_has_the_documented_name(branch: str, name: str) -> None:
    """A branch that fits appears unchanged; any other keeps its readable part and always gets the same hash."""
    assert branch_name("demo", branch) == name


@pytest.mark.parametrize(
    ("branch", "words"),
    [
        ("", "--branch is empty"),
        (" ", "--branch is empty"),
        ("a\nb", r"holds the character '\n'"),
        ("\udcff", r"holds the character '\udcff'"),
        ("ü" * 128, "has 256 bytes"),
    ],
)
def test_text_that_names_no_branch_is_refused(branch: str, words: str) -> None:
    """The refusal quotes text that git would not accept either."""
    with pytest.raises(BranchRefusal, match=re.escape(words)) as refusal:
        branch_name("demo", branch)
    assert refusal.value.exit_code == 2
    assert refusal.value.next_step


def test_a_long_name_of_the_environment_is_refused() -> None:
    """The refusal names the valid length."""
    with pytest.raises(BranchRefusal, match="leaves no room for a branch") as refusal:
        branch_name("a" * (BASE_MAXIMUM + 1), "main")
    assert str(BASE_MAXIMUM) in refusal.value.next_step
    assert len(branch_name("a" * BASE_MAXIMUM, "feature/x")) == ENVIRONMENT_NAME_MAXIMUM


def test_the_environment_of_a_branch_differs_in_name_alone() -> None:
    """It knows its branch, also in further copies; without a branch it is the environment of the YAML."""
    env = minimal()
    branched = for_branch(env, "feature/x")
    assert (branched.name, branched.branch) == ("demo-feature-x-72935a2", "feature/x")
    assert branched.model_copy(update={"protect": True}).branch == "feature/x"
    assert branched.model_dump() == {**env.model_dump(), "name": branched.name}
    assert for_branch(env, None) is env
    assert env.branch == ""


def test_a_branch_has_a_domain_below_the_domain() -> None:
    """Two branches cannot answer at one address."""
    env = minimal(more="web: {domain: airflow.example.com, hosted_zone: Z123456789ABC}\n")
    assert for_branch(env, "main").web.domain == "main.airflow.example.com"
    assert env.web.domain == "airflow.example.com"


def test_a_certificate_arn_is_refused_with_a_branch() -> None:
    """The certificate would not cover the domain of the branch."""
    arn = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    env = minimal(more=f"web: {{domain: airflow.example.com, certificate_arn: '{arn}'}}\n")
    with pytest.raises(BranchRefusal, match=r"certificate_arn.*'main'"):
        for_branch(env, "main")
