"""Tables as files: who may take what along, and whose second pair of eyes it needs."""
