"""Three verifiers on credentials: openbadgeslib in this process, two npm packages in one run of node.

`@digitalbazaar/vc` and `@digitalcredentials/verifier-core` share ancestors; openbadgeslib has none in common with
them. Nothing is fetched: each gets a small web of addresses and documents and refuses everything else. openbadgeslib
reads signed status lists as JWT only, so it believes the list, and the other two check its proof.
"""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from tests.interop.judges.component import absent, program, run

Document = Mapping[str, Any]
NODE = Path(__file__).parents[1] / "node"
SCHEMA = Path(__file__).parents[2] / "vectors/credential/ob_v3p0_achievementcredential_schema.json"
PYTHON_JUDGE = "openbadgeslib"
_STATUS_IS_SET = "Credential status 'revocation' is set"


@dataclass(frozen=True)
class Case:
    """A credential and what the web holds when it is judged."""

    credential: Document
    web: Mapping[str, Document] = field(default_factory=dict)


@dataclass(frozen=True)
class Opinion:
    """What one verifier says; *revoked* is None where it came to no answer, *schema* where it has no schema."""

    verified: bool
    revoked: bool | None
    error: str
    schema: list[str] | None = None

    @property
    def accepted(self) -> bool:
        """Say whether a relying party would take the credential."""
        return self.verified and self.revoked is False


def judge(cases: Mapping[str, Case]) -> Mapping[str, Mapping[str, Opinion]]:
    """Return, for each case, what each verifier says."""
    opinions: dict[str, dict[str, Opinion]] = _by_node(cases)
    for label, case in cases.items():
        opinions[label][PYTHON_JUDGE] = _by_openbadgeslib(case)
    return opinions


def _by_node(cases: Mapping[str, Case]) -> dict[str, dict[str, Opinion]]:
    node = program("node", "nodejs")
    if not (NODE / "node_modules").is_dir():
        absent("The verifiers from npm are not installed (`make judges` installs them)")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    asked = {
        "world": {schema["$id"]: schema},
        "cases": {label: {"credential": case.credential, "world": case.web} for label, case in cases.items()},
    }
    done = run(node, NODE / "verify.mjs", stdin=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    return {label: {name: Opinion(**said) for name, said in by.items()} for label, by in answers.items()}


def _by_openbadgeslib(case: Case) -> Opinion:
    def download(address: str) -> bytes:
        return json.dumps(case.web[address]).encode()

    issuer = case.credential["issuer"]["id"]
    verifier = OB3LdpVerifier.for_issuer_did(issuer)
    document = copy.deepcopy(dict(case.credential))
    try:
        verifier.verify(document, check_status=True, download=download, verify_status_list=False)
    except OB3VerificationError as error:
        revoked = True if _STATUS_IS_SET in str(error) else None
        return Opinion(verified=bool(revoked), revoked=revoked, error=str(error))
    return Opinion(verified=True, revoked=False, error="")
