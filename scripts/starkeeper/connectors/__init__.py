"""Services as the house knows them: each folder turns one service's answers into records, and requests into calls."""
