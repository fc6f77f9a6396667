"""The CDK app, which ``cdk deploy`` runs. Its settings are in ``infra/configuration.py``."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "lambdas"))

try:
    import aws_cdk as cdk
    from cdk_nag import AwsSolutionsChecks
except ModuleNotFoundError as missing:
    sys.exit(f"Jobview: the package {missing.name} is not installed here; `make setup` brings it")

from infra.bundle import BundleError, bundle, code
from infra.configuration import ConfigurationError
from infra.context import load
from infra.limits import check
from infra.member import STACK as MEMBER
from infra.member import MemberStack
from infra.runtime import files
from infra.stack import JobviewStack
from jobview import catalogue


def main() -> None:
    """Synthesise the stacks. A problem with the configuration or this machine ends it with one clear message."""
    app = cdk.App()
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    retired = {name: family.retired is not None for name, family in catalogue.FAMILIES.items()}
    try:
        configuration = load(
            app.node.get_all_context(),
            catalogue=retired,
            home={
                "account": os.environ.get("CDK_DEFAULT_ACCOUNT"),
                "region": os.environ.get("CDK_DEFAULT_REGION"),
            },
        )
        families = catalogue.enabled(configuration.enabled_families(retired))
        JobviewStack(
            app,
            configuration=configuration,
            families=families,
            code=code(bundle(configuration, catalogue.clients(), files=files(configuration, families))),
        )
        if configuration.members:
            MemberStack(app, families=families, configuration=configuration)
        for stack in app.synth().stacks:
            text = Path(stack.template_full_path).read_text(encoding="utf-8")
            for asked in check(
                stack.stack_name, json.loads(text), size=len(text.encode()), bucket=stack.stack_name != MEMBER
            ):
                print(f"Jobview: {asked}", file=sys.stderr)
    except (ConfigurationError, BundleError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
