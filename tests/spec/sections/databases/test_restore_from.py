"""What a snapshot, a dump and their secrets are called is looked at before AWS is asked."""

import pytest

from tests.spec.minimal import minimal, refused

SEED = "arn:aws:secretsmanager:us-west-2:123456789012:secret:FernetSeed-AbCdEf"


@pytest.mark.parametrize("name", ["two--hyphens", "ends-", "1st", "with space"])
def test_what_is_no_name_of_a_snapshot_is_refused(name: str) -> None:
    """RDS names none so."""
    fault = refused(more=f"database: {{restore_from: {{snapshot: {name}, fernet_seed: {SEED}}}}}\n")
    assert "is not the name of a snapshot" in str(fault)
    assert "windsock teardown" in fault.hint


@pytest.mark.parametrize("arn", ["FernetSeed", "arn:aws:s3:::bucket"])
def test_a_secret_is_named_by_its_arn(arn: str) -> None:
    """A name alone does not say of which account."""
    fault = refused(more=f'database: {{restore_from: {{snapshot: one, fernet_seed: "{arn}"}}}}\n')
    assert "is not the ARN of a secret" in str(fault)


def test_a_snapshot_without_its_key_is_refused() -> None:
    """Connections and variables in it could be read by nobody."""
    assert "fernet_seed" in str(refused(more="database: {restore_from: {snapshot: one}}\n"))


def test_a_snapshot_of_aws_backup_is_a_snapshot() -> None:
    """RDS has it under the name that AWS Backup gave it."""
    name = "awsbackup:job-01234567-89ab-cdef-0123-456789abcdef"
    database = minimal(more=f'database: {{restore_from: {{snapshot: "{name}", fernet_seed: {SEED}}}}}\n').database
    assert database.restored_snapshots == (name,)


DUMP = "dump: old/airflow.sql.gz, fernet_key: demo/fernet-key"


def test_a_dump_of_either_kind_of_database_has_its_key() -> None:
    """It has no part in snapshots and in what belongs to them."""
    rds = minimal(more=f'database: {{version: "15", restore_from: {{{DUMP}}}}}\n').database
    container = minimal(more=f'database: {{kind: container, version: "15", restore_from: {{{DUMP}}}}}\n').database
    for database in (rds, container):
        assert database.dump is not None
        assert (database.dump.dump, database.dump.fernet_key) == ("old/airflow.sql.gz", "demo/fernet-key")
        assert (database.restored_snapshots, database.restored_secrets, database.generation) == ((), {}, 1)
    assert minimal().database.dump is None


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ("restore_from: {}", "dump is missing"),
        ("restore_from: {fernet_key: demo/fernet-key}", "dump is missing"),
        (f"restore_from: {{{DUMP}, generation: 2}}", "belongs to a snapshot"),
        (f"restore_from: {{{DUMP}, fernet_seed: {SEED}}}", "belongs to a snapshot"),
        (f"restore_from: {{{DUMP}, snapshot: one}}", "a dump or with what AWS keeps"),
        ("restore_from: {dump: /srv/airflow.sql}", "is not relative"),
        ("kind: container, restore_from: {}", "dump is missing"),
        (f"kind: container, storage: ephemeral, restore_from: {{{DUMP}}}", "would be empty again"),
        (f"kind: container, engine: mysql, restore_from: {{{DUMP}}}", "is of PostgreSQL"),
    ],
)
def test_a_dump_that_could_not_be_read_is_refused(section: str, why: str) -> None:
    """A database begins with one thing, and keeps it."""
    version = "8.0" if "mysql" in section else "15"
    assert why in str(refused(more=f'database: {{version: "{version}", {section}}}\n'))


BACKUPS = 'instance: db-ABCDEFGH12345678, time: "2026-11-29T07:30:00Z"'


def test_a_moment_of_backups_is_named_with_their_instance() -> None:
    """A new environment needs the key that connections there are encrypted with, like one of a snapshot."""
    database = minimal(more=f"database: {{restore_from: {{{BACKUPS}, generation: 2}}}}\n").database
    assert (database.is_restored, database.restored_snapshots, database.dump) == (True, (), None)
    assert "fernet_seed" in str(refused(more=f"database: {{restore_from: {{{BACKUPS}}}}}\n"))
    assert not minimal().database.is_restored


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ('time: "2026-11-29T07:30:00Z"', "instance is missing"),
        ("instance: db-ABCDEFGH12345678", "time is missing"),
        (f"snapshot: one, {BACKUPS}", "a snapshot or with backups"),
        (f"dump: airflow.sql, {BACKUPS}", "a dump or with what AWS keeps"),
        (BACKUPS.replace("db-ABCDEFGH12345678", "demo-database-instance"), "is not the resource id"),
        (BACKUPS.replace("07:30:00Z", "07:30:00+01:00"), "is not a moment in UTC"),
        (BACKUPS.replace("07:30", "25:30"), "is not a moment in UTC"),
        (BACKUPS.replace("T07:30:00Z", ""), "is not a moment in UTC"),
    ],
)
def test_backups_that_rds_could_not_find_are_refused(section: str, why: str) -> None:
    """Of a present instance and of the former one alike."""
    assert why in str(refused(more=f"database: {{restore_from: {{{section}, generation: 2}}}}\n"))
    if "dump" not in section:
        more = f"database: {{restore_from: {{snapshot: two, generation: 3}}, former: {{{section}}}}}\n"
        assert why in str(refused(more=more))
