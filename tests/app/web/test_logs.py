"""A page that fails leaves a trace, and no personal data in it."""

import logging

from huisheng.app.web.shell.logs import Masked


def test_a_traceback_is_written_and_masked():
    try:
        raise ValueError("收件人 13812345678")
    except ValueError as error:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "views.py", 1, "出错 %s", ("/orders",), None
        )
        record.exc_info = (type(error), error, error.__traceback__)
    text = Masked().format(record)
    assert "Traceback" in text
    assert "ValueError" in text
    assert "13812345678" not in text
