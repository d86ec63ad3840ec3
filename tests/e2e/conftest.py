"""The sample marathon, issued once by the real program for all tests of this folder."""

import pytest

from tests.e2e.site import Deployment, free_port


@pytest.fixture(scope="session")
def marathon(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A deployment after `certs demo --no-serve`; tests may read it, and must leave it as it is."""
    deployment = Deployment(tmp_path_factory.mktemp("marathon"), free_port())
    deployment.certs("demo", "--no-serve")
    return deployment
