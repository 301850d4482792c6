"""Makes the binding from ``api.xml``: ``python3 -m generator ../../api/api.xml``."""
