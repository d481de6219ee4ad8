"""Tables computed from records, one file each, shared by metrics and analyses."""
