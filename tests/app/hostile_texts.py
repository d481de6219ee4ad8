"""Texts that break out of a page or a sheet which does not escape."""

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]></style></title><b>",
    "' onload='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;i&gt;&#60;",
    "\u202eeliF\u0000\ud800\u001b",
)
