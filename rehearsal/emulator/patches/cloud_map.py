"""Services with ServiceRegistries are found by name: Cloud Map names lead to the addresses of running tasks."""
# ruff: noqa: SLF001  what needs correcting is not public

from ministack.services import ecs, servicediscovery

from rehearsal.emulator.networking.hosts_file import Names, service_names

SPEAKER = "cloud map"


def reconcile(names: Names) -> None:
    """Tell the hosts file who runs now; call often, within a request scope."""
    services = {service["Arn"]: service for service in list(servicediscovery._services.values())}
    running = []
    for service in list(ecs._services.values()):
        for registry in service.get("serviceRegistries") or ():
            found = services.get(registry.get("registryArn"))
            namespace = servicediscovery._namespaces.get(found["NamespaceId"]) if found else None
            if found and namespace:
                name = f"{found['Name']}.{namespace['Name']}"
                running += [(name, address) for address in _addresses(service)]
    names.say(SPEAKER, service_names(running))


def _addresses(service: dict[str, str]) -> list[str]:
    group = f"service:{service['serviceName']}"
    tasks = [task for task in ecs._tasks.values() if task.get("group") == group and task["lastStatus"] == "RUNNING"]
    ours = [task for task in tasks if task["clusterArn"] == service["clusterArn"]]
    return [address for address in map(ecs._task_ip, ours) if address]
