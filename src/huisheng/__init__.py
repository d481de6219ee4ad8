"""回声 Huisheng: what a shop's buyers say comes back as a better service."""
