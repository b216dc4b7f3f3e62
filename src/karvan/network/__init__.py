"""The one corridor model: entities, changes, and the arrays engines read."""
