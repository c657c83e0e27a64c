"""The promises of rehearsal/emulator/patches/readiness.py, in an emulator."""

import pytest

from tests.rehearsal.yard import IMAGE, Yard

pytestmark = pytest.mark.rehearsal


def test_a_task_is_not_ready_while_its_target_is_unhealthy_and_is_replaced(yard: Yard) -> None:
    """The load balancer's health check counts, and past the grace period a failing task makes room for another."""
    checks = {"HealthCheckPath": "/missing", "HealthCheckIntervalSeconds": 1, "UnhealthyThresholdCount": 2}
    targets = {"Protocol": "HTTP", "Port": 8080, "TargetType": "ip", **checks}
    elbv2 = yard.client("elbv2")
    (known,) = elbv2.describe_target_groups(TargetGroupArns=[yard.outputs["TargetGroup"]])["TargetGroups"]
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=known["LoadBalancerArns"][0])["Listeners"]
    conditions = [{"Field": "path-pattern", "Values": ["/unready"]}]
    actions = [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}]
    rule = {"ListenerArn": listener["ListenerArn"], "Priority": 7, "Conditions": conditions, "Actions": actions}
    resources = {
        "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": targets},
        "Rule": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": rule},
    }
    stack = yard.create("unready", resources, outputs={"Group": {"Ref": "Group"}})
    group = yard.output(stack, "Group")
    container = {"name": "web", "image": IMAGE, "command": ["python", "-m", "http.server", "8080"], "stopTimeout": 2}
    ports = [{"containerPort": 8080}]
    definition = yard.client("ecs").register_task_definition(
        family="unready",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        containerDefinitions=[{**container, "portMappings": ports}],
    )["taskDefinition"]["taskDefinitionArn"]
    balancers = [{"targetGroupArn": group, "containerName": "web", "containerPort": 8080}]
    service = yard.serve(definition, serviceName="unready", loadBalancers=balancers)
    yard.until(lambda: bool(yard.tasks(service, "STOPPED")))
    stopped = yard.tasks(service, "STOPPED")[0]
    assert stopped["stoppedReason"].startswith("(service unready) (port 8080) is unhealthy in (target-group ")
    assert stopped["stoppedReason"].endswith("due to (reason Health checks failed with these codes: [404])")
    assert yard.rollout(service) != "COMPLETED"
    yard.dismiss(service)
    assert yard.delete(stack) == "DELETE_COMPLETE"
