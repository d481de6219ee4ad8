"""The shapes of questions and answers, one module per room of pages."""
