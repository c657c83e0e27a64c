"""The KMS key of an environment that has one of its own."""

from collections.abc import Iterator

from awacs import kms
from awacs.aws import Action, Allow, ArnLike, Condition, Principal, Statement
from troposphere import GetAtt, Sub
from troposphere.kms import Key

from compiler.contract import ENCRYPTION_KEY
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder, state
from compiler.model.stack_values import StackValue
from compiler.resources.policies import EVERYTHING, HERE, document
from spec.environment import Environment

DESCRIPTION = "The key that encrypts what the environment keeps"
TIMEOUT_MINUTES = 15
INPUTS: frozenset[StackValue] = frozenset()
OUTPUTS = frozenset({values.ENCRYPTION_KEY})

WAIT_DAYS = 30
"""How long KMS waits before it deletes the key of a stack that is gone: the longest that it offers."""


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the key of an environment that has one of its own."""
    if not env.encryption.creates:
        return
    key = stack.add(
        Key(
            ENCRYPTION_KEY,
            Description=f"{env.name}: {DESCRIPTION}",
            EnableKeyRotation=True,
            PendingWindowInDays=WAIT_DAYS,
            KeyPolicy=document(*_statements(env)),
            **state(protect=env.protect),
        ),
        DESCRIPTION,
    )
    stack.output(values.ENCRYPTION_KEY, GetAtt(key, "Arn"))


def _statements(env: Environment) -> Iterator[Statement]:
    """Yield who may use the key: whom IAM lets in this account, and CloudWatch Logs for groups of the environment.

    Sources: "Default key policy", AWS KMS Developer Guide,
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html, and "Encrypt log data in CloudWatch
    Logs using AWS KMS", https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    yield Statement(
        Sid="AccountDecides",
        Effect=Allow,
        Principal=Principal("AWS", Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")),
        Action=[Action("kms", EVERYTHING)],
        Resource=[EVERYTHING],
    )
    groups = Sub(f"arn:${{AWS::Partition}}:logs:{HERE}:log-group:{env.name}-*")
    yield Statement(
        Sid="LogGroupsOfEnvironment",
        Effect=Allow,
        Principal=Principal("Service", Sub("logs.${AWS::Region}.${AWS::URLSuffix}")),
        Action=[
            kms.Encrypt,
            kms.Decrypt,
            Action("kms", "ReEncrypt*"),
            Action("kms", "GenerateDataKey*"),
            kms.DescribeKey,
        ],
        Resource=[EVERYTHING],
        Condition=Condition(ArnLike("kms:EncryptionContext:aws:logs:arn", groups)),
    )
