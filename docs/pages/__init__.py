"""One module per reference page, each with `page()`; the module's name is the page's."""
