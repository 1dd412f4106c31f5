"""Takes templates and values in; gives text out in which every value is safe for the place where it goes."""
