"""Services with ServiceRegistries have Cloud Map names, which resolve to the addresses of their running tasks."""
# ruff: noqa: SLF001  what needs correcting is not public

from ministack.services import ecs, servicediscovery

from rehearsal.emulator.networking.hosts_file import HostsFile, service_names

OWNER = "cloud map"


def reconcile(hosts_file: HostsFile) -> None:
    """Bring the hosts file up to date; call often, within a request scope."""
    services = {service["Arn"]: service for service in list(servicediscovery._services.values())}
    running = []
    for service in list(ecs._services.values()):
        for registry in service.get("serviceRegistries") or ():
            found = services.get(registry.get("registryArn"))
            namespace = servicediscovery._namespaces.get(found["NamespaceId"]) if found else None
            if found and namespace:
                name = f"{found['Name']}.{namespace['Name']}"
                running += [(name, address) for address in _addresses(service)]
    hosts_file.put(OWNER, service_names(running))


def _addresses(service: dict[str, str]) -> list[str]:
    group = f"service:{service['serviceName']}"
    tasks = [task for task in ecs._tasks.values() if task.get("group") == group and task["lastStatus"] == "RUNNING"]
    ours = [task for task in tasks if task["clusterArn"] == service["clusterArn"]]
    return [address for address in map(ecs._task_ip, ours) if address]
