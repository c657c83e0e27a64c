"""The users that a deployment creates: the first administrator, or the user of programs."""

from typing import Annotated, Literal

from pydantic import Field

from spec.section import Section

Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s']+@[^@\s']+\.[^@\s']+$", max_length=254)]
PersonName = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,64}$")]
Role = Literal["Admin", "Op", "User", "Viewer", "Public"]
"""The roles that every Airflow has."""


class Admin(Section):
    """The first user; the password is generated and kept in Secrets Manager."""

    username: Username = "airflow"
    """Login name, 1 to 64 letters, digits and `_.@-`. Default airflow."""

    email: Email = "admin@airflow.org"
    """E-mail address of the user record. Default admin@airflow.org."""

    first_name: PersonName = "Apache"
    """First name of the user record. Default Apache."""

    last_name: PersonName = "Airflow"
    """Last name of the user record. Default Airflow."""

    @property
    def role(self) -> Role:
        """What the first user may do."""
        return "Admin"


class Machine(Section):
    """The user of programs that call the REST API while people log in at an identity provider.

    Its password is generated.
    """

    username: Username = "machine"
    """Login name, 1 to 64 letters, digits and `_.@-`. Default machine."""

    email: Email = "machine@airflow.org"
    """E-mail address of the user record. Default machine@airflow.org."""

    role: Role = "Op"
    """What programs may do: Admin, Op, User, Viewer or Public. Default Op."""

    @property
    def first_name(self) -> PersonName:
        """First name of the user record."""
        return "REST"

    @property
    def last_name(self) -> PersonName:
        """Last name of the user record."""
        return "API"
