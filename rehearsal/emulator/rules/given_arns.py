"""Names the tag with which a test of templates has a secret or parameter that is there already, under its own ARN."""

GIVEN_ARN = "rehearsal:arn"
"""CreateSecret and PutParameter make what has this tag under the ARN in it, in its region and account. AWS knows no
such tag: it chooses the end of a secret's ARN itself, and nobody makes a secret of another account."""
