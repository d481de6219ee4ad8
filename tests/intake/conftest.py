import pytest

from huisheng.lake import create_workspace
from tests.intake.importing import Desk


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    return Desk(create_workspace(tmp_path / "workspace"), folder)
