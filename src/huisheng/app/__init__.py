"""The only package that knows all the others: command line, report, demo shop."""
