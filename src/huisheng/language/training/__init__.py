"""Fit, measure and write the shipped model; the only place that needs scikit-learn."""
