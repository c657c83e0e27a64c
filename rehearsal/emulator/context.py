"""What all parts of the emulator share: settings, addresses, names, certificates, injected faults, roles of tasks."""

from dataclasses import dataclass, field

from rehearsal.emulator.iam.task_roles import TaskRoles
from rehearsal.emulator.networking.hosts_file import HostsFile
from rehearsal.emulator.networking.network import Network
from rehearsal.emulator.networking.tls import Certificates
from rehearsal.emulator.rules.fault_injection import FaultInjection
from rehearsal.emulator.rules.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Context:
    """Made once, at the start of the emulator's process, and handed to each part."""

    settings: Settings
    network: Network
    hosts_file: HostsFile
    certificates: Certificates
    faults: FaultInjection
    task_roles: TaskRoles = field(default_factory=TaskRoles)
