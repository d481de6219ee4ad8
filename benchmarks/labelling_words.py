"""Candidate: label messages with one head of fastText that reads the words of jieba."""

import sys

import jieba

from benchmarks.cutting import cut
from benchmarks.labelling_fasttext import time_fasttext
from benchmarks.labelling_timing import Job


def main() -> None:
    """Tell the sentiment of the messages of a job; its rest names the model."""
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    time_fasttext(Job.of(sys.argv), cut)


if __name__ == "__main__":
    main()
