"""A made-up merchant with real rhythms and known stuck points, as files to import."""

from huisheng.app.demo.generator import Demo, Shop, generate
from huisheng.app.demo.planted import Planted

__all__ = ["Demo", "Planted", "Shop", "generate"]
