"""Faults of the account, of the site, and of what somebody did by hand, in the words of AWS."""

from deployer.aws.acm import Certificate
from deployer.aws.errors import AwsRefusal
from deployer.aws.load_balancer import Target
from deployer.aws.stacks import PropertyDrift, ResourceDrift
from tests.deployer.diagnosis.planting import (
    Fault,
    Plant,
    both,
    exits,
    failed,
    member,
)
from tests.deployer.fakes.running import Running

DOMAIN = "web: {domain: airflow.example.com, "
ARN = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"
OWN_CERTIFICATE = f'{DOMAIN}certificate_arn: "{ARN}"}}\n'
ZONE = f"{DOMAIN}hosted_zone: Z0123456789ABC}}\n"
OPERATIONAL = "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) "


def _refuse(code: str, what: str, why: str) -> Plant:
    """Return what lets AWS refuse every look at a stack."""

    def plant(running: Running) -> None:
        def refuse() -> None:
            raise AwsRefusal(what, why=why, code=code)

        running.world.session.cloudformation.on_tick.append(refuse)

    return plant


def _target(running: Running) -> None:
    balancer = running.world.session.load_balancer
    targets = (Target("10.0.0.4:8080", "unhealthy", "Health checks failed with these codes: [404]"),)
    balancer.targets = lambda _group: targets  # type: ignore[method-assign]  # one answer is all that is asked of it


def _certificate(state: str, ends: str = "") -> Plant:
    held = Certificate(arn=ARN, state=state, ends=ends)
    return lambda running: running.world.session.acm.held.update({ARN: held})


def _changed(running: Running) -> None:
    """Let the load balancer look at another page, as somebody has set it by hand."""
    path = PropertyDrift(path="HealthCheckPath", expected="/health", actual="/status")
    found = ResourceDrift(logical_id="TargetGroup", type="AWS::ElasticLoadBalancingV2::TargetGroup", properties=(path,))
    running.world.session.cloudformation.by_hand = {"demo-services": (found,)}
    _target(running)


FAULTS = (
    Fault(
        name="changed by hand",
        planted="somebody changes the page at which the load balancer looks (with --drift)",
        plant=_changed,
        closely=True,
    ),
    Fault(
        name="expired certificate",
        planted="the certificate of web.certificate_arn has expired",
        plant=_certificate("EXPIRED", "2026-10-01"),
        more=OWN_CERTIFICATE,
        place="web.certificate_arn",
    ),
    Fault(
        name="closed port",
        planted="somebody revokes SchedulerToDatabaseIngress; the scheduler times out and ends",
        plant=both(
            member("Group", "sg-1", "AWS::EC2::SecurityGroup"),
            member("SchedulerToDatabaseIngress", "sgr-1", "AWS::EC2::SecurityGroupIngress"),
            exits(
                "scheduler", "boom", OPERATIONAL + "connection to server at 10.0.0.9, port 5432 failed: timeout expired"
            ),
        ),
        place="network",
    ),
    Fault(
        name="clock skew",
        planted="the clock of the machine is ten minutes late",
        plant=_refuse(
            "SignatureDoesNotMatch",
            "AWS does not accept these credentials.",
            "DescribeStacks: Signature expired: 20261128T120000Z is now earlier than 20261128T120501Z",
        ),
    ),
    Fault(
        name="expired credentials",
        planted="the session of the person has expired",
        plant=_refuse("ExpiredToken", "The AWS credentials have expired.", "DescribeStacks: the token is expired"),
    ),
    Fault(
        name="wrong credentials",
        planted="the person has the secret key of somebody else",
        plant=_refuse(
            "SignatureDoesNotMatch",
            "AWS does not accept these credentials.",
            "DescribeStacks: The request signature we calculated does not match the signature you provided.",
        ),
    ),
    Fault(
        name="unhealthy target",
        planted="the web server answers 404 where the load balancer looks",
        plant=_target,
        place="services.webserver",
    ),
    Fault(
        name="missing service-linked role",
        planted="somebody deletes AWSServiceRoleForECS; the update of the cluster fails",
        plant=both(
            failed(
                "Services/Cluster",
                "AWS::ECS::Cluster",
                "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
            ),
            lambda running: running.world.session.iam.roles.discard("AWSServiceRoleForECS"),
        ),
    ),
    Fault(
        name="quota",
        planted="a deploy needs a load balancer more than the quota has",
        plant=failed(
            "Services/LoadBalancer",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "TooManyLoadBalancers: The maximum number of load balancers has been reached.",
        ),
    ),
    Fault(
        name="throttled deploy",
        planted="another program uses up the calls of the account while a deploy runs",
        plant=failed("Services/Role", "AWS::IAM::Role", "Rate exceeded (Service: Iam, Status Code: 400)"),
    ),
    Fault(
        name="right that the deploy lacks",
        planted="the role of CloudFormation may not make a log group",
        plant=failed(
            "Services/Logs",
            "AWS::Logs::LogGroup",
            "Resource handler returned message: User is not authorized to "
            "perform: logs:CreateLogGroup (Status Code: 403)",
        ),
        place="aws.cloudformation_role",
    ),
    Fault(
        name="deleted by hand",
        planted="somebody deletes the code bucket",
        plant=lambda running: running.world.session.s3.buckets.clear(),
    ),
    Fault(
        name="switched off",
        planted="somebody sets the scheduler to zero tasks in the console",
        plant=lambda running: running.world.session.ecs.scale("cluster", "Scheduler", 0),
        place="services.scheduler",
    ),
    Fault(
        name="name without an address",
        planted="somebody deletes the record of the site in the hosted zone",
        plant=lambda _running: None,
        more=ZONE,
        resolves=False,
        place="web.hosted_zone",
    ),
)
