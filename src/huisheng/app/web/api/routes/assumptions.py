"""What holds for all shops: assumptions of metrics, and whether words may leave."""

from ninja import Router

from huisheng.app.llm import Permission
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.schemas import assumptions as shapes
from huisheng.app.web.settings import changing
from huisheng.app.web.settings.assuming import is_published, standings
from huisheng.app.web.settings.switching import allow_model, forbid_model, standing

router = Router(tags=["设置"])


@router.get("/assumptions", response=shapes.Assumptions, summary="指标假设")
def assumptions(request: Request) -> dict[str, object]:
    """List every assumption with its value and its history."""
    request.access.need(Right.CHANGE_SETTINGS)
    return {
        "published": is_published(),
        "assumptions": [
            {
                "id": one.declared.id,
                "label": one.declared.label,
                "metric": one.metric_id,
                "source": one.declared.source,
                "value": one.value,
                "default": one.declared.default,
                "least": one.declared.least,
                "most": one.declared.most,
                "version": one.version,
                "history": [
                    {
                        "at": step.at,
                        "by": step.user.name if step.user else "",
                        "value": step.value,
                        "why": step.why,
                    }
                    for step in one.history
                ],
            }
            for one in standings()
        ],
    }


@router.put(
    "/assumptions/{assumption_id}", response=shapes.AssumptionKept, summary="改一个指标假设"
)
def assume(
    request: Request, assumption_id: str, given: shapes.AssumptionGiven
) -> dict[str, object]:
    """Change one assumption, or return to its default, for every shop."""
    problem = changing.change_assumption(
        request, assumption_id, given.value, given.why.strip(), seen=given.version
    )
    return {"version": given.version + 1, "published": not problem, "problem": problem}


@router.post("/assumptions", response=shapes.Published, summary="把指标假设再写入一次")
def publish(request: Request) -> dict[str, object]:
    """Publish once more what is assumed."""
    problem = changing.publish_again(request)
    return {"published": not problem, "problem": problem}


@router.get("/language-model", response=shapes.LanguageModelShown, summary="是否允许用语言模型")
def language_model(request: Request) -> dict[str, object]:
    """Say whether words may go to a language model."""
    request.access.need(Right.CHANGE_SETTINGS)
    return _switch()


@router.put(
    "/language-model", response=shapes.LanguageModelShown, summary="允许或关闭语言模型，限店主"
)
def switch_language_model(request: Request, given: shapes.LanguageModelGiven) -> dict[str, object]:
    """Allow or forbid it; only who owns all shops may."""
    why = given.why.strip()
    if given.switch == "off":
        forbid_model(request, why, given.version)
    else:
        permission = Permission(
            given.endpoint, given.model, given.daily_requests, given.daily_tokens
        )
        allow_model(request, permission, why, given.version)
    return _switch()


def _switch() -> dict[str, object]:
    now = standing()
    held, spent = now.switch, now.spent
    return {
        "on": held.on,
        "endpoint": held.endpoint,
        "model": held.model,
        "daily_requests": held.daily_requests,
        "daily_tokens": held.daily_tokens,
        "requests_today": spent.requests,
        "tokens_today": spent.tokens,
        "obstacles": list(now.obstacles),
        "problem": spent.problem,
        "why": held.why,
        "at": held.at,
        "by": held.user.name if held.user else "",
        "version": held.version,
    }
