"""Records of the world to the JSON objects in which GitLab shows them: a module for each kind of thing."""
