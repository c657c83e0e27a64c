"""Any branch has an environment of its own, by a name that AWS takes, or is refused in one sentence."""

import re
from unicodedata import category

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spec.constrained_types import ENVIRONMENT_NAME_MAXIMUM
from spec.reading.branches import BASE_MAXIMUM, BRANCH_MAXIMUM, BranchRefusal, branch_name, branch_tag, for_branch
from tests.spec.sound import bent

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
    """A name has at most 32 characters, is one that a YAML might have, and starts with the environment's own."""
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
    """Of one YAML; also when they differ in what a name cannot have, or behind what it has room for."""
    assume(one != other)
    try:
        names = branch_name("demo", one), branch_name("demo", other)
    except BranchRefusal:
        return
    assert names[0] != names[1]
    assert branch_tag(one) != branch_tag(other)


@given(branches)
def test_a_name_is_no_branch_of_another(branch: str) -> None:
    """Whoever calls a branch like the hashed name of another does not meet its environment."""
    try:
        name = branch_name("demo", branch)
        twin = name.removeprefix("demo-")
        assume(twin != branch)
        assert branch_name("demo", twin) != name
    except BranchRefusal:
        return


@given(branches)
def test_a_tag_is_what_aws_takes(branch: str) -> None:
    """Few characters, at most 256 of them; what is not empty stays so."""
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
def test_names(branch: str, name: str) -> None:
    """A branch that fits is kept to the letter; of any other, what can be read and a hash: for ever the same one."""
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
def test_no_branches(branch: str, words: str) -> None:
    """What git would not take either is refused, with what it was."""
    with pytest.raises(BranchRefusal, match=re.escape(words)) as refusal:
        branch_name("demo", branch)
    assert refusal.value.exit_code == 2
    assert refusal.value.next_step


def test_a_long_base_leaves_no_room() -> None:
    """With the length that would."""
    with pytest.raises(BranchRefusal, match="leaves no room for a branch") as refusal:
        branch_name("a" * (BASE_MAXIMUM + 1), "main")
    assert str(BASE_MAXIMUM) in refusal.value.next_step
    assert len(branch_name("a" * BASE_MAXIMUM, "feature/x")) == ENVIRONMENT_NAME_MAXIMUM


def test_the_environment_of_a_branch_differs_in_name_alone() -> None:
    """And knows its branch, which survives further copies; without a branch it is the YAML's own."""
    env = bent()
    branched = for_branch(env, "feature/x")
    assert (branched.name, branched.branch) == ("demo-feature-x-72935a2", "feature/x")
    assert branched.model_copy(update={"protect": True}).branch == "feature/x"
    assert branched.model_dump() == {**env.model_dump(), "name": branched.name}
    assert for_branch(env, None) is env
    assert env.branch == ""


def test_a_domain_gets_one_below_it() -> None:
    """Two branches cannot answer at one address."""
    env = bent(more="web: {domain: airflow.example.com, hosted_zone: Z123456789ABC}\n")
    assert for_branch(env, "main").web.domain == "main.airflow.example.com"
    assert env.web.domain == "airflow.example.com"


def test_a_certificate_is_for_one_name() -> None:
    """A branch's address would not be on it."""
    arn = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    env = bent(more=f"web: {{domain: airflow.example.com, certificate_arn: '{arn}'}}\n")
    with pytest.raises(BranchRefusal, match=r"certificate_arn.*'main'"):
        for_branch(env, "main")
