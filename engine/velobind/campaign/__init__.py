"""Campaigns: templates and contexts in, messages and failure records out."""

from velobind.campaign.bulk import Campaign, Reason
from velobind.campaign.message import Failure, Message
from velobind.campaign.triggered import triggered_each

__all__ = ["Campaign", "Failure", "Message", "Reason", "triggered_each"]
