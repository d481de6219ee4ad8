"""仅退款自主完结时长: application to finish of refunds without return, no platform (W50)."""

from huisheng.metrics.shapes.finish_hours import finish_hours

METRIC = finish_hours(
    label="仅退款自主完结时长",
    question="没有小二介入的仅退款，从申请到完结要多少小时？",
    refund_type="refund_only",
)
