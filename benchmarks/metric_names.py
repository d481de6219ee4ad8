"""Which metrics are compared, over which window."""

METRICS = (
    "resp_3min_rate",
    "ww_avg_human_resp_sec",
    "first_resp_sec",
    "avg_resp_sec",
    "inquiry_conversion_rate",
    "first_quality_refund_rate",
    "platform_help_rate",
    "return_exchange_rate",
    "unreplied_rate",
    "transfer_human_rate",
)
"""The ten heaviest; each has its SQL in `sql/` and its pandas in `metrics_pandas`."""

WARM_UP = "gmv"
WINDOW_DAYS = 30
