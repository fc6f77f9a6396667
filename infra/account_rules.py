"""Rules that an organisation has for its accounts: a path and a boundary for roles, and an encryption key for storage.

They are applied to the finished template, resource by resource. So they reach every resource, also one that is added
later and one that the CDK makes by itself.
"""

from collections.abc import Mapping
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from infra.configuration import Configuration

KEY_ACTIONS: Final = (
    *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
    *("kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
)
"""The actions on the key that a role needs to use a service that encrypts with it."""

KEY_SERVICES: Final = ("dynamodb", "s3", "sns", "sqs")
"""Services that use the key with their caller's permissions. CloudWatch Logs needs the key's own policy instead."""


def apply(stack: cdk.Stack, configuration: Configuration) -> None:
    """Apply the configured role path, permissions boundary and key to every resource of a finished stack."""
    key = configuration.kms_key_arn
    for resource in _resources(stack):
        if resource.cfn_resource_type == "AWS::IAM::Role":
            if configuration.role_path != "/":
                resource.add_property_override("Path", configuration.role_path)
            if configuration.permissions_boundary_arn is not None:
                resource.add_property_override("PermissionsBoundary", configuration.permissions_boundary_arn)
            if key is not None:
                _let_use(stack, resource, key)
        elif key is not None:
            for name, value in _encrypted(resource.cfn_resource_type, key).items():
                if value is None:
                    resource.add_property_deletion_override(name)
                else:
                    resource.add_property_override(name, value)


def _encrypted(kind: str, key: str) -> Mapping[str, Any]:
    """Return the properties that encrypt a type of resource with the key; ``None`` removes a property."""
    match kind:
        case "AWS::DynamoDB::Table":
            return {"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}}
        case "AWS::Logs::LogGroup":
            return {"KmsKeyId": key}
        case "AWS::S3::Bucket":
            by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
            rule = {"ServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}
            return {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}}
        case "AWS::SNS::Topic":
            return {"KmsMasterKeyId": key}
        case "AWS::SQS::Queue":
            return {"SqsManagedSseEnabled": None, "KmsMasterKeyId": key}
    return {}


def _let_use(stack: cdk.Stack, role: cdk.CfnResource, key: str) -> None:
    """Let a role use the key, but only through the services that its own policies name."""
    if not isinstance(role, iam.CfnRole):
        raise TypeError(f"{role.node.path} is not an iam.CfnRole")
    policies = stack.resolve(role.policies) or []
    used = {action.partition(":")[0] for policy in policies for action in _actions(policy)}
    services = [service for service in KEY_SERVICES if service in used]
    if not services:
        return
    through = [f"{service}.{stack.region}.amazonaws.com" for service in services]
    document = iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                actions=[*KEY_ACTIONS], resources=[key], conditions={"StringEquals": {"kms:ViaService": through}}
            )
        ]
    )
    role.add_property_override(
        f"Policies.{len(policies)}", {"PolicyName": "key", "PolicyDocument": stack.resolve(document)}
    )


def _actions(policy: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for statement in policy["policyDocument"]["Statement"]:
        action = statement["Action"]
        found += [action] if isinstance(action, str) else action
    return found


def _resources(scope: IConstruct) -> list[cdk.CfnResource]:
    return [node for node in scope.node.find_all() if isinstance(node, cdk.CfnResource)]
