"""Candidate: import, mask and label with pandas, jieba and scikit-learn."""

import pickle
import re
import sys
import time
from pathlib import Path

import jieba
import pandas as pd

from benchmarks.measuring import say

ID_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
ADDRESS = re.compile(
    r"(?:[一-龥]{2,8}(?:省|自治区))?[一-龥]{2,8}(?:市|州)[一-龥]{1,8}(?:区|县|市)"
    r"[一-龥\d]{1,20}(?:路|街|道|巷|村|镇)(?:\d+号)?(?:\d+[幢栋座])?(?:\d+单元)?(?:\d+室)?"
)
MASKS = ((ID_CARD, "[证件]"), (PHONE, "[电话]"), (EMAIL, "[邮箱]"), (ADDRESS, "[地址]"))


def read(path: Path, key: str, text: str, at: str) -> pd.DataFrame:
    """Return a file stripped, parsed, masked and without repeated keys."""
    frame = pd.read_csv(path, dtype=str).drop_duplicates(key, keep="last")
    for name in frame.columns:
        frame[name] = frame[name].str.strip()
    frame[at] = pd.to_datetime(frame[at]).dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC")
    frame["local_date"] = frame[at].dt.tz_convert("Asia/Shanghai").dt.date
    for name in {"seq", "score_product"} & set(frame.columns):
        frame[name] = pd.to_numeric(frame[name])
    for name in {"is_auto_reply", "is_recalled"} & set(frame.columns):
        frame[name] = frame[name].map({"true": True, "false": False})
    masked = frame[text].fillna("")
    for pattern, stand_in in MASKS:
        masked = masked.map(lambda value, p=pattern, s=stand_in: p.sub(s, value))
    frame[text] = masked
    return frame


def main() -> None:
    """Import the folder argv[1], label with the models argv[2], write into argv[3]."""
    exports, out = Path(sys.argv[1]), Path(sys.argv[3])
    out.mkdir(parents=True)
    jieba.setLogLevel("ERROR")
    started = time.perf_counter()
    messages = read(exports / "messages.csv", "msg_id", "text", "sent_at")
    reviews = read(exports / "reviews.csv", "review_no", "content", "created_at")
    messages.to_parquet(out / "messages.parquet")
    reviews.to_parquet(out / "reviews.parquet")
    imported = time.perf_counter()
    with Path(sys.argv[2]).open("rb") as file:
        vectors, heads = pickle.load(file)
    asked = messages[
        (messages.role == "buyer")
        & (messages.type == "text")
        & (messages.text != "")
        & messages.is_recalled.ne(True)
    ]
    ids = [*asked.msg_id, *reviews.review_no]
    rows = vectors.transform([*asked.text, *reviews.content])
    labels = pd.DataFrame(
        {
            "row_id": ids,
            "positive_p": heads["sentiment"].predict_proba(rows)[:, 1],
            "emotion": heads["emotion"].predict(rows),
        }
    )
    aspects = heads["aspects"].predict(rows)
    for place in range(aspects.shape[1]):
        labels[f"aspect_{place}"] = aspects[:, place]
    labels.to_parquet(out / "labels.parquet")
    done = time.perf_counter()
    say(import_s=imported - started, label_s=done - imported, texts=len(ids))


if __name__ == "__main__":
    main()
