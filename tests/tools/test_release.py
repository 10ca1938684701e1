"""A release is cut from what the changelog has, once, and its tag is the version of what is built."""

import subprocess

import pytest

from tools.release import main, released

LOG = "# Changelog\n\n## Unreleased\n\n- new\n\n## 1.0.0 (2026-01-02)\n\n- old\n"


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.name", "Anne")
    git(tmp_path, "config", "user.email", "anne@example.org")
    (tmp_path / "CHANGELOG.md").write_text(LOG)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "begin")
    return tmp_path


def test_what_was_unreleased_becomes_the_section_of_the_version():
    assert released(LOG, "1.1.0", "2026-02-03") == (
        "# Changelog\n\n## Unreleased\n\n## 1.1.0 (2026-02-03)\n\n- new\n\n## 1.0.0 (2026-01-02)\n\n- old\n"
    )


@pytest.mark.parametrize(
    ("log", "version", "fault"),
    [
        (LOG.replace("- new\n", ""), "1.1.0", "nothing under"),
        (LOG.replace("## Unreleased", "## Next"), "1.1.0", "nothing under"),
        (LOG, "1.0.0", "already"),
    ],
)
def test_a_changelog_that_does_not_fit_is_refused(log, version, fault):
    with pytest.raises(ValueError, match=fault):
        released(log, version, "2026-02-03")


def test_a_release_is_committed_and_tagged_once(checkout):
    main("1.1.0", checkout)
    assert git(checkout, "describe", "--exact-match").strip() == "v1.1.0"
    assert "## 1.1.0 (" in (checkout / "CHANGELOG.md").read_text()
    with pytest.raises(ValueError, match="tagged already"):
        main("1.1.0", checkout)
    with pytest.raises(ValueError, match="nothing under"):
        main("1.2.0", checkout)


def test_a_release_is_not_cut_from_changes_nobody_committed(checkout):
    (checkout / "CHANGELOG.md").write_text(LOG + "\n")
    with pytest.raises(ValueError, match="commit or drop"):
        main("1.1.0", checkout)
    with pytest.raises(ValueError, match="no version"):
        main("v1", checkout)
