"""Validate a crate with roc-validator, without a network: the vocabulary is the one that rocrate ships.

uv run --no-project --with roc-validator --with rocrate tests/validate_crate.py FOLDER
"""

import sys
from importlib.resources import files

from requests import Response
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.services import validate
from rocrate_validator.utils.http import HttpRequester

# Terms that RO-Crate 1.1 names otherwise than the version that rocrate ships.
RENAMED = {
    "https://bioschemas.org/terms/input": "https://bioschemas.org/ComputationalWorkflow#input",
    "https://bioschemas.org/terms/output": "https://bioschemas.org/ComputationalWorkflow#output",
    "https://bioschemas.org/terms/": "https://bioschemas.org/",
}


def vocabulary(_, url: str, **options) -> Response:
    """What the network would answer: the terms of RO-Crate 1.1."""
    assert url == "https://w3id.org/ro/crate/1.1/context"
    response = Response()
    terms = files("rocrate").joinpath("data/ro-crate.jsonld").read_text()
    for new, old in RENAMED.items():
        terms = terms.replace(new, old)
    response.status_code, response._content = 200, terms.encode()
    response.headers["Content-Type"] = "application/ld+json"
    return response


HttpRequester.get = vocabulary
settings = ValidationSettings(
    rocrate_uri=sys.argv[1],
    profile_identifier="workflow-run-crate",
    requirement_severity=Severity.REQUIRED,
    skip_availability_check=True,
)
result = validate(settings)
for issue in result.get_issues():
    print(issue.severity.name, issue.check.identifier, issue.message)
sys.exit(not result.passed())
