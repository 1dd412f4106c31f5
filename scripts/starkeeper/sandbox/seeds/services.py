"""Slack and PagerDuty beside the desk: its people and channels, who is on call, and what is going on."""

from __future__ import annotations

import datetime as dt

from starkeeper.sandbox.world import World

SLACK_TOKEN, PAGERDUTY_TOKEN, PAGERDUTY_FROM = "xoxb-sandbox-token", "sandbox-pagerduty-key", "starkeeper@example.com"
SLACK_BOT = "starkeeper"
# Policies name people by these ids.
SLACK_USERS = {
    "aoi": ("UAOI00001", "Aoi Nishi"),
    "emil": ("UEMIL0001", "Emil Brandt"),
    "amber": ("UAMBER001", "Amber Vale"),
    "hana": ("UHANA0001", "Hana Mori"),
    "kim": ("UKIM00001", "Kim Tal"),
    "ade": ("UADE00001", "Ade Bello"),
    "rosa": ("UROSA0001", "Rosa Duarte"),
    "ivy": ("UIVY00001", "Ivy Stone"),
    "dana": ("UDANA0001", "Dana Frost"),
    "lee": ("ULEE00001", "Lee Okafor"),
}
SLACK_CHANNELS = {
    "support_ticket-attention-requests": "CSTAR0001",
    "support_leadership": "CLEAD0001",
    "support_self-managed": "CSELFMAN1",
    "support_gitlab-com": "CGITLAB01",
    "support_licensing-subscription": "CLICENSE1",
    "random": "CRANDOM01",
}
# The hours of policies/desk.yml, in UTC.
SCHEDULES = {
    "Support Manager - APAC": ("PSMAPAC", "aoi", "00:00", "08:00"),
    "Support Manager - EMEA": ("PSMEMEA", "emil", "08:00", "16:00"),
    "Support Manager - AMER": ("PSMAMER", "amber", "16:00", "00:00"),
}
SMOC, EMERGENCY_SERVICE, POOL = "Support Manager On-call", "Customer Emergencies", "Backup Pool"
SERVICES = {SMOC: "PSVSMOC", EMERGENCY_SERVICE: "PSVEMER", POOL: "PSVPOOL"}


def seed_services(world: World, now: dt.datetime) -> None:
    """Fills the world's Slack and PagerDuty as they might be at `now`, and sets a token of each."""
    with world.lock:
        _fill_slack(world, now)
        _fill_pagerduty(world, now)


def _fill_slack(world: World, now: dt.datetime) -> None:
    slack = world.slack
    slack.add_user(SLACK_BOT, "Starkeeper", is_bot=True, id="USTARKPR1")
    for name, (id, real_name) in SLACK_USERS.items():
        slack.add_user(name, real_name, id=id)
    for name, id in SLACK_CHANNELS.items():
        slack.add_channel(name, [*SLACK_USERS, *([] if name == "random" else [SLACK_BOT])], id=id)
    slack.add_token(SLACK_TOKEN, SLACK_BOT)
    asked = slack.post(
        "support_self-managed", "lee", "Has anyone seen Geo lag after 18.6?", at=now - dt.timedelta(minutes=50)
    )
    slack.post(
        "support_self-managed", "kim", "Yes, I have a ticket open for it.", asked, at=now - dt.timedelta(hours=0.7)
    )
    slack.react("support_self-managed", asked, "kim", "eyes")
    slack.post("random", "rosa", "Good morning from New York :coffee:", at=now - dt.timedelta(hours=2))


def _fill_pagerduty(world: World, now: dt.datetime) -> None:
    account = world.pagerduty
    account.add_token(PAGERDUTY_TOKEN)
    account.add_user("Starkeeper", email=PAGERDUTY_FROM, id="PUSTARK")
    for name, (_, real_name) in SLACK_USERS.items():
        account.add_user(real_name, email=f"{name}@example.com", id=f"PU{name.upper():0<5}")
    for name, (id, *shift) in SCHEDULES.items():
        account.add_schedule(name, [(shift[0], shift[1], shift[2])], policy=None, id=id)
    account.add_policy(SMOC, [list(SCHEDULES), ["ivy"]], id="PEPSMOC")
    account.add_policy(POOL, [["kim", "ade"], ["hana"]], id="PEPPOOL")
    for name, id in SERVICES.items():
        account.add_service(name, POOL if name == POOL else SMOC, id=id)
    older = account.trigger(EMERGENCY_SERVICE, "Emergency - ZD#219001", at=now - dt.timedelta(hours=3.5), id="PINC001")
    account.acknowledge(older, at=now - dt.timedelta(hours=3.4))
    account.trigger(EMERGENCY_SERVICE, "Emergency - ZD#219014", at=now - dt.timedelta(minutes=18), id="PINC002")
