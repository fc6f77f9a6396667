"""The topic of messages about jobs that failed."""

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.configuration import Configuration


class Notifications(Construct):
    """One topic for e-mail and chat: ``notify`` sends each message in both forms, and SNS chooses by protocol.

    It is encrypted with ``kmsKeyArn`` if that is configured (``infra/account_rules.py``), otherwise with the key that
    AWS manages for SNS. AWS services cannot publish with that key; here only ``notify`` publishes.
    """

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration) -> None:
        super().__init__(scope, name)
        key = kms.Alias.from_alias_name(self, "Key", "alias/aws/sns")
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, master_key=key)
        if configuration.notify_email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(configuration.notify_email))
