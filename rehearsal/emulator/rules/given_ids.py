"""Names the tag with which a test of templates has a VPC or subnet that is there already, under its own id."""

GIVEN_ID = "rehearsal:id"
"""CreateVpc and CreateSubnet make what has this tag under the id in it. AWS knows no such tag: it chooses ids."""
