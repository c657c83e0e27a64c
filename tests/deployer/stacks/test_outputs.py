"""The outputs of a root stack reach the deployer by process, in the spelling of the YAML."""

from tests.deployer.fakes.environment import World, outputs_of


def test_services_are_known_by_process() -> None:
    """The service of a database in a container stands apart: it starts before the others and stops after them."""
    read = outputs_of(World(), DagProcessorService="processor", DatabaseService="database")
    assert read.services["dag_processor"] == "processor"
    assert "database" not in read.services
    assert read.all_services["database"] == read.database_service == "database"
