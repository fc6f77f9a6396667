"""Known vulnerabilities of everything that is locked: ``python -m local.checks.audit``.

Found ones fail. Where the database cannot be reached, or does not know the packages, one line says so and nothing
fails: a network is no property of this code. Neither does it look like a clean bill then.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKED = ("lambda", "dev", "emulator", "audit", "bootstrap")
UNREACHABLE = ("onnect", "timed out", "Max retries", "resolve")
"""Words of pip-audit's complaints about a network that is not there."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an audit says of one lock file."""

    audited: int
    skipped: int
    vulnerable: Sequence[str]


def of_python(report: Any) -> Finding:
    """Read pip-audit's report in JSON."""
    rows = report["dependencies"]
    vulnerable = [
        f"{row['name']} {row['version']}: {vulnerability['id']}"
        f" (mended in {', '.join(vulnerability['fix_versions']) or 'no version yet'})"
        for row in rows
        for vulnerability in row.get("vulns", ())
    ]
    skipped = sum("skip_reason" in row for row in rows)
    return Finding(audited=len(rows) - skipped, skipped=skipped, vulnerable=vulnerable)


def of_node(report: Any) -> Finding | None:
    """Read npm's report in JSON; None where it is none, as when the registry does not audit."""
    if "vulnerabilities" not in report:
        return None
    found = [f"{name}: {row['severity']}" for name, row in report["vulnerabilities"].items()]
    return Finding(audited=report["metadata"]["dependencies"]["total"], skipped=0, vulnerable=found)


def said(findings: Mapping[str, Finding | None]) -> list[str]:
    """Return the lines that tell a person about all lock files."""
    lines: list[str] = []
    for name, finding in findings.items():
        if finding is None or not finding.audited:
            continue
        lines.append(f"audit: {name}: {finding.audited} packages, {len(finding.vulnerable)} known vulnerabilities")
        if finding.skipped:
            lines.append(f"audit: {name}: {finding.skipped} packages are not known to the vulnerability database")
        lines += [f"audit: {name}: VULNERABLE {row}" for row in finding.vulnerable]
    missed = [name for name, finding in findings.items() if finding is None or not finding.audited]
    if missed:
        lines.append(f"audit: NOT AUDITED, as the vulnerability database cannot be reached: {', '.join(missed)}")
    return lines


def _python(name: str) -> Finding | None:
    command = [str(ROOT / ".venv-audit" / "bin" / "pip-audit"), "--requirement", f"requirements/{name}.txt"]
    command += ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.stdout.strip():
        return of_python(json.loads(done.stdout))
    if any(word in done.stderr for word in UNREACHABLE):
        return None
    raise RuntimeError(f"pip-audit failed on requirements/{name}.txt:\n{done.stderr}")


def _node() -> Finding | None:
    # What reaches npm's registry for the package may still not answer its audit: that is no JSON report then.
    done = subprocess.run(["npm", "audit", "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    return of_node(json.loads(done.stdout or "{}"))


def main() -> int:
    """Audit all; return 1 where a vulnerability is known."""
    findings = {f"requirements/{name}.txt": _python(name) for name in LOCKED}
    findings["package-lock.json"] = _node()
    print("\n".join(said(findings)), flush=True)
    return int(any(finding is not None and finding.vulnerable for finding in findings.values()))


if __name__ == "__main__":
    sys.exit(main())
