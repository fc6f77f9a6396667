from local.checks.audit import Finding, of_node, of_python, said
from local.checks.branches import share

VULNERABLE = {
    "dependencies": [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "broken", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]},
        {"name": "unknown", "skip_reason": "Dependency not found"},
    ]
}


def test_vulnerable_and_unaudited_packages_are_reported_separately() -> None:
    finding = of_python(VULNERABLE)
    assert finding == Finding(audited=2, skipped=1, vulnerable=["broken 2.0: PYSEC-1 (mended in 2.1)"])
    assert said({"dev.txt": finding}) == [
        "audit: dev.txt: 2 packages, 1 known vulnerabilities",
        "audit: dev.txt: 1 packages are not known to the vulnerability database",
        "audit: dev.txt: VULNERABLE broken 2.0: PYSEC-1 (mended in 2.1)",
    ]


def test_a_database_that_knows_nothing_is_no_clean_bill() -> None:
    nothing = of_python({"dependencies": [{"name": "unknown", "skip_reason": "Dependency not found"}]})
    assert said({"dev.txt": nothing, "package-lock.json": of_node({"message": "405"})}) == [
        "audit: NOT AUDITED, as the vulnerability database cannot be reached: dev.txt, package-lock.json"
    ]


def test_node_packages() -> None:
    report = {"vulnerabilities": {"left": {"severity": "high"}}, "metadata": {"dependencies": {"total": 3}}}
    assert of_node(report) == Finding(audited=3, skipped=0, vulnerable=["left: high"])


def test_branches_are_counted_without_statements() -> None:
    report = {"totals": {"percent_covered": 99.0, "covered_branches": 9, "num_branches": 12}}
    assert share(report) == 75.0
