"""The records that travel through the house: frozen, plain, and free of any service's own types."""
