"""What all rooms share: frame, templates, headers, addresses of nothing in particular."""
