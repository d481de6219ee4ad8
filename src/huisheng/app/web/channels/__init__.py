"""通知渠道: which group robots hear of what, and how they were last reached."""
