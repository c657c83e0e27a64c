"""Faults for which a task does not start or does not stay."""

import json
import signal
from dataclasses import replace

from rehearsal.emulator.containers import image_store
from rehearsal.emulator.rules.fault_injection import PULL_IMAGE
from rehearsal.emulator.rules.fault_injection import Fault as CallFault
from tests.life.diagnosing.fault import Act, Fault, steps
from tests.life.diagnosing.site import Definition, Site

SECRET, VALUE = "team/warehouse-login", json.dumps({"password": "of-nobody"})
ROLE, READ_SECRETS = "Platform/ExecutionRole", "ReadSecrets"
ROUTES, ANYWHERE = "Network/PublicRouteTable", "0.0.0.0/0"
EAT = "import time; eaten = b'x' * (700 << 20); time.sleep(600)"


def _restart(site: Site) -> None:
    site.restart("scheduler")


def _take_right(site: Site) -> None:
    iam, role = site.client("iam"), site.ids[ROLE]
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        kept = [one for one in document["Statement"] if one["Sid"] != READ_SECRETS]
        if len(kept) != len(document["Statement"]):
            site.before[ROLE] = (policy, document)
            iam.put_role_policy(
                RoleName=role, PolicyName=policy, PolicyDocument=json.dumps({**document, "Statement": kept})
            )


def _give_right(site: Site) -> None:
    policy, document = site.before.pop(ROLE)
    site.client("iam").put_role_policy(RoleName=site.ids[ROLE], PolicyName=policy, PolicyDocument=json.dumps(document))


def _architecture(word: str) -> Act:
    def put(site: Site) -> None:
        for reference in image_store.references(site.directory):
            image = image_store.find(site.directory, reference)
            if image and ".dkr.ecr." in reference:
                image_store.put(site.directory, reference, replace(image, architecture=word))

    return put


def _pull(times: int) -> Act:
    faults = (CallFault(action=PULL_IMAGE, times=times),) if times else ()
    return lambda site: site.put_faults(*faults)


def _eat(definition: Definition) -> None:
    definition.update(cpu="256", memory="512")
    definition["containerDefinitions"][0]["command"] = ["python", "-c", EAT]


def _grow(definition: Definition) -> None:
    definition.update(cpu="4096", memory="8192")


def _delete_secret(site: Site) -> None:
    site.client("secretsmanager").delete_secret(SecretId=SECRET, RecoveryWindowInDays=7)


def _restore_secret(site: Site) -> None:
    site.client("secretsmanager").restore_secret(SecretId=SECRET)


def _value(text: str) -> Act:
    return lambda site: site.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=text)


def _close_road(site: Site) -> None:
    ec2 = site.client("ec2")
    for table in ec2.describe_route_tables()["RouteTables"]:
        for route in table["Routes"]:
            if route.get("DestinationCidrBlock") == ANYWHERE:
                site.before[ROUTES] = (table["RouteTableId"], route["GatewayId"])
    table, _ = site.before[ROUTES]
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE)


def _open_road(site: Site) -> None:
    table, gateway = site.before.pop(ROUTES)
    site.client("ec2").create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, GatewayId=gateway)


def _use_quota(site: Site) -> None:
    site.before["filler"] = site.run_beside("sleep", "900", cpu=4096, memory=8192)
    site.revise("scheduler", _grow)


def _free_quota(site: Site) -> None:
    site.end(site.before.pop("filler"))
    site.unrevise("scheduler")


FAULTS = (
    Fault(
        name="right that the start lacks",
        planted="somebody takes secretsmanager:GetSecretValue from the execution role",
        plant=steps(_take_right, _restart),
        take_back=steps(_give_right, _restart),
        place="airflow.secrets",
    ),
    Fault(
        name="image not found",
        planted="somebody deletes the image from the repository",
        plant=steps(_pull(1000), _restart),
        take_back=_pull(0),
        place="image",
    ),
    Fault(
        name="image for other processors",
        planted="the image is built for arm64, and fargate.architecture is x86_64",
        plant=steps(_architecture("ARM64"), _restart),
        take_back=_architecture("X86_64"),
        place="fargate.architecture",
    ),
    Fault(
        name="out of memory",
        planted="the scheduler needs more memory than it has",
        plant=lambda site: site.revise("scheduler", _eat),
        take_back=lambda site: site.unrevise("scheduler"),
        place="services.scheduler.memory",
    ),
    Fault(
        name="missing secret",
        planted="somebody deletes the secret that airflow.secrets names",
        plant=_delete_secret,
        take_back=_restore_secret,
        place="airflow.secrets.WAREHOUSE_PASSWORD",
    ),
    Fault(
        name="secret without its key",
        planted="the value of a secret lacks the key that the YAML names",
        plant=steps(_value('{"user": "nobody"}'), _restart),
        take_back=_value(VALUE),
        place="airflow.secrets",
    ),
    Fault(
        name="no road to AWS",
        planted="somebody deletes the route to the internet",
        plant=steps(_close_road, _restart),
        take_back=_open_road,
        place="network.mode",
    ),
    Fault(
        name="quota of vCPUs",
        planted="the account runs as many vCPUs as its quota has",
        plant=_use_quota,
        take_back=_free_quota,
        place="services.scheduler.cpu",
    ),
    Fault(
        name="no heartbeat",
        planted="the scheduler hangs: its processes stand still",
        plant=lambda site: site.send("scheduler", signal.SIGSTOP),
        take_back=lambda site: site.send("scheduler", signal.SIGCONT),
        place="services.scheduler.cpu",
    ),
    Fault(
        name="unhealthy target",
        planted="the web server hangs: its processes stand still",
        plant=lambda site: site.send("webserver", signal.SIGSTOP),
        take_back=steps(lambda site: site.send("webserver", signal.SIGCONT), lambda site: site.restart("webserver")),
        place="services.webserver",
    ),
)
