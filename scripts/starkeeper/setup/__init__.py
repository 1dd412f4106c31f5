"""What a GitLab needs for this desk: taken from the policies, compared with what is there, and who must do the rest."""
