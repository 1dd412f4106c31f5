"""The desk's page: trackers and channels of the world side by side, live, and a person at it who plays along."""
