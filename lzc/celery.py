"""The wake-up calls. A task holds no logic, carries ids at most: PostgreSQL knows what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lzc.settings")

app = Celery("lzc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


#: Other people's systems answer when they like: a queue of their own, and workers of their own.
app.conf.task_routes = {
    name: {"queue": "webhooks"}
    for name in ("lzc.tasks.deliver_to", "coordination.tasks.send_notices")
}


def every(seconds: int, task: str) -> dict[str, object]:
    """A sweep that nobody took before the next one is due is dropped, not queued up."""
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 5)}}


app.conf.beat_schedule = {
    "expire offers": every(5, "coordination.tasks.expire_offers"),
    "show offers": every(2, "coordination.tasks.show_offers"),
    "ask next": every(5, "coordination.tasks.ask_next"),
    "prompt desks": every(10, "coordination.tasks.prompt_desks"),
    "escalate passings": every(30, "coordination.tasks.escalate_passings"),
    "tell passings again": every(30, "coordination.tasks.tell_passings_again"),
    "notice silence": every(60, "coordination.tasks.notice_silence"),
    "release expired holds": every(15, "coordination.tasks.release_expired_holds"),
    "match waiting list": every(3, "coordination.tasks.match_waiting_list"),
    "end watches": every(30, "coordination.tasks.end_watches"),
    "write notices": every(3, "coordination.tasks.write_notices"),
    "send notices": every(5, "coordination.tasks.send_notices"),
    "drop old drafts": every(600, "coordination.tasks.drop_old_drafts"),
    "remind stale capacity": every(300, "capacity.tasks.remind_stale_capacity"),
    "escalate ignored reminders": every(300, "capacity.tasks.escalate_ignored_reminders"),
    "end shifts": every(60, "capacity.tasks.end_shifts"),
    "free planned places": every(30, "capacity.tasks.free_planned_places"),
    # At most five minutes old, the time it takes and a missed turn of beat included.
    "write outage lists": every(240, "coordination.tasks.write_outage_lists"),
    "deliver webhooks": every(5, "lzc.tasks.deliver_webhooks"),
    "tidy": every(3600, "lzc.tasks.tidy"),
}
