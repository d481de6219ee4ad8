"""Which shop a command means."""

from collections.abc import Sequence

from huisheng.errors import BadInputError
from huisheng.metrics import MetricValue


def one_shop(values: Sequence[MetricValue], shop: str | None) -> MetricValue:
    """Return the value of the shop named, or of the only one there is.

    Raises:
        BadInputError: there is no such shop, or there are several and none was named.
    """
    chosen = [value for value in values if shop in (None, value.shop_id)]
    if len(chosen) == 1:
        return chosen[0]
    known = "、".join(value.shop_id for value in values) or "（还没有）"
    problem = "工作区里有多个店铺" if chosen else f"没有店铺「{shop}」"
    raise BadInputError("--shop", problem, f"请用 --shop 指定其中之一：{known}")
