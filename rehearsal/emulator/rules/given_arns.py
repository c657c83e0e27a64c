"""Names the tag with which a test of templates has a secret, parameter or key that is there already, under its ARN."""

GIVEN_ARN = "rehearsal:arn"
"""CreateSecret, PutParameter and CreateKey make what has this tag under the ARN in it, the first two in its region
and account. AWS knows no such tag: it chooses the end of a secret's ARN itself, and nobody makes a secret of another
account."""
