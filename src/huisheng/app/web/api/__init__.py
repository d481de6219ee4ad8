"""The same as the pages, for programs: tokens, limits, and one route per thing a page does."""
