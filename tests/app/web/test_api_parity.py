"""What pages do, programs can do: every address of a page names its operation, or why it has none.

A new page fails here until somebody decides which of the two it is.
"""

DOOR = "signing in is what pages have instead of tokens"
SECRET = "whoever gives a password or a second factor can sign in, and holds more than a token"
TOKENS = "a token that makes tokens could not be stopped"
ROBOT = "the address of a group's robot is a secret, and stays with what is set beside it"
FOR_PEOPLE = "a form, a file to fill in or a picture for people; programs send JSON"
PART = "a part of a page that has its operation"

PAGES = {
    "overview": "GET /overview",
    "briefing": "GET /briefing",
    "scores": "POST /scores",
    "promotion": "GET /promotion",
    "first-visit": DOOR,
    "sign-in": DOOR,
    "sign-out": DOOR,
    "password": SECRET,
    "people": "GET /people",
    "person-new": "POST /people",
    "people-import": "POST /people/import",
    "people-import-confirm": "POST /people/import",
    "people-template": FOR_PEOPLE,
    "person": "PUT /people/{user_id}",
    "person-active": "POST /people/{user_id}/active",
    "person-password": SECRET,
    "person-sign-out": "POST /people/{user_id}/sign-out",
    "person-factor": SECRET,
    "account": DOOR,
    "account-elsewhere": DOOR,
    "account-factor": SECRET,
    "account-factor-start": SECRET,
    "account-factor-off": SECRET,
    "account-codes": SECRET,
    "voices": "GET /voices/rankings",
    "terms": "GET /voices/terms",
    "words": "GET /voices/words",
    "conversation": "GET /voices/conversation",
    "record": "GET /voices/record",
    "labels": "GET /voices/agreement",
    "label-line": "GET /voices/line",
    "judge-line": "POST /voices/judgements",
    "measures": "GET /metrics",
    "measure": "GET /metrics/{metric_id}/value",
    "measure-records": "GET /metrics/{metric_id}/cases",
    "measure-record": "GET /metrics/{metric_id}/explain",
    "findings": "GET /findings",
    "finding": "GET /findings/{finding_id}",
    "finding-decide": "POST /findings/{finding_id}/decisions",
    "exports": "GET /exports",
    "export": "POST /exports",
    "export-decide": "POST /exports/{request_id}/decision",
    "export-file": "GET /exports/{request_id}/file",
    "data": "GET /data/missing",
    "data-upload": "POST /data/uploads",
    "data-blanks": "GET /data/tables",
    "data-blank": FOR_PEOPLE,
    "data-coverage": "GET /data/coverage",
    "data-history": "GET /data/imports",
    "data-undo": "POST /data/imports/{mark}/undo",
    "data-watched": "POST /data/folders",
    "data-watched-stop": "POST /data/folders/{folder_id}/stop",
    "data-analyze": "POST /analyses",
    "data-job": "GET /jobs/{job_id}",
    "data-job-progress": PART,
    "data-job-cancel": "POST /jobs/{job_id}/cancel",
    "data-job-again": "POST /jobs/{job_id}/repeat",
    "data-columns": "PUT /jobs/{job_id}/mapping",
    "data-quarantine": "GET /data/quarantine",
    "data-rejected": "GET /data/quarantine/{mark}",
    "data-rejected-csv": "GET /data/quarantine/{mark}/file",
    "data-corrected": "POST /data/quarantine/{mark}/corrected",
    "digest": "PUT /settings/digest",
    "digest-try": "POST /settings/digest/try",
    "channels": "GET /settings/channels",
    "channel-new": ROBOT,
    "channel": ROBOT,
    "channel-try": "POST /settings/channels/{channel_id}/try",
    "channel-switch": "POST /settings/channels/{channel_id}/switch",
    "channel-remove": "DELETE /settings/channels/{channel_id}",
    "settings": "GET /settings/shop",
    "settings-again": "POST /settings/landing",
    "settings-campaigns": "GET /settings/campaigns",
    "settings-campaign-new": "PUT /settings/campaign",
    "settings-campaigns-again": "POST /settings/landing",
    "settings-campaign-take": "POST /settings/campaign/take",
    "settings-campaign": "PUT /settings/campaign",
    "settings-campaign-end": "POST /settings/campaign/end",
    "settings-calendar": "PUT /settings/calendar",
    "settings-calendar-forget": "POST /settings/calendar/default",
    "settings-agents": "GET /settings/agents",
    "settings-agent": "PUT /settings/agents",
    "settings-agents-take": "POST /settings/agents/take",
    "settings-agents-preview": FOR_PEOPLE,
    "settings-agents-file": "PUT /settings/agents",
    "settings-agents-template": FOR_PEOPLE,
    "settings-shifts": "PUT /settings/shifts",
    "settings-shifts-copy": "POST /settings/shifts/copy",
    "settings-shifts-preview": FOR_PEOPLE,
    "settings-shifts-file": "PUT /settings/shifts",
    "settings-shifts-template": FOR_PEOPLE,
    "settings-assumptions": "GET /settings/assumptions",
    "settings-assumptions-again": "POST /settings/assumptions",
    "settings-assumption": "PUT /settings/assumptions/{assumption_id}",
    "settings-concerns": "GET /settings/concerns",
    "settings-concern": "POST /settings/concerns",
    "settings-concern-split": "POST /settings/concerns",
    "settings-concerns-merge": "POST /settings/concerns",
    "settings-concerns-retire": "POST /settings/concerns",
    "settings-shop": "PUT /settings/shop",
    "settings-model": "PUT /settings/language-model",
    "audit": "GET /audit",
    "audit-csv": "GET /audit",
    "privacy": "GET /privacy/requests",
    "privacy-find": "POST /privacy/requests",
    "privacy-request": "GET /privacy/requests/{request_id}",
    "privacy-progress": PART,
    "privacy-export": "POST /privacy/requests/{request_id}/export",
    "privacy-erase": "POST /privacy/requests/{request_id}/erasure",
    "privacy-retention": "GET /privacy/retention",
    "privacy-retention-days": "PUT /privacy/retention",
    "privacy-retention-switch": "POST /privacy/retention/switch",
    "privacy-retention-run": "POST /privacy/retention/run",
    "api-reference": FOR_PEOPLE,
    "tokens": TOKENS,
    "token-revoke": TOKENS,
    "healthz": "machines ask it without a token",
}
REASONS = {DOOR, SECRET, TOKENS, ROBOT, FOR_PEOPLE, PART, PAGES["healthz"]}


def names(patterns):
    from django.urls import URLPattern

    for each in patterns:
        if isinstance(each, URLPattern):
            yield each.name
        elif each.namespace != "api":
            yield from names(each.url_patterns)


def operations():
    from huisheng.app.web.api.service import SERVICE

    return {
        f"{method.upper()} {address.removeprefix('/api/v1')}"
        for address, methods in SERVICE.get_openapi_schema()["paths"].items()
        for method in methods
    }


def test_every_page_has_its_operation_or_a_reason_why_not(site):
    from django.urls import get_resolver

    assert set(names(get_resolver().url_patterns)) == set(PAGES)
    assert set(PAGES.values()) - REASONS <= operations()


def test_every_right_that_an_operation_asks_for_can_be_given_to_a_token(site):
    from huisheng.app.web.accounts.roles import Right
    from huisheng.app.web.api.forms import RIGHTS

    assert set(RIGHTS) == set(Right)
