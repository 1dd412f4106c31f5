"""A look-alike GitLab in one process: a world to fill, a server to run on it, and a page to watch it."""
