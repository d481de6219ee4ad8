"""Candidate: `huisheng label`, JSON lines in and JSON lines out."""

import sys

from benchmarks.labelling_timing import FIRST, Job, time_files
from huisheng.app.cli.language import label
from huisheng.language import load_model


def main() -> None:
    """Answer the JSON lines of a job."""
    job = Job.of(sys.argv)
    load_model().label([FIRST]).as_json(0)
    time_files(job, lambda: label(in_=job.messages, out=job.out))


if __name__ == "__main__":
    main()
