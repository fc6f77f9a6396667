"""What ``make test`` checks beside the tests: known vulnerabilities, and the share of branches that tests take."""
