"""The topic of messages about jobs that failed."""

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.configuration import Configuration


class Notifications(Construct):
    """One topic for e-mail and chat: ``notify`` sends each message in both forms, and SNS picks by protocol.

    Encrypted with ``kmsKeyArn`` where it is configured (``infra/account_rules.py``), else with the key that AWS manages
    for SNS, which every principal of the account that may publish can use: only ``notify`` publishes, and no AWS
    service does.
    """

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration) -> None:
        super().__init__(scope, name)
        key = kms.Alias.from_alias_name(self, "Key", "alias/aws/sns")
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, master_key=key)
        if configuration.notify_email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(configuration.notify_email))
