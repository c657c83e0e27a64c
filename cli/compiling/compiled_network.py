"""A network that was compiled from its YAML, and the place of its template for review."""

from dataclasses import dataclass
from pathlib import Path

from cli.compiling.templates_folder import templates_folder
from compiler.compile import compile_network
from compiler.model.template_set import TemplateSet
from spec.reading.load import load_network
from spec.sections.networks.shared_network import SharedNetwork


@dataclass(frozen=True)
class CompiledNetwork:
    """A network, the file it came from, and its templates."""

    path: Path
    network: SharedNetwork
    templates: TemplateSet

    @property
    def region(self) -> str:
        """Where the templates are deployed."""
        return self.network.aws.region

    @property
    def templates_folder(self) -> Path:
        """The folder with the reviewed template of this network."""
        return templates_folder(self.path, self.network.name)


def compile_network_yaml(path: Path) -> CompiledNetwork:
    """Load and compile the YAML of a network; raises `SpecRefusal` with every mistake in it."""
    network = load_network(path)
    return CompiledNetwork(path, network, compile_network(network))
