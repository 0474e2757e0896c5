"""What version 0.1.0 of the shop has written into Redis, to the letter.

Never change a line of it: this is what the next version finds. What a later version writes
otherwise gets a file of its own.
"""

WRITTEN_AT = 1795424735
"""The unix second at which it was written; tests shift every moment to their own present."""

REPORT = "y9KNdyYZQhlNXvnR"

QUEUED = (
    '{"id":"y9KNdyYZQhlNXvnR","kind":"open-holds","state":"queued","created_at":1795424735.2411559,'
    '"timezone":"UTC","started_at":null,"finished_at":null,"window_start":null,"window_end":null,'
    '"version":null,"api_version":null,"progress":0.0,"seconds_left":null,"waits_for_stripe":false,'
    '"rows":0,"calls":0,"holder":null,"taken":0,"summary":null,"files":[],"error":null}'
)
"""`ipsum:<account>:report:<id>`"""

RUNNING = (
    '{"id":"y9KNdyYZQhlNXvnR","kind":"open-holds","state":"running","created_at":1795424735.2411559,'
    '"timezone":"UTC","started_at":1795424735.331564,"finished_at":null,"window_start":1795295135,'
    '"window_end":1795424735,"version":"open-holds.1","api_version":"2026-10-28.endive",'
    '"progress":0.0,"seconds_left":null,"waits_for_stripe":false,"rows":100,"calls":1,'
    '"holder":"5de3dd79c9f3f892","taken":1,"summary":null,"files":[],"error":null}'
)

READY = (
    '{"id":"y9KNdyYZQhlNXvnR","kind":"open-holds","state":"ready","created_at":1795424735.2411559,'
    '"timezone":"UTC","started_at":1795424735.331564,"finished_at":1795424740.2074485,'
    '"window_start":1795295135,"window_end":1795424735,"version":"open-holds.1",'
    '"api_version":"2026-10-28.endive","progress":1.0,"seconds_left":null,"waits_for_stripe":false,'
    '"rows":148,"calls":2,"holder":null,"taken":1,"summary":{"held_total":236600,"currency":"usd",'
    '"holds":30,"figures":[{"name":"held_total","label":"Held","amount":236600,"currency":"usd",'
    '"role":"other"},{"name":"holds","label":"Open holds","count":30}],"checks":[],"notes":[],'
    '"window":{"from":"2026-11-21T21:05:35+00:00","to":"2026-11-23T09:05:35+00:00",'
    '"timezone":"UTC","from_local":"2026-11-21T21:05:35+00:00",'
    '"to_local":"2026-11-23T09:05:35+00:00"}},"files":[{"format":"csv",'
    '"name":"open-holds_20261121T210535Z_20261123T090535Z.csv","bytes":7339,'
    '"sha256":"5cd9e0649bee36f9d6a0198fc1b0ebce59126260c920a7c715ddc68722c4e666"}],"error":null}'
)

DETAILS = (
    '{"summary":{"held_total":236600,"currency":"usd","holds":30,"figures":[{"name":"held_total",'
    '"label":"Held","amount":236600,"currency":"usd","role":"other"}],"checks":[],"tables":[{'
    '"name":"expires_tomorrow","title":"Expires: tomorrow","currency":null,"columns":[{'
    '"name":"amount","title":"Held","kind":"money"}],"rows":[[8400]]}],"notes":[]},"preview":{'
    '"columns":[{"name":"expires","title":"Expires","kind":"text"}],"rows":[["tomorrow"]]},'
    '"answer":null}'
)
"""`ipsum:<account>:report-details:<id>`"""

JOB = {
    "created_at": "2026-11-23T09:05:35.246361Z",
    "data": '["jobs.run_report.run_report", null, ["y9KNdyYZQhlNXvnR"], {}]',
    "success_callback_name": "",
    "failure_callback_name": "",
    "stopped_callback_name": "",
    "started_at": "",
    "ended_at": "",
    "last_heartbeat": "",
    "worker_name": "",
    "group_id": "",
    "origin": "reports",
    "description": "jobs.run_report.run_report('y9KNdyYZQhlNXvnR')",
    "enqueued_at": "2026-11-23T09:05:35.249755Z",
    "timeout": "21600",
    "result_ttl": "60",
    "failure_ttl": "604800",
    "status": "queued",
}
"""`rq:job:<report>-reports`; its data is compressed by zlib."""

EVENT_JOB = JOB | {
    "data": '["jobs.handle_event.handle_event", null, ["EVENT"], {}]',
    "origin": "events",
    "description": "jobs.handle_event.handle_event('EVENT')",
    "timeout": "300",
    "retries_left": "5",
    "retry_intervals": "[10, 60, 600, 3600, 14400]",
}
"""The id of the event takes the place of EVENT."""

JOBS = (
    ("jobs.run_report.run_report", "reports"),
    ("jobs.run_report.run_report", "answers"),
    ("jobs.handle_event.handle_event", "events"),
    ("jobs.rebuild_lesson_book.rebuild_lesson_book", "reports"),
    ("jobs.send_letters.send_letters", "events"),
    ("jobs.send_account_link.send_account_link", "events"),
    ("jobs.nightly.nightly", "reports"),
    ("jobs.look_at_holds.look_at_holds", "reports"),
)
"""The paths of all jobs that may wait, and the queues they wait in."""
