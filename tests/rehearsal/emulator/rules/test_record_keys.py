"""The promises of rehearsal/emulator/rules/record_keys.py."""

from rehearsal.emulator.iam.requirements import keys_of
from rehearsal.emulator.rules.record_keys import normalized, of_handler
from tests.rehearsal.emulator.iam.test_api_call import call

BODY = b"""<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>
<Change><Action>DELETE</Action><ResourceRecordSet><Name>Other.example.com.</Name><Type>A</Type>
<AliasTarget><HostedZoneId>Z1</HostedZoneId><DNSName>balancer.example.net</DNSName></AliasTarget></ResourceRecordSet></Change>
<Change><Action>CREATE</Action><ResourceRecordSet><Name>*.example.com</Name><Type>TXT</Type></ResourceRecordSet></Change>
</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"""
PREFIX = "route53:changeresourcerecordsets"


def test_a_call_tells_what_it_changes() -> None:
    """Every change of its batch counts, since a policy must allow all of them."""
    made = call("route53", "POST /2013-04-01/hostedzone/Z1/rrset/", body=BODY)
    assert made.action == "route53:ChangeResourceRecordSets"
    keys = keys_of(made)
    assert keys[f"{PREFIX}actions"] == ["CREATE", "DELETE"]
    assert keys[f"{PREFIX}recordtypes"] == ["A", "TXT"]
    assert keys[f"{PREFIX}normalizedrecordnames"] == ["\\052.example.com", "other.example.com"]


def test_names_are_compared_as_route_53_spells_them() -> None:
    """In small letters, without the last dot, and with unusual characters in octal."""
    assert normalized("A_b.Example.COM.") == "a_b.example.com"
    assert normalized("*.example.com") == "\\052.example.com"


def test_the_proof_of_a_certificate_lies_below_its_domain() -> None:
    """A handler writes it where the template names the zone, and no other type writes records."""
    for domain in ("air.example.com", "*.air.example.com"):
        options = {"DomainValidationOptions": [{"DomainName": domain, "HostedZoneId": "Z1"}]}
        keys = of_handler("AWS::CertificateManager::Certificate", "create", options)
        assert keys[f"{PREFIX}normalizedrecordnames"] == ["_proof.air.example.com"]
    assert of_handler("AWS::ECS::Service", "create", {}) == {}
